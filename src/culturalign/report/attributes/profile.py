"""From scores of cues to the profile of humans and arms: means, tests, differences.

``scores`` are those of ``medians.score_lists`` with ``model, method, seed`` in front; humans have
the model ``-`` and the method ``human``. Cues, not seeds, are what intervals resample and tests
pair: a cue is averaged over seeds first.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.scales import SPANS
from culturalign.stats.intervals import Interval, bootstrap_means
from culturalign.stats.paired_tests import equivalence, rank_biserial, wilcoxon

ARM = ["model", "method"]
HUMAN = ("-", "human")
SHARES = ("emotional", "concrete", "abstract", "unknown")
MEANS: dict[str, Any] = {
    **dict.fromkeys((*ARM, "measure"), pl.String),
    **dict.fromkeys(("mean", "low", "high"), pl.Float64),
    **dict.fromkeys(("n_cues", "n_seeds"), pl.Int64),
    "seed_sd": pl.Float64,
}
TESTS: dict[str, Any] = {
    **dict.fromkeys((*ARM, "measure"), pl.String),
    **dict.fromkeys(("difference", "difference_low", "difference_high"), pl.Float64),
    **dict.fromkeys(("p", "rank_biserial", "margin", "p_equivalence"), pl.Float64),
    **dict.fromkeys(("differs", "equivalent"), pl.Boolean),
    "n_pairs": pl.Int64,
}


def measures(scores: pl.DataFrame) -> pl.DataFrame:
    """Every measure of every cue.

    The measures are the attributes' medians, and shares of the associations looked at: those
    with a norm (``valence found``, ...); ``emotional``, those in the valence norms;
    ``concrete``, ``abstract`` and ``unknown`` in the concreteness norms.

    Args:
        scores: As the module describes.

    Returns:
        ``model, method, seed, cue, measure, value``; null is the median of a cue without a known
        word, and the shares of one without words.
    """
    keys = [*ARM, "seed", "cue"]
    medians = scores.select(*keys, measure="attribute", value="median")
    share = pl.col("known") / pl.col("words")
    found = scores.select(*keys, measure=pl.col("attribute") + " found", value=share)
    concreteness, valence = (scores.filter(attribute=name) for name in ("concreteness", "valence"))
    shares = {
        "emotional": (valence, share),
        "concrete": (concreteness, pl.col("concrete") / pl.col("words")),
        "abstract": (concreteness, (pl.col("known") - pl.col("concrete")) / pl.col("words")),
        "unknown": (concreteness, 1 - share),
    }
    parts = [
        table.select(*keys, measure=pl.lit(name), value=value)
        for name, (table, value) in shares.items()
    ]
    # Without words the shares are 0 / 0.
    return pl.concat([medians, found, *parts]).with_columns(pl.col("value").fill_nan(None))


def cue_means(values: pl.DataFrame) -> pl.DataFrame:
    """Mean over seeds: ``model, method, measure, cue, value``, sorted; nulls are left out."""
    return cue_values(values).drop_nulls("value")


def cue_values(values: pl.DataFrame) -> pl.DataFrame:
    """As :func:`cue_means`, with a null for a cue that no seed has a value of."""
    keys = [*ARM, "measure", "cue"]
    return values.group_by(keys).agg(pl.col("value").mean()).sort(keys)


def mean_rows(values: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """Mean of each measure over cues (the cells of tables 5, 6, 12 and 13).

    Args:
        values: From :func:`measures`.
        evaluation: Of the intervals.

    Returns:
        ``model, method, measure``; ``mean, low, high``; ``n_cues`` with a value; ``n_seeds``;
        ``seed_sd``, the standard deviation of the seeds' means (null with one seed). Without any
        value ``n_cues`` is 0 and the mean is null.
    """
    keys = [*ARM, "measure"]
    groups = list(_groups(cue_means(values), keys))
    spread = (
        values.group_by(*keys, "seed")
        .agg(pl.col("value").mean())
        .group_by(keys)
        .agg(n_seeds=pl.len().cast(pl.Int64), seed_sd=pl.col("value").std())
    )
    found = _intervals([group["value"] for _, group in groups], evaluation)
    rows = [(*key, i.mean, i.low, i.high, i.n) for (key, _), i in zip(groups, found, strict=True)]
    schema = {name: MEANS[name] for name in (*keys, "mean", "low", "high", "n_cues")}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    everyone = spread.sort(keys).join(table, on=keys, how="left", maintain_order="left")
    return everyone.with_columns(pl.col("n_cues").fill_null(0)).select(*MEANS)


def against_humans(
    values: pl.DataFrame, evaluation: Evaluation, *, level: float, margin: float
) -> pl.DataFrame:
    """Each arm's attributes against those of humans, paired by cue.

    Args:
        values: From :func:`measures`; with humans.
        evaluation: Of the interval of the difference.
        level: Of both tests.
        margin: Of the equivalence test, as a share of the attribute's common span.

    Returns:
        ``model, method, measure`` (an attribute); ``difference`` arm minus human, mean over
        cues with a median on both sides, with its interval; ``p``, Wilcoxon signed-rank,
        two-sided (paper, appendix G); ``rank_biserial``; ``margin`` on the common span;
        ``p_equivalence``; ``differs`` (p < level); ``equivalent`` (p_equivalence < level);
        ``n_pairs``.
    """
    everyone = cue_means(values.filter(pl.col("measure").is_in(list(SPANS))))
    human = _is(HUMAN)
    pairs = everyone.filter(~human).join(
        everyone.filter(human).select("measure", "cue", human="value"), on=["measure", "cue"]
    )
    groups = list(_groups(pairs, [*ARM, "measure"]))
    differences = [(g["value"] - g["human"]).to_numpy() for _, g in groups]
    rows = []
    found = _intervals(differences, evaluation)
    for (key, _), values_, interval in zip(groups, differences, found, strict=True):
        span = SPANS[key[-1]]
        width = margin * (span.high - span.low)
        p, same = wilcoxon(values_)[0], equivalence(values_, width)
        shown = same is not None and same < level
        tests = (p, rank_biserial(values_), width, same, p < level, shown)
        rows.append((*key, interval.mean, interval.low, interval.high, *tests, interval.n))
    return pl.DataFrame(rows, schema=TESTS, orient="row")


def contrast_rows(
    values: pl.DataFrame,
    pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]],
    evaluation: Evaluation,
) -> pl.DataFrame:
    """Paired differences between arms, cue by cue.

    Args:
        values: From :func:`measures`.
        pairs: ((model, method), (model, method)): the second is subtracted from the first.
        evaluation: Of the interval.

    Returns:
        ``model, method, minus, measure`` (an attribute); ``mean, low, high``; ``n_cues``;
        ``excludes_zero``.
    """
    means = cue_means(values)
    keys, differences = [], []
    for first, second in pairs:
        less = means.filter(_is(second)).select("measure", "cue", less="value")
        both = means.filter(_is(first)).join(less, on=["measure", "cue"])
        for measure in SPANS:
            group = both.filter(measure=measure)
            if len(group):
                keys.append((*first, second[1], measure))
                differences.append((group["value"] - group["less"]).to_numpy())
    rows = [
        (*key, i.mean, i.low, i.high, i.n, i.low > 0 or i.high < 0)
        for key, i in zip(keys, _intervals(differences, evaluation), strict=True)
    ]
    names = ["model", "method", "minus", "measure", "mean", "low", "high", "n_cues"]
    schema = dict(zip(names, [pl.String] * 4 + [pl.Float64] * 3 + [pl.Int64], strict=True))
    return pl.DataFrame(rows, schema={**schema, "excludes_zero": pl.Boolean}, orient="row")


def _intervals(columns: Sequence[Any], evaluation: Evaluation) -> list[Interval]:
    return bootstrap_means(
        [np.asarray(column) for column in columns],
        resamples=evaluation.bootstrap,
        confidence=evaluation.confidence,
        seed=evaluation.seed,
    )


def _is(arm: tuple[str, str]) -> pl.Expr:
    return (pl.col("model") == arm[0]) & (pl.col("method") == arm[1])


def _groups(table: pl.DataFrame, keys: Sequence[str]) -> Any:
    return table.sort(*keys, maintain_order=True).group_by(*keys, maintain_order=True)
