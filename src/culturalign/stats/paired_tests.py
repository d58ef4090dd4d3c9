"""Paired tests: difference, equivalence and effect size; correction for many tests."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from culturalign.stats.intervals import FEWEST, spread
from culturalign.stats.ranks import mean_ranks

Array = NDArray[np.float64]


def wilcoxon(differences: ArrayLike) -> tuple[float, float]:
    """Signed-rank test of paired differences.

    Zeros are dropped, ties get their mean rank; differences count to 12 decimals, so that
    rounding neither makes nor breaks ties. The distribution is exact up to 50 pairs, with ties up
    to 13; beyond, normal with tie correction, without continuity correction.

    Returns:
        p two-sided, and p of "the differences are below 0"; 1 and 1 if all are zero.

    Source:
        Wilcoxon (1945), by ``scipy.stats.wilcoxon``.
    """
    from scipy import stats  # half a second, in the few jobs that test

    found = _nonzero(differences)  # scipy drops zeros too, but is not exact then
    if not len(found):
        return 1.0, 1.0
    two_sided, below = (
        float(stats.wilcoxon(found, alternative=alternative).pvalue)
        for alternative in ("two-sided", "less")
    )
    return two_sided, below


def rank_biserial(differences: ArrayLike) -> float:
    """Matched-pairs rank-biserial correlation, the effect size of the signed-rank test.

    Returns:
        -1 (every difference is below 0) to 1; 0 if all are zero.

    Source:
        Kerby (2014), The simple difference formula.
    """
    found = _nonzero(differences)
    if not len(found):
        return 0.0
    ranks = mean_ranks(np.abs(found))
    return float((ranks * np.sign(found)).sum() / ranks.sum())


def equivalence(
    differences: ArrayLike, margin: float, clusters: Sequence[Any] | None = None
) -> float | None:
    """Two one-sided t-tests: does the mean difference lie within the margin on both sides?

    Args:
        differences: One a pair, or (runs, pairs), as for
            :func:`culturalign.stats.intervals.spread`.
        margin: Above 0, in the differences' unit.
        clusters: For each pair its cluster; None: each is its own.

    Returns:
        The larger of the two p; below the level, equivalence is shown. None with fewer than five
        clusters.

    Source:
        Schuirmann (1987), A comparison of the two one-sided tests procedure and the power
        approach.
    """
    found = spread(differences, clusters)
    if found.clusters < FEWEST:
        return None
    if found.total**0.5 < 1e-12:  # all differences are the same
        return 0.0 if abs(found.mean) < margin else 1.0
    return found.tail(margin - abs(found.mean))


def crossed_t(values: ArrayLike, clusters: Sequence[Any] | None = None) -> float | None:
    """Two-sided p that a mean over units and training runs is 0; arguments as for
    :func:`culturalign.stats.intervals.spread`. None with fewer than five clusters."""
    found = spread(values, clusters)
    if found.clusters < FEWEST:
        return None
    if found.total**0.5 < 1e-12:
        return 0.0 if abs(found.mean) > 1e-12 else 1.0
    return 2 * found.tail(abs(found.mean))


def holm(p: pl.Expr) -> pl.Expr:
    """P-values corrected for all tests of a family: bounds the chance of any false positive.

    Source:
        Holm (1979), A simple sequentially rejective multiple test procedure.
    """
    rank = p.rank("ordinal")
    scaled = p * (pl.len() + 1 - rank)
    return scaled.sort_by(rank).cum_max().clip(upper_bound=1).gather(rank - 1)


def _nonzero(differences: ArrayLike) -> Array:
    rounded: Array = np.round(np.asarray(differences, dtype=float), 12)
    return rounded[rounded != 0]
