"""From scores of cues to rows of tables: means over seeds, intervals over cues, contrasts."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.stats.intervals import Interval, bootstrap_mean, bootstrap_means

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
        ``seed_sd``, the standard deviation of the seeds' means (missing with one seed).
    """
    interval, rows = interval_of(evaluation), []
    seeds = scores.group_by(*ARM, "k", "seed").agg(mean=pl.col(value).mean())
    for (model, method, k), cues in _groups(cue_means(scores, value), [*ARM, "k"]):
        by_seed = seeds.filter(_is(model, method) & (pl.col("k") == k))["mean"]
        rows.append(
            {"model": model, "method": method, "k": k}
            | _columns(interval(cues["value"].to_numpy()))
            | {"n_seeds": len(by_seed), "seed_sd": by_seed.std() if len(by_seed) > 1 else None}
        )
    return pl.DataFrame(rows, schema_overrides={"seed_sd": pl.Float64})


def contrast(
    scores: pl.DataFrame,
    pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]],
    value: str,
    evaluation: Evaluation,
) -> pl.DataFrame:
    """Paired differences between arms, cue by cue.

    Args:
        scores: As for :func:`cue_means`; both arms of a pair have the same cues.
        pairs: ((model, method), (model, method)): the second is subtracted from the first.
        value: Column to compare.
        evaluation: Of the interval.

    Returns:
        ``model, method, minus, k``; ``mean, low, high`` of the difference; ``n_cues``;
        ``excludes_zero``. A pair without a common cue has no row.
    """
    interval, means, rows = interval_of(evaluation), cue_means(scores, value), []
    for first, second in pairs:
        both = means.filter(_is(*first)).join(
            means.filter(_is(*second)), on=["cue", "k"], how="inner", suffix="_minus"
        )
        for (k,), cues in _groups(both, ["k"]):
            found = interval((cues["value"] - cues["value_minus"]).to_numpy())
            rows.append(
                {"model": first[0], "method": first[1], "minus": second[1], "k": k}
                | _columns(found)
                | {"excludes_zero": found.low > 0 or found.high < 0}
            )
    return pl.DataFrame(rows, CONTRAST)


def contrast_pairs(
    arms: Sequence[tuple[str, str]], controls: Sequence[str], baseline: tuple[str, str] | None
) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Which arms are compared: each trained method with vanilla, the controls, the baseline.

    The controls themselves are compared with vanilla alone.

    Args:
        arms: (model, method) of all arms.
        controls: Methods that are controls.
        baseline: The frequency baseline, if it is compared.
    """
    pairs = []
    for arm in arms:
        model, method = arm
        if method == "vanilla":
            continue
        others = ["vanilla"] if method in controls else ["vanilla", *controls]
        pairs += [(arm, (model, other)) for other in others if (model, other) in arms]
        pairs += [(arm, baseline)] if baseline and method not in controls else []
    return pairs


def describe_lists(lists: Sequence[Mapping[str, Any]], lower: int) -> dict[str, float]:
    """Quality of an arm's lists, apart from their precision.

    Args:
        lists: For each cue ``parsable``, ``truncated`` (at the token limit), ``n_items`` (as
            written), ``words`` (different, normalized).
        lower: Size the prompt asked for at least.

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


def _columns(found: Interval) -> dict[str, float | int]:
    return {"mean": found.mean, "low": found.low, "high": found.high, "n_cues": found.n}


def _is(model: str, method: str) -> pl.Expr:
    return (pl.col("model") == model) & (pl.col("method") == method)


def _groups(table: pl.DataFrame, keys: list[str]) -> Any:
    return table.sort(*keys).group_by(*keys, maintain_order=True)
