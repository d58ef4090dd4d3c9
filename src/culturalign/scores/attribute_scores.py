"""Attributes of lists of associations, cue by cue."""

from collections.abc import Mapping, Sequence

import polars as pl

from culturalign.data.norms.ratings import available
from culturalign.scores.norm_lookup import Lemmatize, look_up

SCORES = {
    "cue": pl.String, "attribute": pl.String, "median": pl.Float64, "words": pl.Int64,
    "known": pl.Int64, "concrete": pl.Int64,
}  # fmt: skip


def score_lists(
    lists: Mapping[str, Sequence[str]],
    norms: pl.DataFrame,
    *,
    lemmatize: Lemmatize | None,
    first: int | None,
    concrete_from: float,
) -> pl.DataFrame:
    """Median of each attribute over the associations of a cue (paper, section 4.2).

    Words that a norm lacks are left out of its median (paper, appendix G: "Tokens absent from a
    lexicon are ignored for that metric") and are counted.

    Args:
        lists: Cue -> different normalized words, best first; may be empty.
        norms: From :func:`culturalign.data.norms.ratings.prepare_norms`.
        lemmatize: From :func:`culturalign.scores.norm_lookup.lemmatizer_of`.
        first: How many of the first words count; None for all.
        concrete_from: Smallest concreteness of a concrete word, on the common span.

    Returns:
        A row a cue and attribute of the norms: ``cue, attribute``; ``median``, on the common
        span, null if no word is known; ``words`` looked at; ``known``, those in the norm;
        ``concrete``, how many of these are concrete (null for other attributes).
    """
    attributes = available(norms)
    cut = {cue: list(words)[:first] for cue, words in lists.items()}
    cues = pl.DataFrame({"cue": list(cut)}, schema={"cue": pl.String})
    if not attributes:
        return pl.DataFrame(schema=SCORES)
    nested = cues.with_columns(word=pl.Series(list(cut.values()), dtype=pl.List(pl.String)))
    pairs = nested.explode("word").drop_nulls("word")
    rated = pairs.join(
        look_up(pairs["word"].unique(), norms, lemmatize), on="word", maintain_order="left"
    )
    long = rated.unpivot(attributes, index="cue", variable_name="attribute", value_name="value")
    concrete = pl.when(pl.col("attribute") == "concreteness").then(
        (pl.col("value") >= concrete_from).sum()
    )
    found = long.group_by("cue", "attribute").agg(
        median=pl.col("value").median(),
        words=pl.len().cast(pl.Int64),
        known=pl.col("value").count().cast(pl.Int64),
        concrete=concrete.first().cast(pl.Int64),
    )
    grid = cues.join(pl.DataFrame({"attribute": attributes}), how="cross")
    scores = grid.join(found, on=["cue", "attribute"], how="left", maintain_order="left")
    counts = [pl.col("words", "known").fill_null(0)]
    return scores.with_columns(counts).select(*SCORES)
