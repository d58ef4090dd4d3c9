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
RANKINGS = {
    CFG.cultures[culture].ranking_table or f"ranking_{culture}": culture
    for culture in RUN.cultures
    if CFG.ranking and CFG.languages[CFG.cultures[culture].language].ranking_prompt
}
CONTROLS = [name for name, m in CFG.methods.items() if m.kind == "sft" and m.examples.shuffle_cues]
SFT_METHODS = [name for name, m in CFG.methods.items() if m.kind == "sft"]
PPO_METHODS = [name for name, m in CFG.methods.items() if m.kind == "ppo"]
NATIVE_METHODS = [name for name in PPO_METHODS if CFG.methods[name].engine == "native"]
FULL_METHODS = [name for name in PPO_METHODS if name not in NATIVE_METHODS]
RAW_TABLES = ["table13"]  # prints the norms' own scales (paper, table 13)
PAPER_FIGURES = {
    ("concreteness", "complex"): "fig4",
    ("valence", "complex"): "fig5",
    ("arousal", "complex"): "fig6",
    ("concreteness", "simple"): "fig7",
    ("valence", "simple"): "fig8",
    ("arousal", "simple"): "fig9",
}
FIGURE_FORMATS = ["pdf", "svg", "png", "csv"]
TABLE_FORMATS = ["csv", "md", "tex"]
EXPECTED = expected_files(CFG.model_dump())


def one_of(names) -> str:
    """A wildcard constraint that admits these names only."""
    return "|".join(re.escape(str(name)) for name in names) or "(?!)"


def attribute_cultures() -> list[str]:
    """Cultures of the run whose language has norms configured."""
    files = CFG.norms.files if CFG.norms else {}
    return [culture for culture in RUN.cultures if CFG.cultures[culture].language in files]


def attribute_tables() -> dict[str, tuple[str, str]]:
    """Name of each table of attributes -> its culture and prompt."""
    return {
        CFG.cultures[culture].attribute_tables.get(prompt, f"attributes_{culture}_{prompt}"): (
            culture,
            prompt,
        )
        for prompt in (CFG.norms.prompts if CFG.norms else [])
        for culture in attribute_cultures()
    }


def attribute_figures() -> dict[str, tuple[str, str]]:
    """Name of each figure of attributes -> its attribute and prompt."""
    names = [norm for culture in attribute_cultures() for norm in norm_settings(culture)]
    pairs = product(
        dict.fromkeys(name for norm in names for name in norm.attributes),
        CFG.norms.prompts if CFG.norms else [],
    )
    return {PAPER_FIGURES.get(pair, "attributes_{}_{}".format(*pair)): pair for pair in pairs}


def norm_settings(culture: str) -> list:
    """Settings of the norm files of a culture's language."""
    return CFG.norms.files[CFG.cultures[culture].language]


ATTRIBUTE_TABLES = attribute_tables()
ATTRIBUTE_FIGURES = attribute_figures()


wildcard_constraints:
    attributes=one_of(ATTRIBUTE_TABLES),
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


def all_cores() -> int:
    """Two torch jobs side by side would collapse to a tenth of the speed: one takes all."""
    return workflow.cores or 1


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


def quizzed() -> list[str]:
    """Cultures of the run whose models are put multiple-choice questions."""
    return [name for name in RUN.cultures if CFG.ranking and language_of(name).mcq_prompt]


def packaged_bases() -> list[str]:
    """The unpacked base models of the run."""
    packaged = [model for model in RUN.models if is_packaged(CFG.models[model].source)]
    return [f"results/models/{model}/base" for model in packaged]


def norm_languages() -> list[str]:
    """Languages of the run with norms configured."""
    return list(dict.fromkeys(CFG.cultures[culture].language for culture in attribute_cultures()))


def norm_files(name: str) -> list[tuple[dict, str | None]]:
    """Settings of each norm file of a language and where it lies, if it is there."""
    return [
        (norm.model_dump(), located_data(norm.file) if is_there(norm.file) else None)
        for norm in CFG.norms.files[name]
    ]


def found_norms(name: str) -> list[str]:
    """The norm files of a language that are there."""
    return [path for _, path in norm_files(name) if path]


def norm_record(culture: str) -> str:
    """What became of the norms of a culture's language."""
    return f"results/data/norms/{CFG.cultures[culture].language}.json"


def norm_table(culture: str) -> str:
    """Ratings of words in a culture's language."""
    return f"results/data/norms/{CFG.cultures[culture].language}.parquet"


def human_attributes(culture: str) -> str:
    """Scores of humans against the norms."""
    return f"results/scores/references/attributes.{culture}.parquet"


def attribute_scores(culture: str, prompt: str) -> list[str]:
    """Scores of a culture's arms against the norms; none if every norm is missing."""
    if not found_norms(CFG.cultures[culture].language):
        return []
    decoding = CFG.norms.decodings.get(prompt, RUN.decodings[0])
    return scored("attributes", culture, prompt, [decoding], "parquet")


def lemmatizer(wildcards) -> str | None:
    """The configured lemmatizer of a culture's language."""
    return CFG.norms.lemmatizer.get(CFG.cultures[wildcards.culture].language)


def look_up_options(wildcards) -> dict:
    """How associations are held against the norms."""
    return CFG.norms.model_dump(include={"first", "concrete_from"})


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


def trained_in_full(wildcards) -> bool:
    """Whether a job's arm has weights of its own instead of an adapter."""
    return parse_arm(wildcards.get("arm", "vanilla")).method in FULL_METHODS


def trained_folder(wildcards) -> str:
    """Where an arm's training put its adapter or weights."""
    arm = parse_arm(wildcards.arm)
    return f"results/models/{wildcards.model}/{arm.culture}/{arm.method}/seed{arm.seed}"


def base_folder(wildcards) -> list[str]:
    """Folder of the weights that a job loads: none if they are the model's own.

    The arm's, if it was trained in full; the unpacked base model's, if that comes inside a
    Python package.
    """
    if trained_in_full(wildcards):
        return [f"{trained_folder(wildcards)}/weights"]
    if is_packaged(CFG.models[wildcards.model].source):
        return [f"results/models/{wildcards.model}/base"]
    return []


def adapter_of(wildcards) -> list[str]:
    """The adapter of an arm; none for the vanilla model and for arms trained in full."""
    if wildcards.arm == "vanilla" or trained_in_full(wildcards):
        return []
    return [f"{trained_folder(wildcards)}/adapter"]


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


def ranking_files(folder: str, culture: str, suffix: str) -> list[str]:
    """Rankings of all models and arms of a culture, in samples/ or scores/."""
    return [
        f"results/{folder}/{model}/{arm}/rankings.{culture}.{suffix}"
        for model, arm in product(RUN.models, arms(culture))
    ]


def mcq_files(folder: str, suffix: str) -> list[str]:
    """Answers to multiple-choice questions of all models and arms, in samples/ or scores/."""
    return [
        f"results/{folder}/{model}/{arm}/mcq.{culture}.{suffix}"
        for culture, model in product(quizzed(), RUN.models)
        for arm in (arms(culture) if CFG.ranking.mcq == "all" else ["vanilla"])
    ]


def reference_file(wildcards) -> str:
    """Scores of the humans and of the most frequent responses, for a table's culture."""
    return f"results/scores/references/{TABLES[wildcards.table]}.parquet"


def ppo_examples(wildcards) -> str:
    """Training prompts of a PPO method's task."""
    ranks = CFG.methods[wildcards.method].task == "ranking"
    folder = "ranking" if ranks else wildcards.method
    return f"results/data/{wildcards.culture}/{folder}/train.jsonl"


def ppo_associations(wildcards) -> list[str]:
    """Human associations that free lists are rewarded by; rankings carry their own counts."""
    if CFG.methods[wildcards.method].task == "ranking":
        return []
    return [f"results/data/{wildcards.culture}/associations.parquet"]


def ppo_task(wildcards) -> dict:
    """What the reward of a PPO method depends on beside its data."""
    if CFG.methods[wildcards.method].task == "ranking":
        return CFG.ranking.reward.model_dump()
    return {"simplify_chinese": language(wildcards).simplify_chinese}


def start_adapter(wildcards) -> list[str]:
    """The adapter that a PPO method starts from; none if it starts from the vanilla model."""
    start = CFG.methods[wildcards.method].start
    folder = f"results/models/{wildcards.model}/{wildcards.culture}/{start}/seed{wildcards.seed}"
    return [] if start == "vanilla" else [f"{folder}/adapter"]


def start_weights(wildcards) -> list[str]:
    """Full weights that a PPO method starts from: merged if it starts from SFT."""
    start = CFG.methods[wildcards.method].start
    if start == "vanilla":
        return base_folder(wildcards)
    folder = f"results/models/{wildcards.model}/{wildcards.culture}/{start}/seed{wildcards.seed}"
    return [f"{folder}/merged"]


def training_logs(methods: list[str]) -> list[str]:
    """Training logs of the run's arms that some methods trained."""
    chosen = [method for method in RUN.methods if method in methods]
    grid = product(RUN.models, RUN.cultures, chosen, RUN.seeds)
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
                "ranking": next((t for t, name in RANKINGS.items() if name == culture), None),
                "attributes": next(
                    (name for name, pair in ATTRIBUTE_TABLES.items() if pair[0] == culture),
                    f"attributes_{culture}",
                ),
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
    names += [f"{table}{part}" for table, part in product(RANKINGS, parts[:3])]
    names += ["table9", "table9_accuracy"] if quizzed() else []
    if surveyed():
        names += ["table7", "table7_contrasts", "survey_questions"]
        names += [f"tension_{pole}" for pole in built_poles()]
        names += ["table8", "table14"] if CFG.survey.poles[1] in built_poles() else []
    for name in ATTRIBUTE_TABLES:
        names += [name, f"{name}_tests", f"{name}_contrasts"]
    names += [f"humans_{culture}" for culture in attribute_cultures()]
    names += ["norms"] if attribute_cultures() else []
    names += ["ledger", "sources", "table10"]
    return names + (["table11"] if any(m.kind == "ppo" for m in CFG.methods.values()) else [])


def figure_names() -> list[str]:
    """Names of all figures of the run."""
    trained = set(RUN.methods)
    names = ["precision"] + ["training"] * bool(trained & set(SFT_METHODS))
    names += ["ppo"] * bool(trained & set(PPO_METHODS))
    if surveyed():
        first, second = (pole in built_poles() for pole in CFG.survey.poles)
        names += ["fig2", "fig10"] + ["fig11"] * first + ["fig3", "fig12", "fig13"] * second
    names += ATTRIBUTE_FIGURES
    return names + (["fig1"] if any(CFG.cultures[c].spotlight for c in RUN.cultures) else [])


def caption_of(figure: str) -> str:
    """Name of a figure's caption in workflow/report/; figures of one kind share it."""
    if figure in ATTRIBUTE_FIGURES:
        return "attributes"
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
    return {
        name: {**m.model_dump(), **({} if name in FULL_METHODS else {"precision": precision})}
        for name, m in CFG.methods.items()
    }


def labels() -> dict:
    """Names shown in tables and figures."""
    return {
        "models": {name: model.label for name, model in CFG.models.items()},
        "methods": {name: method.label for name, method in CFG.methods.items()},
        "cultures": {name: culture.label for name, culture in CFG.cultures.items()},
    }
