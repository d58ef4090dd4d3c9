"""Agreement of two scores of the same units, and how far noise lets them agree.

Sources:
    Lin (1989), A concordance correlation coefficient to evaluate reproducibility. Spearman (1904)
    and Brown (1910) for the reliability of a whole from its halves, and Spearman (1904) for the
    correlation without the noise of one side. Fisher (1921) for intervals; Donner and Zou (2012)
    and Newcombe (2016) for those of a ratio.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from culturalign.stats.intervals import FEWEST, Spread, between_runs, cr2, interaction, owners

Array = NDArray[np.float64]
Ends = tuple[float, float, float]
"""An estimate with the ends of its interval: mean, low, high."""


class Correlation(NamedTuple):
    """A correlation with what makes it uncertain, on the scale of Fisher's z.

    Attributes:
        r: The correlation; of several runs, that of their mean z.
        n: Pairs.
        effect: Variance over clusters of pairs by that over pairs; at least 1.
        runs: Of each training run its z; empty for one.
        averaged: Variance over pairs of the mean of the runs by that of one run.
        mixed: Variance between runs from what each does with each pair.
    """

    r: float
    n: int
    effect: float = 1.0
    runs: tuple[float, ...] = ()
    averaged: float = 1.0
    mixed: float = 0.0

    @property
    def alone(self) -> float:
        """Variance of one run's z over pairs."""
        return self.effect / (self.n - 3)

    @property
    def spread(self) -> Spread:
        """Variance of z over pairs and between runs."""
        between = between_runs([(self.runs, self.mixed)])
        return Spread(np.arctanh(self.r), self.alone * self.averaged, np.inf, self.n, between)


def pearson(first: ArrayLike, second: ArrayLike) -> float | None:
    """Pearson correlation; None with fewer than three pairs, or without variation."""
    x, y = (np.asarray(values, dtype=float).round(12) for values in (first, second))
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))


def correlation(
    first: ArrayLike, second: ArrayLike, clusters: Sequence[Any] | None = None
) -> Correlation | None:
    """Correlation of pairs that come in clusters, of one training run or several.

    Clusters widen the interval where products of a cluster's deviations agree, and never narrow
    it: the variance of the mean of the influences over clusters, by that over pairs. Runs that err
    with different pairs narrow it.

    Args:
        first: (n,), or (runs, n) with NaN where a run has none.
        second: (n,).
        clusters: For each pair its cluster; None: each is its own.

    Returns:
        None if something does not vary, or with fewer than five pairs or clusters.

    Source:
        Influence of a pair on r: Devlin, Gnanadesikan and Kettenring (1975).
    """
    runs, y = np.atleast_2d(np.asarray(first, dtype=float)), np.asarray(second, dtype=float)
    owner = owners(y.size, clusters)
    given = np.isfinite(runs)
    rs = [pearson(run[there], y[there]) for run, there in zip(runs, given, strict=True)]
    whole = [r for r in rs if r is not None]
    fewest = min(np.unique(owner[there]).size for there in given)
    if len(whole) < len(rs) or fewest < FEWEST:
        return None
    z = np.arctanh(np.clip(whole, -1 + 1e-12, 1 - 1e-12))
    n, r = int(given.sum(1).min()), float(np.tanh(z.mean()))
    effect = np.mean([_effect(_influences(run[there], y[there]), owner[there])
                      for run, there in zip(runs, given, strict=True)])  # fmt: skip
    found = Correlation(r, n, float(effect))
    return found if len(z) == 1 else _over_runs(found, z, runs, y)


def _over_runs(found: Correlation, z: Array, runs: Array, y: Array) -> Correlation:
    """With the variance that training runs add, and that their mean averages out."""
    rows = np.full(runs.shape, np.nan)
    for run, there, row in zip(runs, np.isfinite(runs), rows, strict=True):
        influences = _influences(run[there], y[there])
        row[there] = influences / max(influences.std(), 1e-9)  # as on the scale of z
    rows = rows[:, np.isfinite(rows).any(axis=0)]
    mean = np.nanmean(rows, axis=0)
    mixed = interaction(rows, np.arange(mean.size)) * mean.size * found.alone
    averaged = min(float(mean.var()), 1.0)
    return found._replace(runs=tuple(z.tolist()), averaged=averaged, mixed=mixed)


def _influences(x: Array, y: Array) -> Array:
    """Influence of each pair on the correlation of x and y."""
    x, y = ((values - values.mean()) / values.std() for values in (x, y))
    return x * y - np.mean(x * y) * (x**2 + y**2) / 2


def _effect(influences: Array, owner: NDArray[np.int64]) -> float:
    """Design effect of clusters on the mean of the influences."""
    apart = cr2(influences, np.arange(influences.size)).variance
    if apart < 1e-18:
        return 1.0
    return max(1.0, cr2(influences, owners(influences.size, owner.tolist())).variance / apart)


def fisher_interval(found: Correlation, confidence: float) -> Ends:
    """Interval of a correlation."""
    spread = found.spread
    z, half = spread.mean, spread.half(confidence)
    return found.r, float(np.tanh(z - half)), float(np.tanh(z + half))


def concordance(first: ArrayLike, second: ArrayLike) -> float | None:
    """Lin's concordance: 1 only if all pairs are equal, not just on a line; None if undefined."""
    x, y = (np.asarray(values, dtype=float) for values in (first, second))
    apart = x.var() + y.var() + (x.mean() - y.mean()) ** 2 if len(x) > 2 else 0.0
    return float(2 * np.mean((x - x.mean()) * (y - y.mean())) / apart) if apart > 1e-12 else None


def reliability(half_correlation: float) -> float:
    """Reliability of the whole from the correlation of its halves; at least 0."""
    return max(0.0, 2 * half_correlation / (1 + half_correlation)) if half_correlation > 0 else 0.0


def attained(
    found: Correlation, halves: Correlation, splits: int, confidence: float
) -> Ends | None:
    """A correlation with people over the root of their reliability, and its interval.

    Both are estimated from the same units. An error of the people's medians lowers both, so that
    the two correlate by half the first. Splits of the same people are worth less than new people:
    the variance of the mean of m of them is (1 + 1 / m) / 2 of one's, since infinitely many have
    half of it.

    Args:
        found: Of an arm and people.
        halves: Of halves of the people; ``r`` is the mean of the splits. Its units are those of
            ``found``, and have the same clusters.
        splits: Number of random splits.
        confidence: Level of the interval.

    Returns:
        None where the halves are not shown to correlate.

    Source:
        MOVER for ratios: Donner and Zou (2012), Closed-form confidence intervals for functions of
        the normal mean and standard deviation. Covariance of correlations: Olkin and Siotani
        (1976). Variance of a reliability: van Zyl, Neudecker and Nel (2000).
    """
    if halves.n < FEWEST:
        return None
    part = (1 + 1 / splits) / 2
    noisy = halves._replace(effect=found.effect * part)
    if fisher_interval(noisy, confidence)[1] <= 0:
        return None
    r = fisher_interval(found, confidence)
    root = tuple(reliability(h) ** 0.5 for h in fisher_interval(noisy, confidence))
    spread = found.spread
    shared = min(found.alone / spread.total, 1.0) ** 0.5
    return ratio(r, root, found.r / 2 / part**0.5 * shared)


def ratio(top: Ends, under: Ends, rho: float) -> Ends:
    """Ratio of two estimates that correlate by rho; the second and its ends are above 0."""
    x, y, ends = top[0], under[0], []
    for sign, far in ((-1, top[1]), (1, top[2])):
        # the far end of the ratio has the sign of that of the numerator
        away = under[2] if (far > 0) == (sign < 0) else under[1]
        a, b = abs(x - far), abs(y - away)
        square, middle = y * y - b * b, x * y - rho * a * b
        root = max(middle**2 - square * (x * x - a * a), 0.0) ** 0.5
        ends.append((middle + sign * root) / square)
    return x / y, ends[0], ends[1]
