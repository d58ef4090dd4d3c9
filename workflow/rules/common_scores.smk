"""Samples and scores of all arms that a table or figure needs. No rules."""


def arms(culture: str) -> list[str]:
    """Arms that are evaluated on a culture."""
    chosen = product(RUN.methods, RUN.seeds)
    return [
        "vanilla",
        *(
            f"{culture}-{method}-seed{seed}"
            for method, seed in chosen
            if method not in PROMPT_METHODS or seed == RUN.seeds[0]
        ),
    ]


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


def quizzed() -> list[str]:
    """Cultures of the run whose models are put multiple-choice questions."""
    return [name for name in RUN.cultures if CFG.ranking and language_of(name).mcq_prompt]
