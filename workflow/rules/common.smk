"""Validated configuration, wildcard constraints and shared input functions; no rules.

What is built follows from the lists under ``run:``. An arm is a model's state when it answers:
``vanilla``, or ``{culture}-{method}-seed{seed}`` after training.
"""

import os
import re
from itertools import product
from pathlib import Path

from snakemake.exceptions import WorkflowError

from culturalign.arms import parse_arm
from culturalign.config.load import load
from culturalign.errors import UserError
from culturalign.files.required import expected_files, missing_text
from culturalign.source_files import sources
from culturalign.models.model_source import is_on_hub, is_packaged

ROOT = Path(workflow.basedir)

try:
    # Snakemake lists the files of the command line, in order, before that of the Snakefile.
    CFG = load(config, [*workflow.configfiles[-1:], *workflow.configfiles[:-1]])
except UserError as error:
    raise WorkflowError(str(error)) from None

RUN = CFG.run
TABLES = {
    CFG.cultures[culture].generation_table or f"generation_{culture}": culture
    for culture in RUN.cultures
}
RANKINGS = {
    CFG.cultures[culture].ranking_table or f"ranking_{culture}": culture
    for culture in RUN.cultures
    if CFG.ranking and CFG.languages[CFG.cultures[culture].language].ranking_prompt
}
TRAINED_MODELS = [model for model in RUN.models if CFG.models[model].train]
CONTROLS = [name for name, m in CFG.methods.items() if m.kind == "sft" and m.examples.shuffle_cues]
ASSOCIATION_METHODS = [name for name, m in CFG.methods.items() if m.kind == "sft"]
CLCA_METHODS = [name for name, m in CFG.methods.items() if m.kind == "clca"]
SFT_METHODS = [*ASSOCIATION_METHODS, *CLCA_METHODS]
PROMPT_METHODS = [name for name, m in CFG.methods.items() if m.kind == "prompt"]
PPO_METHODS = [name for name, m in CFG.methods.items() if m.kind == "ppo"]
NATIVE_METHODS = [name for name in PPO_METHODS if CFG.methods[name].engine == "native"]
FULL_METHODS = [name for name in PPO_METHODS if name not in NATIVE_METHODS]
FIGURE_FORMATS = ["pdf", "svg", "png", "csv"]
TABLE_FORMATS = ["csv", "md", "tex"]
# Names of what shows plain answers, and of its companion with those averaged over orders.
ORDERS = ["", "_debiased"] if CFG.survey and CFG.survey.orders > 1 else [""]
EXPECTED = expected_files(CFG.model_dump())


def one_of(names) -> str:
    """A wildcard constraint that admits these names only."""
    return "|".join(re.escape(str(name)) for name in names) or "(?!)"


wildcard_constraints:
    culture=one_of(CFG.cultures),
    model=one_of(CFG.models),
    method=one_of(CFG.methods),
    seed=r"\d+",
    arm=rf"vanilla|(?:{one_of(CFG.cultures)})-(?:{one_of(CFG.methods)})-seed\d+",
    prompt=one_of({name for language in CFG.languages.values() for name in language.prompts}),
    decoding=one_of(CFG.decodings),
    table=one_of(TABLES),
    ranking=one_of(RANKINGS),
    language=one_of(CFG.languages),
    order=f"(?:{one_of(ORDERS[1:])})?",


def repository(path: str) -> str:
    """A file of the repository, relative to the working directory, wherever that is."""
    return os.path.relpath(ROOT / path)


def located(path: str) -> str:
    """A configured file: in the working directory if it is there, else in the repository."""
    in_repository = ROOT / path
    return path if os.path.exists(path) or not in_repository.exists() else repository(path)


def code(entry: str) -> list[str]:
    """The entry script of a rule and every module it imports; an edit re-runs the rule."""
    return with_imports(f"workflow/scripts/{entry}.py")


def with_imports(path: str) -> list[str]:
    """A source file of the repository and, after it, every module of the package it imports."""
    return [os.path.relpath(file) for file in sources(ROOT / path, ROOT / "src/culturalign")]


def language_of(culture: str):
    """Configuration of a culture's language."""
    return CFG.languages[CFG.cultures[culture].language]


def language(wildcards):
    """Configuration of the language of a job's culture."""
    return language_of(wildcards.culture)


def language_settings(wildcards) -> dict:
    """System message and separator of a culture's language, for prompts."""
    return language(wildcards).model_dump(include={"system", "separator"})


def prompt_file(wildcards) -> str:
    """The prompt template of a culture's language."""
    return located(language(wildcards).prompts[wildcards.prompt])


def training_prompt_file(wildcards) -> str:
    """The prompt template a method trains with."""
    return located(language(wildcards).prompts[CFG.methods[wildcards.method].examples.prompt])


def swow_file(wildcards) -> str:
    """The SWOW file of a culture."""
    return data_file(CFG.cultures[wildcards.culture].swow)


def is_there(path: str) -> bool:
    """Whether a data file is made by the workflow, or lies where the configuration says."""
    return path.startswith("results/demo/") or os.path.exists(located(path))


def data_file(path: str) -> str:
    """A file of the user; if it is missing, all that are missing are named."""
    if not is_there(path):
        print(missing_text(EXPECTED, is_there), file=sys.stderr)
        sys.exit(1)
    return located_data(path)


def located_data(path: str) -> str:
    """Where a data file lies that is there."""
    return path if path.startswith("results/demo/") else located(path)


def labels() -> dict:
    """Names shown in tables and figures; methods in the run's order, then those not run."""
    methods = dict.fromkeys([*RUN.methods, *CFG.methods])
    return {
        "models": {name: model.label for name, model in CFG.models.items()},
        "methods": {name: CFG.methods[name].label for name in methods},
        "cultures": {name: culture.label for name, culture in CFG.cultures.items()},
    }
