"""From scores of cues to the profile of humans and arms: means, tests, differences.

``scores`` are those of ``attribute_scores.score_lists`` with ``model, method, seed`` in front;
humans have the model ``-`` and the method ``human``. Intervals are over cues and seeds; tests pair
cues, averaged over seeds.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.config.scales import SPANS
from culturalign.report.attributes.likeness import Noise, Tracking, human_level, tracking
from culturalign.stats.paired_tests import equivalence, rank_biserial, wilcoxon
from culturalign.stats.summary import (
    ARM,
    ENDS,
    SHARE,
    Bounds,
    Pair,
    differences,
    ends,
    group_intervals,
    groups,
    interval_of,
    is_arm,
    run_differences,
    runs_of,
    with_verdict,
)

HUMAN = ("-", "human")
FEWEST = 10
"""Cues that the test of which arm is nearer to humans needs, as run."""
NEARER: dict[str, Any] = {
    **dict.fromkeys(("model", "method", "minus", "measure"), pl.String),
    **dict.fromkeys((*(f"nearer{end}" for end in ENDS), "p_nearer"), pl.Float64),
    "n_nearer": pl.Int64,
}
SHARES = ("emotional", "concrete", "abstract", "unknown")
BOUNDS: dict[str, Bounds] = {
    **{name: (span.low, span.high) for name, span in SPANS.items()},
    **dict.fromkeys((*SHARES, *(f"{name} found" for name in SPANS)), SHARE),
}
TESTS: dict[str, Any] = {
    **dict.fromkeys((*ARM, "measure"), pl.String),
    **dict.fromkeys((f"difference{end}" for end in ENDS), pl.Float64),
    **dict.fromkeys(("p", "rank_biserial", "margin", "p_equivalence"), pl.Float64),
    **dict.fromkeys(("differs", "equivalent"), pl.Boolean),
    "n_pairs": pl.Int64,
    **dict.fromkeys(Tracking._fields, pl.Float64),
    "human_level": pl.Boolean,
}


def measures(scores: pl.DataFrame, *, pooled: bool = False) -> pl.DataFrame:
    """Every measure of every cue: ``model, method, seed, cue, measure, value``.

    Args:
        scores: As the module describes.
        pooled: Whether the mean of a share is that of all words together (:func:`_pooled`).

    The measures are the attributes' medians (null without a known word), and shares of the
    associations looked at (null without words): those with a norm (``valence found``, ...);
    ``emotional``, those in the valence norms; ``concrete``, ``abstract`` and ``unknown`` in the
    concreteness norms.
    """
    keys = [*ARM, "seed", "cue"]
    medians = scores.select(*keys, measure="attribute", value="median")
    share = _pooled if pooled else lambda part: part / pl.col("words")
    known, concrete, words = (pl.col(name) for name in ("known", "concrete", "words"))
    found = scores.select(*keys, measure=pl.col("attribute") + " found", value=share(known))
    concreteness, valence = (scores.filter(attribute=name) for name in ("concreteness", "valence"))
    shares = {
        "emotional": (valence, share(known)),
        "concrete": (concreteness, share(concrete)),
        "abstract": (concreteness, share(known - concrete)),
        "unknown": (concreteness, share(words - known)),
    }
    parts = [
        table.select(*keys, measure=pl.lit(name), value=value)
        for name, (table, value) in shares.items()
    ]
    # Without words the shares are 0 / 0.
    return pl.concat([medians, found, *parts]).with_columns(pl.col("value").fill_nan(None))


def _pooled(part: pl.Expr) -> pl.Expr:
    """A value for each cue whose mean is the pooled share, sum of parts / sum of words.

    R + (part - R words) / mean words, with R the pooled share of the arm and seed: its mean is R,
    and its variance that of a ratio (Cochran 1977, section 6.3), so that the intervals hold.
    """
    words, of_arm = pl.col("words"), [*ARM, "seed", "attribute"]
    total = words.sum().over(of_arm)
    ratio, each = part.sum().over(of_arm) / total, total / (words > 0).sum().over(of_arm)
    return pl.when(words > 0).then(ratio + (part - ratio * words) / each)


def cue_values(values: pl.DataFrame) -> pl.DataFrame:
    """Mean over seeds: ``model, method, measure, cue, value``, sorted.

    A cue that no seed has a value of has a null.
    """
    keys = [*ARM, "measure", "cue"]
    return values.group_by(keys).agg(pl.col("value").mean()).sort(keys)


def mean_rows(values: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """Mean of each measure over cues (the cells of tables 5, 6, 12 and 13).

    Returns:
        ``model, method, measure``; ``mean, low, high``; ``n_cues`` with a value; ``n_seeds``;
        ``seed_sd``, the standard deviation of the seeds' means (null with one seed). Without any
        value ``n_cues`` is 0 and the mean is null.
    """
    keys = [*ARM, "measure"]
    seeds = values.group_by(*keys, "seed").agg(pl.col("value").mean())
    spread = seeds.group_by(keys).agg(
        n_seeds=pl.len().cast(pl.Int64), seed_sd=pl.col("value").std()
    )
    found = values.drop_nulls("value").sort(keys, maintain_order=True)
    means = group_intervals(found, keys, evaluation.confidence, bounds=BOUNDS).drop("n_seeds")
    table = spread.sort(keys).join(means, on=keys, how="left", maintain_order="left")
    return table.with_columns(pl.col("n").fill_null(0).alias("n_cues")).select(
        *keys, "mean", "low", "high", "n_cues", "n_seeds", "seed_sd"
    )


def against_humans(
    values: pl.DataFrame, evaluation: Evaluation, options: Norms, noise: Mapping[str, Noise]
) -> pl.DataFrame:
    """Compare each arm's attributes with those of humans, paired by cue.

    Args:
        values: From :func:`measures`, humans included.
        evaluation: Settings of the intervals.
        options: Level of both tests, margin of the equivalence test, threshold of the ratio.
        noise: Attribute -> its noise; without it nothing is equivalent.

    Returns:
        ``model, method, measure`` (an attribute); ``difference`` arm minus human, mean over
        cues with a median on both sides, with its interval; ``p``, Wilcoxon signed-rank,
        two-sided (paper, appendix G); ``rank_biserial``; ``margin`` on the common span;
        ``p_equivalence``; ``differs`` (p < level); ``equivalent`` (p_equivalence < level);
        ``n_pairs``; the fields of ``Tracking``; ``human_level``.
    """
    everyone = values.filter(pl.col("measure").is_in(list(SPANS))).drop_nulls("value")
    rows: list[tuple[Any, ...]] = []
    for key, mine in groups(everyone.filter(~is_arm(HUMAN)), [*ARM, "measure"]):
        people = everyone.filter(is_arm(HUMAN), measure=key[-1])
        shifts = run_differences(mine, people, ["cue"])
        if shifts.is_empty():
            continue
        interval, of_people = interval_of(shifts, evaluation.confidence), noise.get(key[-1])
        width = options.margin * of_people.spread if of_people else None
        runs, clusters = runs_of(shifts, "cue")
        by_cue = shifts.group_by("cue").agg(pl.col("value").mean()).sort("cue")["value"].to_numpy()
        p, same = wilcoxon(by_cue)[0], equivalence(runs, width, clusters) if width else None
        shown = same is not None and same < options.level
        tests = (p, rank_biserial(by_cue), width, same, p < options.level, shown)
        table, human = _beside(mine, people)
        unknown = Noise(0.0, None)
        follows = tracking(table, human, of_people or unknown, evaluation.confidence, clusters)
        row = (*key, *ends("", interval).values(), *tests, interval.n, *follows)
        same_level = human_level(
            {"equivalent": shown, "ratio_low": follows.ratio_low}, options.human_level
        )
        rows.append((*row, same_level))
    return pl.DataFrame(rows, schema=TESTS, orient="row")


def _beside(
    mine: pl.DataFrame, people: pl.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Medians of the cues of both, sorted: of each run (runs, n), and of people (n,)."""
    both = mine.join(people.select("cue", human="value"), on="cue")
    human = both.group_by("cue").agg(pl.col("human").first()).sort("cue")["human"].to_numpy()
    return runs_of(both, "cue")[0], human


def contrast_rows(
    values: pl.DataFrame, pairs: Sequence[Pair], evaluation: Evaluation
) -> pl.DataFrame:
    """Paired differences between arms: the columns of ``summary.contrast``, ``measure`` for K.

    Also ``nearer``: mean of |arm - human| - |other - human| over the cues that all three have a
    median of and over training runs, below 0 if the arm is nearer, with its
    :func:`culturalign.stats.summary.ends`; ``p_nearer``, of Wilcoxon's one-sided test that it is,
    on means over runs; ``n_nearer`` cues. The test needs ten cues (as run); with fewer the p is
    null.
    """
    shown = values.filter(pl.col("measure").is_in(list(SPANS))).drop_nulls("value")
    order = pl.col("measure").replace_strict({name: i for i, name in enumerate(SPANS)})
    shifts = differences(shown.sort(order, maintain_order=True), pairs, "measure")
    keys = [*ARM, "minus", "measure"]
    rows = with_verdict(
        group_intervals(shifts, keys, evaluation.confidence).rename({"n": "n_cues"})
    )
    people = shown.filter(is_arm(HUMAN)).select("measure", "cue", human="value")
    apart = shown.join(people, on=["measure", "cue"], maintain_order="left").with_columns(
        (pl.col("value") - pl.col("human")).abs()
    )
    tests = [
        (*key, *_nearer(block, evaluation.confidence))
        for key, block in differences(apart, pairs, "measure").group_by(keys, maintain_order=True)
    ]
    nearer = pl.DataFrame(tests, NEARER, orient="row")
    return rows.join(nearer, on=keys, how="left", maintain_order="left")


def _nearer(shifts: pl.DataFrame, confidence: float) -> tuple[float | int | None, ...]:
    """Columns of ``NEARER`` after the keys."""
    found = interval_of(shifts, confidence)
    means = shifts.group_by("cue", maintain_order=True).agg(pl.col("value").mean())["value"]
    p = wilcoxon(means.to_numpy())[1] if len(means) >= FEWEST else None
    return *ends("", found).values(), p, found.n
