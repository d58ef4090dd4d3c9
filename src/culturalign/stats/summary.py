"""From scores of cues to rows of tables: means over seeds, intervals over cues, contrasts."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from culturalign.config.evaluate import Evaluation
from culturalign.stats.intervals import Interval, mean_interval

Pair = tuple[tuple[str, str], tuple[str, str]]
"""Two arms, each a model and a method: the second is subtracted from the first."""
Bounds = tuple[float, float] | None
"""Smallest and largest possible score; None: no bounds, as for differences."""
SHARE: Bounds = (0.0, 1.0)
ARM = ["model", "method"]
"""An arm in a table: all its seeds together."""
CONTRAST = {"model": pl.String, "method": pl.String, "minus": pl.String, "k": pl.Int64,
            "mean": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n_cues": pl.Int64,
            "n_clusters": pl.Int64, "n_seeds": pl.Int64, "df": pl.Float64,
            "excludes_zero": pl.Boolean}  # fmt: skip
"""Columns of :func:`contrast`."""
INTERVAL = {"mean": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64,
            "n_clusters": pl.Int64, "n_seeds": pl.Int64, "df": pl.Float64}  # fmt: skip
"""Columns of :func:`group_intervals`, besides the keys."""
ENDS = ("", "_low", "_high", "_df")
"""What follows a number's name in its columns (:func:`ends`)."""


def group_intervals(
    table: pl.DataFrame,
    keys: Sequence[str],
    confidence: float,
    *,
    unit: str = "cue",
    bounds: Bounds | Mapping[str, Bounds] = None,
) -> pl.DataFrame:
    """Mean of ``value`` in each group, with its interval over units, clusters and seeds.

    Args:
        table: The keys, ``unit, value``; ``seed``, if there are training runs (several rows of a
            unit and seed are averaged); ``cluster`` of the unit, if there are clusters.
        keys: Columns that name a group.
        confidence: Level of the intervals.
        unit: ``cue`` or ``question``.
        bounds: Of the values, or of each ``measure`` among the keys.

    Returns:
        The keys and ``INTERVAL``, in the order in which groups first occur; ends are null where
        :func:`culturalign.stats.intervals.mean_interval` gives none.
    """
    rows = []
    for key, block in table.group_by(*keys, maintain_order=True):
        of_group = dict(zip(keys, key, strict=True))
        limits = bounds.get(of_group["measure"]) if isinstance(bounds, Mapping) else bounds
        found = interval_of(block, confidence, unit=unit, bounds=limits)
        rows.append((*key, *astuple(found)))
    schema = {key: table.schema[key] for key in keys} | INTERVAL
    return pl.DataFrame(rows, schema=schema, orient="row")


def interval_of(
    block: pl.DataFrame, confidence: float, *, unit: str = "cue", bounds: Bounds = None
) -> Interval:
    """Interval of the mean of one group; arguments as for :func:`group_intervals`."""
    values, clusters = runs_of(block, unit)
    return mean_interval(values, clusters, confidence=confidence, bounds=bounds)


def ends(name: str, found: Interval) -> dict[str, float | None]:
    """``name, name_low, name_high, name_df``: a mean, its interval and its degrees of freedom."""
    values = (found.mean, found.low, found.high, found.df)
    return {f"{name}{end}": value for end, value in zip(ENDS, values, strict=True)}


def runs_of(block: pl.DataFrame, unit: str) -> tuple[NDArray[Any], list[Any] | None]:
    """Values as (runs, units), NaN where a run has none, and the cluster of each unit or None."""
    if "seed" not in block.columns:
        block = block.with_columns(seed=pl.lit(None, pl.Int64))
    clustered = ["cluster"] if "cluster" in block.columns else []
    wide = block.sort(unit, maintain_order=True).pivot(
        "seed", index=[unit, *clustered], values="value", aggregate_function="mean"
    )
    values = wide.drop(unit, *clustered).to_numpy().T
    return values, wide["cluster"].to_list() if clustered else None


def summarize(
    scores: pl.DataFrame, value: str, evaluation: Evaluation, bounds: Bounds = None
) -> pl.DataFrame:
    """Mean of a score for each arm and K.

    Args:
        scores: ``model, method, seed, cue, k`` and the value; ``cluster``, e.g. the cue's domain,
            if cues come in clusters.
        value: Column to average.
        evaluation: Settings of the interval.
        bounds: Smallest and largest possible value.

    Returns:
        ``model, method, k``, sorted; ``mean, low, high``; ``n_cues, n_clusters, n_seeds, df``;
        and ``seed_sd``, the standard deviation of the seeds' means (null with one seed).
    """
    keys = [*ARM, "k"]
    seeds = scores.group_by(*keys, "seed").agg(pl.col(value).mean()).sort("seed")
    spread = seeds.group_by(keys).agg(seed_sd=pl.col(value).std())
    means = group_intervals(
        _valued(scores, value).sort(keys, maintain_order=True),
        keys,
        evaluation.confidence,
        bounds=bounds,
    )
    return means.rename({"n": "n_cues"}).join(spread, on=keys, maintain_order="left")


def contrast(
    scores: pl.DataFrame, pairs: Sequence[Pair], value: str, evaluation: Evaluation
) -> pl.DataFrame:
    """Paired differences between arms, cue by cue.

    Args:
        scores: As for :func:`summarize`.
        pairs: The second arm is subtracted from the first.
        value: Column to compare.
        evaluation: Settings of the interval.

    Returns:
        The columns of ``CONTRAST``; a pair without a common cue has no row.
    """
    shifts = differences(_valued(scores, value).sort("k", maintain_order=True), pairs, "k")
    found = group_intervals(shifts, [*ARM, "minus", "k"], evaluation.confidence)
    return with_verdict(found.rename({"n": "n_cues"})).select(*CONTRAST)


def with_verdict(rows: pl.DataFrame) -> pl.DataFrame:
    """With ``excludes_zero``: the whole interval lies on one side of 0; false without one."""
    outside = (pl.col("low") > 0) | (pl.col("high") < 0)
    return rows.with_columns(excludes_zero=outside.fill_null(False))


def differences(scores: pl.DataFrame, pairs: Sequence[Pair], by: str) -> pl.DataFrame:
    """Differences between arms for each cue and run.

    Args:
        scores: ``model, method, seed, cue, value``, ``by`` and, if there, ``cluster``.
        pairs: As for :func:`contrast`.
        by: Column whose values are compared separately.

    Returns:
        ``model, method, minus``, ``by``, and the columns of :func:`run_differences`, for
        :func:`group_intervals`.
    """
    parts = []
    for first, second in pairs:
        mine, other = scores.filter(is_arm(first)), scores.filter(is_arm(second))
        names = {"model": first[0], "method": first[1], "minus": second[1]}
        shifts = run_differences(mine, other, [by, "cue"])
        parts.append(shifts.with_columns(pl.lit(name).alias(key) for key, name in names.items()))
    empty = scores.clear().select(*ARM, pl.col("method").alias("minus"), by, "cue", "seed", "value")
    return pl.concat([empty, *parts], how="diagonal")


def run_differences(first: pl.DataFrame, second: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """First minus second, for each unit and training run.

    Runs are paired by seed. An arm with one run, or none as vanilla, is subtracted from each run
    of the other.

    Args:
        first: ``on``, ``seed, value`` and, if there, ``cluster``.
        second: The same.
        on: Columns that name a unit.

    Returns:
        ``on, seed, value`` and, if there, ``cluster``.
    """
    clustered = ["cluster"] if "cluster" in first.columns else []
    one = first.group_by(*on, "seed", *clustered, maintain_order=True).agg(pl.col("value").mean())
    two = second.group_by(*on, "seed", maintain_order=True).agg(less=pl.col("value").mean())
    several = [table["seed"].n_unique() > 1 for table in (one, two)]
    if all(several):
        both = one.join(two, on=[*on, "seed"], nulls_equal=True, maintain_order="left")
    else:
        both = one.join(two, on=on, suffix="_less", maintain_order="left_right")
        both = both.with_columns(seed="seed_less" if several[1] else "seed")
    return both.select(*on, "seed", *clustered, value=pl.col("value") - pl.col("less"))


def _valued(scores: pl.DataFrame, value: str) -> pl.DataFrame:
    """The value under the name ``value``."""
    return scores.drop("value", strict=False).rename({value: "value"})


def describe_lists(lists: Sequence[Mapping[str, Any]], lower: int) -> dict[str, float]:
    """Quality of an arm's lists, apart from their precision.

    Args:
        lists: For each cue ``parsable``, ``truncated`` (at the token limit), ``n_items`` (as
            written), ``words`` (different, normalized).
        lower: Smallest size that the prompt asked for.

    Returns:
        Shares of ``unparsable``, ``short`` (fewer different words than asked for) and ``cut``
        lists (at the token limit), mean ``length``, share of items that repeat another or the cue
        (``duplicates``), and ``diversity``: different words over words, across all cues (1: no
        word twice).
    """
    lengths = np.array([len(entry["words"]) for entry in lists])
    written = sum(entry["n_items"] for entry in lists)
    everything = [word for entry in lists for word in entry["words"]]
    return {
        "unparsable": float(np.mean([not entry["parsable"] for entry in lists])),
        "short": float((lengths < lower).mean()),
        "cut": float(np.mean([entry["truncated"] for entry in lists])),
        "length": float(lengths.mean()),
        "duplicates": 1 - len(everything) / written if written else 0.0,
        "diversity": len(set(everything)) / len(everything) if everything else 0.0,
    }


def is_arm(arm: tuple[str, str]) -> pl.Expr:
    """Rows of an arm, (model, method)."""
    return (pl.col("model") == arm[0]) & (pl.col("method") == arm[1])


def groups(table: pl.DataFrame, keys: Sequence[str]) -> Any:
    """Groups in the order of their keys."""
    return table.sort(*keys, maintain_order=True).group_by(*keys, maintain_order=True)
