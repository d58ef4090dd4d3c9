"""The validated configuration, its grid, wildcard constraints, and adapters to wildcards; no rules.

What is built follows from the lists under ``run:``; the grid of it all is
:mod:`culturalign.grid`, and every path is in :mod:`culturalign.artifacts.paths`.
"""

import re
import shutil
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.errors import UserError
from culturalign.files.yaml_file import read_document
from culturalign.artifacts import paths
from culturalign.grid.grid import Grid
from culturalign.grid.resources import CORES_PER_GPU, HOUR, MEMORY_PER_GPU, retry_memory

DEFAULT = ROOT / "config/config.yaml"

try:
    # Merged here and not by Snakemake, which would leave it out where another workflow imports
    # this one with a configuration of its own.
    CFG = load(
        merge(read_document(DEFAULT).content, config),
        [DEFAULT, *workflow.configfiles],
        root=ROOT,
    )
except UserError as error:
    raise WorkflowError(str(error)) from None

RUN = CFG.run
GRID = Grid(CFG, ROOT)
LABELS = GRID.arms.labels()
EVALUATION = CFG.evaluation.model_dump()
CONTROLS = GRID.arms.controls
TABLES = GRID.products.generation_tables()
RANKINGS = GRID.products.ranking_tables()
ATTRIBUTE_TABLES = GRID.attributes.tables()
TRAINED = ("model", "culture", "method", "seed")
REWARD_FUNC = "src/culturalign/training/openrlhf/reward_func.py"  # OpenRLHF loads it by its path


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
    attributes=one_of(ATTRIBUTE_TABLES),
    language=one_of(CFG.languages),
    order=f"(?:{one_of(GRID.products.orders()[1:])})?",


def wild(function, *names):
    """An input function or parameter: the function of a job's wildcards of these names."""
    return lambda wildcards: function(*(wildcards[name] for name in names))


def code(entry: str) -> list[str]:
    """The entry script of a rule and every module it imports; an edit re-runs the rule."""
    return GRID.locations.code(f"workflow/scripts/{entry}.py")


def data_file(path: str) -> str:
    """A file of the user; if it is missing, the job's planning ends and names all that are."""
    if not GRID.locations.is_there(path):
        print(GRID.locations.missing(), file=sys.stderr)
        sys.exit(1)
    return GRID.locations.located(path)


def repository(path: str) -> str:
    """A file of the repository, relative to the working directory."""
    return GRID.locations.repository(path)


def figure(name: str, caption: str) -> list:
    """The files of a figure; Snakemake's own report shows the first."""
    first, *others = paths.figures(name)
    shown = report(first, category="Figures", caption=f"../report/{caption}.rst")
    return [shown, *others]


# Settings of a job's culture, its language, and its method


def language(wildcards):
    """Settings of the language of a job's culture."""
    return GRID.evaluations.language(wildcards.culture)


def normalizer_rules(wildcards) -> dict:
    """How the words of a job's culture are normalized."""
    return language(wildcards).rules()


def swow_file(wildcards) -> str:
    """The SWOW file of a job's culture."""
    return data_file(CFG.cultures[wildcards.culture].swow)


def swow_reading(wildcards) -> dict:
    """How the SWOW file of a job's culture is read."""
    columns = CFG.cultures[wildcards.culture].columns
    facts = language(wildcards).facts()
    return {"columns": columns, "most_dropped": CFG.data.most_dropped, **facts}


def list_forms(wildcards) -> dict:
    """How answers in the language of a job's culture write lists."""
    return language(wildcards).list_forms()


def prompt_file(kind: str):
    """An input function: a prompt of the language of a job's culture, by its configuration key."""
    return lambda wildcards: GRID.locations.located(getattr(language(wildcards), kind))


def list_prompt(wildcards) -> str:
    """The prompt template for lists, or the one that a method trains with."""
    name = wildcards.get("prompt") or CFG.methods[wildcards.method].examples.prompt
    return GRID.locations.located(language(wildcards).prompts[name])


def survey_prompt(language: str) -> str:
    """The survey prompt of a language."""
    return GRID.locations.located(CFG.languages[language].survey_prompt)


def arm_system(wildcards) -> str:
    """System message of an arm in the language of its job."""
    name = wildcards.get("language") or CFG.cultures[wildcards.culture].language
    return GRID.arms.system(wildcards.arm, CFG.languages[name].system)


def scoring(wildcards) -> str:
    """Which answers a table or figure shows: in the plain order, or averaged over orders."""
    return "debiased" if wildcards.order else "plain"


def of_culture(template: str):
    """An input function: a survey file of each arm of a job's culture."""
    return lambda wildcards: GRID.survey.of_culture(template, wildcards.culture)


def of_second_pole(template: str):
    """An input function: a survey file of each arm of the second pole's culture."""
    return lambda wildcards: GRID.survey.of_culture(template, CFG.survey.poles[1])


def attribute_culture(wildcards) -> str:
    """The culture of a table of attributes."""
    return ATTRIBUTE_TABLES[wildcards.attributes][0]


def ranking_culture(wildcards) -> str:
    """The culture of a table of rankings."""
    return RANKINGS[wildcards.ranking]


def lookup_options(wildcards) -> dict:
    """How associations are looked up in the norms."""
    return CFG.norms.model_dump(include={"first", "concrete_from"})


def lemmatizer(wildcards) -> str | None:
    """The configured lemmatizer of the language of a job's culture."""
    return CFG.norms.lemmatizer.get(CFG.cultures[wildcards.culture].language)


# What jobs that load a model have in common

ARM_MODEL = {
    "base": wild(GRID.weights.base, "model", "arm"),
    "adapter": wild(GRID.weights.adapter, "model", "arm"),
    "access": wild(GRID.weights.access, "model"),
}
"""Inputs of a job in which an arm answers: weights, adapter, and that they can be loaded."""
TRAINED_MODEL = {
    "base": wild(GRID.weights.base, "model"),
    "access": wild(GRID.weights.access, "model"),
}
"""Inputs of a job that changes or packs a model's weights."""
EVERY_MODEL = {
    "bases": GRID.weights.unpacked(*RUN.models),
    "access": GRID.weights.access(*RUN.models),
}
"""Inputs of a job that needs the tokenizer of every model of the run."""
# SLURM may spread the GPUs of a job over several nodes unless it asks for one node.
ANSWERING = {
    "gpu": wild(GRID.resources.gpus, "model"),
    "nodes": 1,
    "cpus_per_task": wild(GRID.resources.cores, "model"),
    "mem_mb": lambda wildcards, attempt: GRID.resources.memory(wildcards.model, attempt),
}
"""Resources of a job in which an arm answers."""
TRAINING = {
    "gpu": wild(GRID.resources.training_gpus, "method"),
    "nodes": 1,
    "cpus_per_task": wild(GRID.resources.training_cores, "method"),
    "mem_mb": lambda wildcards, attempt: GRID.resources.training_memory(wildcards.method, attempt),
}
"""Resources of a training job."""
WITHOUT_GPU = {
    "cpus_per_task": CORES_PER_GPU,
    "mem_mb": lambda wildcards, attempt: retry_memory(MEMORY_PER_GPU, attempt),
    "runtime": 2 * HOUR,
}
"""Resources of a job that turns weights into others."""


def planned_minutes(name: str):
    """A resource: the time of a job of a rule that loads a model, by the plan."""
    return lambda wildcards, attempt: GRID.resources.minutes(name, dict(wildcards.items()), attempt)


def environment(name: str) -> str:
    """File of an environment, as a rule names it."""
    return f"../../envs/{name}.yaml"


def answering_environment(wildcards) -> str:
    """Environment of a job in which an arm answers: that of its model's engine."""
    return environment(GRID.resources.environment(wildcards.model))


def rollout_environment(wildcards) -> str:
    """Environment of native PPO: that of the engine that samples its responses."""
    return environment(GRID.resources.rollout_environment(wildcards.method))


def torch_threads() -> int:
    """CPU threads of a torch job.

    On one machine half of the cores, so that two jobs run at once: what a small model does in one
    thread, and loading it, would leave the others idle. With a GPU all of them, since two jobs
    would not fit into its memory. In a cluster's job those it was given, however many the machine
    has that submitted it.
    """
    if workflow.remote_exec:
        return CORES_PER_GPU
    cores = workflow.cores or 1
    return cores if shutil.which("nvidia-smi") else (cores + 1) // 2


# Role-play: the model that plays, or the one that judges


def speaker(part: str) -> str | None:
    """The model that takes a part in CLCA (``roleplay`` or ``judge``); none if a server does."""
    return getattr(CFG.clca, part).model if CFG.clca else None


def speaker_inputs(part: str) -> dict:
    """Inputs of a job in which the model of a part answers."""
    models = [name for name in [speaker(part)] if name]
    return {"base": GRID.weights.unpacked(*models), "access": GRID.weights.access(*models)}


def speaker_resources(part: str) -> dict:
    """Resources of a job in which the model of a part answers."""
    model = speaker(part)
    return {
        "gpu": GRID.resources.gpus(model),
        "nodes": 1,
        "cpus_per_task": GRID.resources.cores(model),
        "mem_mb": lambda wildcards, attempt: GRID.resources.memory(model, attempt),
    }


def speaker_environment(part: str) -> str:
    """Environment of a job in which the model of a part answers."""
    return environment(GRID.resources.environment(speaker(part)))


def clca_settings(section: str):
    """A parameter: a section of the CLCA settings."""
    return lambda wildcards: getattr(GRID.clca.settings, section).model_dump()


def joined_examples(template: str):
    """An input function: association examples that a method mixes with role-play."""
    return lambda wildcards: GRID.clca.joined_examples(
        template, wildcards.culture, wildcards.method
    )


def materials(wildcards) -> dict:
    """Files of a culture's role-play, and the system message of judge and intents."""
    return GRID.clca.materials(wildcards.culture, system=True)
