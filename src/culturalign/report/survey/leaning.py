"""Which of two countries answers lean to: the nearer one, counts, and changes by training.

Paper, section 5.3, figures 3 and 11.
"""

from collections.abc import Sequence

import polars as pl

from culturalign.data.survey.batteries import battery
from culturalign.data.survey.tension_set import Form, Pair, hybrid_distance
from culturalign.data.survey.topics import number_of
from culturalign.stats.intervals import Interval
from culturalign.stats.summary import SHARE, interval_of, run_differences

TIE = 1e-9
"""Distances closer than this are equal: far above rounding, far below any effect."""


def nearer(
    divergences: pl.DataFrame,
    countries: Pair,
    *,
    form: Form = "divergence",
    by: Sequence[str] = (),
) -> pl.DataFrame:
    """Which of two countries each answer is nearer to, by the hybrid distance.

    Args:
        divergences: Rows for both countries: ``question, country`` and those of
            ``hybrid_distance``; several seeds' distances are averaged.
        countries: (first, second).
        form: Form of JS in the distance.
        by: Columns that tell arms and scorings apart.

    Returns:
        ``by``; ``question``; ``to_first, to_second``, the distances; ``bias``, to_second -
        to_first (figure 11: "bias (CN-US)"; below zero the answer leans to the second country);
        ``nearer``, a country or "tie". Sorted by question number.

    Raises:
        ValueError: If a question lacks one of the countries.
    """
    wide = (
        divergences.with_columns(distance=hybrid_distance(form))
        .group_by(*by, "question", "country")
        .agg(pl.col("distance").mean())
        .pivot("country", index=[*by, "question"], values="distance")
    )
    missing = [country for country in countries if country not in wide.columns]
    if missing or wide.select(countries).null_count().sum_horizontal().item():
        raise ValueError(f"every question needs distances to both of {countries}")
    first, second = countries
    bias = pl.col("to_second") - pl.col("to_first")
    side = pl.when(bias < 0).then(pl.lit(second)).otherwise(pl.lit(first))
    return (
        wide.select(*by, "question", to_first=first, to_second=second)
        .with_columns(bias=bias)
        .with_columns(nearer=pl.when(bias.abs() < TIE).then(pl.lit("tie")).otherwise(side))
        .sort(*by, number_of())
    )


def count_nearer(leanings: pl.DataFrame, country: str) -> dict[str, int]:
    """How many answers are nearer to a country: ``n, count, ties``.

    A tie leans nowhere: it counts among the n questions, not among the nearer ones.
    """
    count, ties = (int((leanings["nearer"] == side).sum()) for side in (country, "tie"))
    return {"n": len(leanings), "count": count, "ties": ties}


def share_nearer(leanings: pl.DataFrame, country: str, confidence: float) -> Interval | None:
    """Share of answers nearer to a country, over batteries and training runs; None without answers.

    Args:
        leanings: Of an arm, from :func:`nearer` by ``seed``.
        country: The country.
        confidence: Level of the interval.
    """
    sides = _sides(leanings, country)
    return interval_of(sides, confidence, unit="question", bounds=SHARE) if len(sides) else None


def own_minus_other(
    mine: pl.DataFrame, others: Sequence[pl.DataFrame], country: str, confidence: float
) -> Interval | None:
    """Share of answers nearer to a country: of an arm minus the mean of other arms, over batteries
    and training runs.

    Args:
        mine: Leanings of the arm, from :func:`nearer` by ``seed``.
        others: Leanings of the same method trained on other cultures; None is returned for none.
        country: The country.
        confidence: Level of the interval.
    """
    shifts = leaning_shifts(mine, others, country) if others else mine.clear()
    return None if shifts.is_empty() else interval_of(shifts, confidence, unit="question")


def leaning_shifts(
    mine: pl.DataFrame, others: Sequence[pl.DataFrame], country: str
) -> pl.DataFrame:
    """``question, seed, cluster, value``: 1 if an arm's answer is nearer to a country, 0 if it is
    not, minus the mean of other arms; arguments as for :func:`own_minus_other`."""
    own, less = (_sides(table, country) for table in (mine, pl.concat(others)))
    return run_differences(own, less, ["question"])


def _sides(leanings: pl.DataFrame, country: str) -> pl.DataFrame:
    side = (pl.col("nearer") == country).cast(pl.Float64)
    return leanings.select("question", "seed", battery(), value=side)


def count_changes(before: pl.DataFrame, after: pl.DataFrame, country: str) -> dict[str, int]:
    """Questions whose answer came nearer to a country, or left it: ``gained, lost``.

    Args:
        before: Leanings of one arm, from :func:`nearer`.
        after: Leanings of another arm, on the same questions.
        country: Answers are nearer to it, or not (nearer to the other country, or a tie).

    Raises:
        ValueError: If the questions differ.
    """
    if before["question"].to_list() != after["question"].to_list():
        raise ValueError("arms are compared on the same questions only")
    was, now = before["nearer"] == country, after["nearer"] == country
    return {"gained": int((now & ~was).sum()), "lost": int((was & ~now).sum())}
