"""From log-probabilities of labels to the category an arm chose, cue by cue."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from culturalign.data.mcq_questions import CATEGORIES
from culturalign.scores.survey_distances import SCORINGS

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


def frequent_choices(
    questions: Iterable[Mapping[str, Any]], associations: pl.DataFrame
) -> pl.DataFrame:
    """The set whose words people give most often to other cues: what needs no model, nor the cue.

    Args:
        questions: ``cue`` and ``options``, category -> words.
        associations: ``cue, response, count``.

    Returns:
        The columns of :func:`score_choices`; a tie is shared, and there is no mass.
    """
    words = pl.DataFrame(
        [
            (question["cue"], category, word)
            for question in questions
            for category, given in question["options"].items()
            for word in given
        ],
        schema=["cue", "category", "word"], orient="row",
    )  # fmt: skip
    everywhere = associations.group_by("response").agg(total=pl.col("count").sum())
    here = associations.select("cue", "response", own="count")
    counted = words.join(everywhere, left_on="word", right_on="response", how="left").join(
        here, left_on=["cue", "word"], right_on=["cue", "response"], how="left"
    )
    elsewhere = pl.col("total").fill_null(0) - pl.col("own").fill_null(0)
    sums = counted.group_by("cue", "category").agg(elsewhere.sum().alias("n"))
    most = (pl.col("n") == pl.col("n").max().over("cue")).cast(pl.Float64)
    chosen = sums.with_columns(chosen=most / most.sum().over("cue"))
    wide = chosen.pivot("category", index="cue", values="chosen")
    both = [wide.with_columns(scoring=pl.lit(x), mass=pl.lit(None, pl.Float64)) for x in SCORINGS]
    return (
        pl.concat(both)
        .select("cue", "scoring", "mass", *CATEGORIES)
        .sort("scoring", "cue", descending=[True, False])
    )
