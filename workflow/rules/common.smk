"""Validated configuration, wildcard constraints and input functions; no rules.

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
from culturalign.expected import expected_files, missing_text
from culturalign.imports import sources
from culturalign.model_source import is_packaged

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
CONTROLS = [name for name, m in CFG.methods.items() if m.kind == "sft" and m.examples.shuffle_cues]
FIGURE_FORMATS = ["pdf", "svg", "png", "csv"]
TABLE_FORMATS = ["csv", "md", "tex"]
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
    language=one_of(CFG.languages),


def repository(path: str) -> str:
    """A file of the repository, relative to the working directory, wherever that is."""
    return os.path.relpath(ROOT / path)


def located(path: str) -> str:
    """A configured file: in the working directory if it is there, else in the repository."""
    in_repository = ROOT / path
    return path if os.path.exists(path) or not in_repository.exists() else repository(path)


def code(entry: str) -> list[str]:
    """The entry script of a rule and every module it imports; an edit re-runs the rule."""
    files = sources(ROOT / f"workflow/scripts/{entry}.py", ROOT / "src/culturalign")
    return [os.path.relpath(file) for file in files]


def all_cores() -> int:
    """Two torch jobs side by side would collapse to a tenth of the speed: one takes all."""
    return workflow.cores or 1


def language(wildcards):
    """Configuration of a culture's language."""
    return CFG.languages[CFG.cultures[wildcards.culture].language]


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
    return path if path.startswith("results/demo/") else located(path)


def surveyed() -> dict[str, str]:
    """Cultures of the run that are held against a country -> that country."""
    if CFG.survey is None:
        return {}
    nations = {culture: CFG.cultures[culture].country for culture in RUN.cultures}
    return {culture: nation for culture, nation in nations.items() if nation}


def built_poles() -> list[str]:
    """Poles whose arms the run builds."""
    return [pole for pole in CFG.survey.poles if pole in surveyed()] if CFG.survey else []


def pole_countries() -> list[str]:
    """The two countries whose difference defines the tension set."""
    return [CFG.cultures[pole].country for pole in CFG.survey.poles] if CFG.survey else []


def nations() -> dict[str, str]:
    """Countries whose answers are read -> label of their culture, the poles first."""
    cultures = [*(CFG.survey.poles if surveyed() else []), *surveyed()]
    return {CFG.cultures[name].country: CFG.cultures[name].label for name in cultures}


def survey_languages() -> list[str]:
    """Languages in which models are asked."""
    return list(dict.fromkeys(CFG.cultures[culture].language for culture in surveyed()))


def survey_prompt(name: str) -> str:
    """The survey prompt of a language."""
    return located(CFG.languages[name].survey_prompt)


def survey_scores(kind: str, culture: str) -> list[str]:
    """Survey files of all models and arms of a culture, in its language."""
    name = CFG.cultures[culture].language
    return [
        f"results/scores/{model}/{arm}/{kind}.{name}.parquet"
        for model, arm in product(RUN.models, arms(culture))
    ]


def held_against() -> list[str]:
    """The country of each of the files ``survey_scores`` names, culture by culture."""
    return [nation for culture, nation in surveyed().items() for _ in survey_scores("", culture)]


def pole_questionnaire(place: int) -> str:
    """The questionnaire in the language of the first or the second pole."""
    name = CFG.cultures[CFG.survey.poles[place]].language
    return f"results/data/survey/questionnaire.{name}.parquet"


def leaning_culture(figure: str) -> str:
    """Figure 3 shows the second pole's arms, figure 11 the first's (section 5.3, appendix H.3)."""
    return CFG.survey.poles[1 if figure == "fig3" else 0]


def base_folder(wildcards) -> list[str]:
    """The unpacked base model, for models that come inside a Python package."""
    if is_packaged(CFG.models[wildcards.model].source):
        return [f"results/models/{wildcards.model}/base"]
    return []


def adapter_of(wildcards) -> list[str]:
    """The adapter of an arm; none for the vanilla model."""
    if wildcards.arm == "vanilla":
        return []
    arm = parse_arm(wildcards.arm)
    folder = f"results/models/{wildcards.model}/{arm.culture}/{arm.method}/seed{arm.seed}"
    return [f"{folder}/adapter"]


def arms(culture: str) -> list[str]:
    """Arms that are evaluated on a culture."""
    trained = product(RUN.methods, RUN.seeds)
    return ["vanilla", *(f"{culture}-{method}-seed{seed}" for method, seed in trained)]


def scored(kind: str, culture: str, prompt: str, decodings: list[str], suffix: str) -> list[str]:
    """Files of all models and arms of a culture, e.g. their precision."""
    return [
        f"results/scores/{model}/{arm}/{kind}.{culture}.{prompt}.{decoding}.{suffix}"
        for model, arm, decoding in product(RUN.models, arms(culture), decodings)
    ]


def precision_files(wildcards) -> list[str]:
    """Precision of all arms of a table's culture, as the tables show it."""
    culture = TABLES[wildcards.table]
    return scored("precision", culture, RUN.prompts[0], RUN.decodings[:1], "parquet")


def all_precision_files(wildcards) -> list[str]:
    """Precision of all arms of a table's culture, under every prompt and decoding."""
    culture = TABLES[wildcards.table]
    return [
        file
        for prompt in RUN.prompts
        for file in scored("precision", culture, prompt, RUN.decodings, "parquet")
    ]


def list_files(culture: str) -> list[str]:
    """Lists of all arms of a culture, as the tables use them."""
    return scored("lists", culture, RUN.prompts[0], RUN.decodings[:1], "jsonl")


def reference_file(wildcards) -> str:
    """Scores of the humans and of the most frequent responses, for a table's culture."""
    return f"results/scores/references/{TABLES[wildcards.table]}.parquet"


def training_logs() -> list[str]:
    """Training logs of all trained arms."""
    grid = product(RUN.models, RUN.cultures, RUN.methods, RUN.seeds)
    return [
        f"results/models/{model}/{culture}/{method}/seed{seed}/training.parquet"
        for model, culture, method, seed in grid
    ]


def planted_cultures() -> list[str]:
    """Synthetic cultures of the run, whose effect is known."""
    return [culture for culture in RUN.cultures if CFG.cultures[culture].planted]


def standing_for() -> dict[str, dict]:
    """The paper's US and ZH -> the culture of the run with that country, if there is one."""
    found = {}
    invented = CFG.survey is not None and CFG.survey.file.startswith("results/demo/")
    for table, culture in TABLES.items():
        settings = CFG.cultures[culture]
        place = {"USA": "US", "CHN": "ZH"}.get(settings.country)
        synthetic = invented or settings.planted is not None
        if place and (place not in found or not synthetic):
            found[place] = {
                "label": settings.label,
                "name": culture,
                "table": table,
                "synthetic": synthetic,
            }
    return found


def table_names() -> list[str]:
    """Names of all tables of the run."""
    return [*checked_tables(), "claims"]


def checked_tables() -> list[str]:
    """Names of the tables that the paper's statements are held against: all but theirs."""
    parts = ("", "_contrasts", "_ceiling", "_lists", "_decoding")
    names = [f"{table}{part}" for table, part in product(TABLES, parts)]
    names += [f"planted_{culture}" for culture in planted_cultures()]
    if surveyed():
        names += ["table7", "table7_contrasts", "survey_questions"]
        names += [f"tension_{pole}" for pole in built_poles()]
        names += ["table8", "table14"] if CFG.survey.poles[1] in built_poles() else []
    names += ["ledger", "sources", "table10"]
    return names + (["table11"] if any(m.kind == "ppo" for m in CFG.methods.values()) else [])


def figure_names() -> list[str]:
    """Names of all figures of the run."""
    names = ["precision"] + (["training"] if RUN.methods else [])
    if surveyed():
        first, second = (pole in built_poles() for pole in CFG.survey.poles)
        names += ["fig2", "fig10"] + ["fig11"] * first + ["fig3", "fig12", "fig13"] * second
    return names + (["fig1"] if any(CFG.cultures[c].spotlight for c in RUN.cultures) else [])


def caption_of(figure: str) -> str:
    """Name of a figure's caption in workflow/report/; figures of one kind share it."""
    shared = {"thresholds": "fig2 fig10", "leanings": "fig3 fig11", "topics": "fig12 fig13"}
    return next((name for name, kind in shared.items() if figure in kind.split()), figure)


def table_files() -> list[str]:
    """All tables of the run, in every format."""
    return expand("results/tables/{name}.{format}", name=table_names(), format=TABLE_FORMATS)


def figure_files() -> list[str]:
    """All figures of the run, in every format, with the numbers drawn."""
    return expand("results/figures/{name}.{format}", name=figure_names(), format=FIGURE_FORMATS)


def named_targets() -> dict[str, list[str]]:
    """Name of each table and figure of the run -> its files."""
    tables = {name: [f"results/tables/{name}.{x}" for x in TABLE_FORMATS] for name in table_names()}
    return tables | {
        name: [f"results/figures/{name}.{x}" for x in FIGURE_FORMATS] for name in figure_names()
    }


def model_settings(wildcards) -> dict:
    """Settings of a model that its answers depend on; another label re-runs no job."""
    return {**CFG.models[wildcards.model].model_dump(), "label": wildcards.model}


def method_settings(wildcards) -> dict:
    """Settings of a method that training depends on; another label re-runs no job."""
    return {**CFG.methods[wildcards.method].model_dump(), "label": wildcards.method}


def hyperparameters() -> dict:
    """Settings of all methods; LoRA trains in the precision of the run's models."""
    precision = ", ".join(sorted({CFG.models[model].precision for model in RUN.models}))
    return {name: {"precision": precision, **m.model_dump()} for name, m in CFG.methods.items()}


def labels() -> dict:
    """Names shown in tables and figures."""
    return {
        "models": {name: model.label for name, model in CFG.models.items()},
        "methods": {name: method.label for name, method in CFG.methods.items()},
        "cultures": {name: culture.label for name, culture in CFG.cultures.items()},
    }
