"""Norms and attributes: files, tables and figures. No rules."""

RAW_TABLES = ["table13"]  # prints the norms' own scales (paper, table 13)
PAPER_FIGURES = {
    ("concreteness", "complex"): "fig4",
    ("valence", "complex"): "fig5",
    ("arousal", "complex"): "fig6",
    ("concreteness", "simple"): "fig7",
    ("valence", "simple"): "fig8",
    ("arousal", "simple"): "fig9",
}


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
