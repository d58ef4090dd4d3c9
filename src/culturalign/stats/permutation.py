"""A permutation test of paired differences whose units come in clusters."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from culturalign.stats.intervals import FEWEST, Array, owners

BLOCK = 2000
"""Sign patterns in memory at a time."""


def sign_flip(
    differences: ArrayLike,
    clusters: Sequence[Any] | None = None,
    *,
    resamples: int,
    seed: int,
) -> float | None:
    """Test that the mean of paired differences is 0: how often are signs by chance as extreme?

    The sign of a whole cluster is flipped, and the mean is divided by its CR2 error each time,
    which keeps the level where differences are skewed too. All patterns of signs are taken if
    there are no more than ``resamples``.

    Args:
        differences: One a unit, averaged over training runs.
        clusters: For each unit its cluster; None: each is its own.
        resamples: Random sign patterns.
        seed: Seed of the patterns.

    Returns:
        Two-sided p; None with fewer than five clusters, where p below 0.05 cannot occur.

    Source:
        Fisher (1935), section 21; clusters and studentizing: Cameron, Gelbach and Miller (2008),
        the wild cluster bootstrap with the null imposed and Rademacher weights.
    """
    values: Array = np.asarray(differences, dtype=float).round(12)
    owner = owners(values.size, clusters)
    sums = np.asarray(np.bincount(owner, weights=values), dtype=float)
    sizes = np.asarray(np.bincount(owner), dtype=float)
    if len(sums) < FEWEST:
        return None
    observed = _statistic(np.ones((1, len(sums))), sums, sizes)[0]
    whole = 2 ** len(sums) <= resamples
    signs = np.array(list(product([-1, 1], repeat=len(sums)))) if whole else None
    count = 2 ** len(sums) if whole else resamples
    rng, extreme = np.random.default_rng(seed), 0
    for start in range(0, count, BLOCK):
        shape = (min(BLOCK, count - start), len(sums))
        drawn = rng.choice([-1.0, 1.0], shape) if signs is None else signs[start : start + BLOCK]
        extreme += int((_statistic(drawn, sums, sizes) >= observed - 1e-9).sum())
    return extreme / count if whole else (extreme + 1) / (count + 1)


def _statistic(signs: Array, sums: Array, sizes: Array) -> Array:
    """Squared mean over itself and its CR2 variance, 0 to 1: it rises with the t statistic."""
    n = sizes.sum()
    flipped = signs * sums
    means = flipped.sum(1) / n
    rest = flipped - means[:, None] * sizes
    variance = np.square(rest) @ (1 / (1 - sizes / n)) / n**2
    whole = means**2 + variance
    return np.divide(means**2, whole, out=np.zeros_like(whole), where=whole > 0)
