"""Samples and scores of all arms that a table or figure needs. No rules."""


def arms(model: str, culture: str) -> list[str]:
    """Arms of a model that are evaluated on a culture."""
    trained = product(RUN.methods if CFG.models[model].train else [], RUN.seeds)
    chosen = [
        f"{culture}-{method}-seed{seed}"
        for method, seed in trained
        if method not in PROMPT_METHODS or seed == RUN.seeds[0]
    ]
    return ["vanilla", *chosen]


def evaluated(task: str, culture: str) -> list[tuple[str, str]]:
    """Models of the run that are given a task, each with all its arms of a culture."""
    models = [model for model in RUN.models if task in CFG.models[model].tasks]
    return [(model, arm) for model in models for arm in arms(model, culture)]


def scored(kind: str, culture: str, prompt: str, decodings: list[str], suffix: str) -> list[str]:
    """Files of all models and arms of a culture, e.g. their precision."""
    return [
        f"results/scores/{model}/{arm}/{kind}.{culture}.{prompt}.{decoding}.{suffix}"
        for (model, arm), decoding in product(evaluated("associations", culture), decodings)
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


def ranking_files(folder: str, culture: str, suffix: str) -> list[str]:
    """Rankings of all models and arms of a culture, in samples/ or scores/."""
    return [
        f"results/{folder}/{model}/{arm}/rankings.{culture}.{suffix}"
        for model, arm in evaluated("ranking", culture)
    ]


def mcq_files(folder: str, suffix: str) -> list[str]:
    """Answers to multiple-choice questions of all models and arms, in samples/ or scores/."""
    return [
        f"results/{folder}/{model}/{arm}/mcq.{culture}.{suffix}"
        for culture in quizzed()
        for model, arm in evaluated("mcq", culture)
        if CFG.ranking.mcq == "all" or arm == "vanilla"
    ]


def quizzed() -> list[str]:
    """Cultures of the run whose models are put multiple-choice questions."""
    return [name for name in RUN.cultures if CFG.ranking and language_of(name).mcq_prompt]
