"""From scores of cues to rows of tables: means over seeds, intervals over cues, contrasts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from culturalign.config.evaluate import Evaluation
from culturalign.stats.intervals import Interval, bootstrap_mean, bootstrap_means

Pair = tuple[tuple[str, str], tuple[str, str]]
"""Two arms, each a model and a method: the second is subtracted from the first."""
ARM = ["model", "method"]
"""An arm in a table: all its seeds together."""
CONTRAST = {"model": pl.String, "method": pl.String, "minus": pl.String, "k": pl.Int64,
            "mean": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n_cues": pl.Int64,
            "excludes_zero": pl.Boolean}  # fmt: skip
"""Columns of :func:`contrast`."""


def interval_of(evaluation: Evaluation) -> partial[Interval]:
    """The bootstrap with the configured resamples, level and seed."""
    return partial(
        bootstrap_mean,
        resamples=evaluation.bootstrap,
        confidence=evaluation.confidence,
        seed=evaluation.seed,
    )


def intervals_of(evaluation: Evaluation) -> partial[list[Interval]]:
    """The same bootstrap of many columns at once."""
    return partial(
        bootstrap_means,
        resamples=evaluation.bootstrap,
        confidence=evaluation.confidence,
        seed=evaluation.seed,
    )


def cue_means(scores: pl.DataFrame, value: str) -> pl.DataFrame:
    """Mean over seeds of each cue's score; cues, not seeds, are what intervals resample.

    Args:
        scores: ``model, method, seed, cue, k`` and the value.
        value: Column to average.

    Returns:
        ``model, method, cue, k, value``, sorted.
    """
    return scores.group_by(*ARM, "cue", "k").agg(value=pl.col(value).mean()).sort(*ARM, "cue", "k")


def summarize(scores: pl.DataFrame, value: str, evaluation: Evaluation) -> pl.DataFrame:
    """Mean of a score for each arm and K.

    Returns:
        ``model, method, k``; ``mean, low, high`` over cues; ``n_cues``; ``n_seeds``; and
        ``seed_sd``, the standard deviation of the seeds' means (null with one seed).
    """
    keys = [*ARM, "k"]
    seeds = scores.group_by(*keys, "seed").agg(pl.col(value).mean()).sort("seed")
    spread = seeds.group_by(keys).agg(n_seeds=pl.len().cast(pl.Int64), seed_sd=pl.col(value).std())
    means = group_intervals(cue_means(scores, value), keys, partial(map, interval_of(evaluation)))
    return means.rename({"n": "n_cues"}).join(spread, on=keys, maintain_order="left")


def group_intervals(
    table: pl.DataFrame, keys: Sequence[str], intervals: Callable[[list[Any]], Iterable[Interval]]
) -> pl.DataFrame:
    """Mean of ``value`` in each group, with its interval: the keys and ``mean, low, high, n``."""
    blocks = list(groups(table, keys))
    found = intervals([block["value"].to_numpy() for _, block in blocks])
    rows = [(*key, i.mean, i.low, i.high, i.n) for (key, _), i in zip(blocks, found, strict=True)]
    schema: dict[str, Any] = {key: table.schema[key] for key in keys}
    schema |= {**dict.fromkeys(["mean", "low", "high"], pl.Float64), "n": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def contrast(
    scores: pl.DataFrame, pairs: Sequence[Pair], value: str, evaluation: Evaluation
) -> pl.DataFrame:
    """Paired differences between arms, cue by cue.

    Args:
        scores: As for :func:`cue_means`; both arms of a pair have the same cues.
        pairs: The second arm is subtracted from the first.
        value: Column to compare.
        evaluation: Settings of the interval.

    Returns:
        The columns of ``CONTRAST``; a pair without a common cue has no row.
    """
    interval = interval_of(evaluation)
    means = cue_means(scores, value)
    found = differences(means, pairs, "k", means["k"].unique().sort())
    return difference_rows([(key, interval(values)) for key, values in found], "k")


def differences(
    means: pl.DataFrame, pairs: Sequence[Pair], by: str, values: Iterable[Any]
) -> list[tuple[tuple[Any, ...], NDArray[np.float64]]]:
    """Differences of paired cues, one for each common cue.

    Args:
        means: ``model, method, cue, value`` and ``by``.
        pairs: As for :func:`contrast`.
        by: Column whose values are compared separately.
        values: Its values, in order.

    Returns:
        (model, method, minus, value of ``by``) and the differences.
    """
    found = []
    for first, second in pairs:
        less = means.filter(is_arm(second)).select(by, "cue", less="value")
        both = means.filter(is_arm(first)).join(less, on=[by, "cue"])
        for value in values:
            if len(cues := both.filter(pl.col(by) == value)):
                difference = (cues["value"] - cues["less"]).to_numpy()
                found.append(((*first, second[1], value), difference))
    return found


def difference_rows(found: Sequence[tuple[tuple[Any, ...], Interval]], by: str) -> pl.DataFrame:
    """Table of the intervals of :func:`differences`, with the columns of :func:`contrast`."""
    rows = [(*key, i.mean, i.low, i.high, i.n, i.low > 0 or i.high < 0) for key, i in found]
    names = [by if name == "k" else name for name in CONTRAST]
    types = [pl.Int64 if name == "k" else CONTRAST.get(name, pl.String) for name in names]
    return pl.DataFrame(rows, dict(zip(names, types, strict=True)), orient="row")


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
