"""From log-probabilities of labels to the category an arm chose, cue by cue."""

import polars as pl

from culturalign.data.mcq_questions import CATEGORIES

RIGHT = next(iter(CATEGORIES))


def score_choices(samples: pl.DataFrame) -> pl.DataFrame:
    """Score an arm's answers.

    Args:
        samples: Columns ``MCQ_SAMPLES``: every cue in several orders, 0 the plain one.

    Returns:
        ``cue, scoring`` (plain, or debiased: over all orders); ``mass``, the probability that fell
        on the labels; and for each category whether it was chosen, 0 or 1. A tie is shared.
    """
    chances = samples.with_columns(p=pl.col("logprob").exp())
    total = pl.col("p").sum().over("cue", "order")
    chances = chances.with_columns(mass=total, p=pl.col("p") / total)
    plain = chances.filter(pl.col("order") == 0).with_columns(scoring=pl.lit("plain"))
    both = pl.concat([plain, chances.with_columns(scoring=pl.lit("debiased"))])
    means = both.group_by("cue", "scoring", "category").agg(pl.col("p", "mass").mean())
    first = pl.col("p") >= pl.col("p").max().over("cue", "scoring") - 1e-12
    share = first.cast(pl.Float64) / first.sum().over("cue", "scoring")
    chosen = means.with_columns(chosen=share)
    wide = chosen.pivot("category", index=["cue", "scoring"], values="chosen")
    mass = means.group_by("cue", "scoring").agg(pl.col("mass").first())
    return (
        wide.join(mass, on=["cue", "scoring"])
        .select("cue", "scoring", "mass", *CATEGORIES)
        .sort("scoring", "cue", descending=[True, False])
    )
