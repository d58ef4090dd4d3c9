"""Intervals of means over cues or questions that come in clusters, and over training runs.

One way for every table. The standard error is CR2 (Bell and McCaffrey), which is exact on average
if units are alike within and between clusters; t has Satterthwaite's degrees of freedom, so that
few or unequal clusters widen the interval, and many make it normal. Without clusters it is
Student's t. Several training runs (seeds) add their own variance, and few of them show little of
it. Of the two ways to join variances of different degrees of freedom, adding squares of half widths
(Howe) is too wide with few runs, and one t with the joint degrees of freedom (Satterthwaite) too
narrow; the mean of the squares of both half widths is used.

Sources:
    Bell and McCaffrey (2002), Bias reduction in standard errors for linear regression with
    multi-stage samples; Pustejovsky and Tipton (2018), equation 12 (degrees of freedom).
    Howe (1974), Approximate confidence limits on the mean of X + Y; Satterthwaite (1946). Wilson
    (1927) for bounded scores, with the effective sample size of Korn and Graubard (1998).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtridf, stdtrit

Array = NDArray[np.float64]
FEWEST = 5
"""An interval needs as many clusters (Cameron and Miller 2015: fewer say next to nothing)."""

SMALLEST = 1e-12
"""No p over several runs is said to be below it."""


@dataclass(frozen=True)
class Interval:
    """A mean with its interval over ``n`` units in ``clusters`` and ``runs`` training runs.

    ``low`` and ``high`` are None where the data cannot give an interval; it is as wide as one by t
    with ``df`` degrees of freedom.
    """

    mean: float
    low: float | None
    high: float | None
    n: int
    clusters: int
    runs: int = 1
    df: float | None = None

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of 0; without an interval it does not."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


class Spread(NamedTuple):
    """Variance of a mean, over units and training runs.

    Attributes:
        mean: The mean.
        variance: Its variance over units; NaN for one cluster, as are ``df``.
        df: Degrees of freedom.
        clusters: Clusters of units.
        between: Of each arm with several runs, the variance between them and its degrees of
            freedom (:func:`between_runs`).
    """

    mean: float
    variance: float
    df: float
    clusters: int
    between: tuple[tuple[float, int], ...] = ()

    @property
    def total(self) -> float:
        """Variance over units and between runs."""
        return self.variance + sum(variance for variance, _ in self.between)

    def half(self, confidence: float) -> float:
        """Half of the interval's width."""
        return self._reach((1 - confidence) / 2)

    def df_at(self, confidence: float) -> float:
        """Degrees of freedom of the t that is as wide."""
        if not self.between or self.total <= 0:
            return self.df
        return float(stdtridf((1 + confidence) / 2, self.half(confidence) / self.total**0.5))

    def tail(self, distance: float) -> float:
        """One-sided p of a mean that lies this far on the other side of a bound: the interval
        whose half width is the distance leaves as much on one side."""
        if not self.between:
            return float(stdtr(self.df, -distance / self.variance**0.5))
        from scipy.optimize import brentq  # takes half a second

        if distance < 0:
            return 1 - self.tail(-distance)
        if self._reach(SMALLEST) <= distance:
            return SMALLEST
        found = brentq(lambda log: self._reach(exp(log)) - distance, log(SMALLEST), log(0.5))
        return float(exp(found))

    def _reach(self, tail: float) -> float:
        parts = ((self.variance, min(self.df, 1e9)), *self.between)
        apart = sum(stdtrit(df, tail) ** 2 * variance for variance, df in parts)
        if len(parts) == 1 or self.total <= 0:
            return float(apart) ** 0.5
        df = self.total**2 / sum(variance**2 / df for variance, df in parts)
        return float((apart + stdtrit(df, tail) ** 2 * self.total) / 2) ** 0.5


def mean_interval(
    values: ArrayLike,
    clusters: Sequence[Any] | None = None,
    *,
    confidence: float,
    bounds: tuple[float, float] | None = None,
) -> Interval:
    """Interval of a mean over units, and over training runs if there are several.

    There is none with fewer than five clusters. For a difference, which has no bounds, clusters
    with the commonest value count as one: two changes among forty questions have no estimable
    variance. If all clusters differ by the same, the interval has no width.

    Args:
        values: A number for each unit (cue, question), (n,); or for each run and unit, (S, n), NaN
            where a run has none. For a paired difference pass the differences.
        clusters: For each unit its cluster, e.g. domain or battery; None: each is its own.
        confidence: Level, e.g. 0.95.
        bounds: Smallest and largest possible score. The interval stays inside, and is right for
            scores near a bound too.

    Raises:
        ValueError: If there is no value, or a unit or run without any.
    """
    table = _table(values)
    owner = owners(table.shape[1], clusters)
    units, found = np.nanmean(table, axis=0), _over_runs(table, owner)
    shape, df = (units.size, found.clusters, len(table)), found.df_at(confidence)
    if found.clusters < FEWEST or (bounds is None and _distinct(units, owner) < FEWEST):
        return Interval(found.mean, None, None, *shape)
    if bounds is None:
        half = found.half(confidence)
        return Interval(found.mean, found.mean - half, found.mean + half, *shape, df)
    return Interval(found.mean, *_wilson(found, confidence, bounds), *shape, df)


def spread(values: ArrayLike, clusters: Sequence[Any] | None = None) -> Spread:
    """Mean of units and runs with its variance; arguments as for :func:`mean_interval`."""
    table = _table(values)
    return _over_runs(table, owners(table.shape[1], clusters))


def cr2(values: Array, owner: NDArray[np.int64]) -> Spread:
    """Variance of the mean of units in clusters.

    For a mean the CR2 adjustment of a cluster with n_g of n units is 1 / sqrt(1 - n_g / n), and
    the degrees of freedom follow from the products of the clusters' weights.

    Args:
        values: One a unit.
        owner: Number of each unit's cluster, from 0 (:func:`owners`).
    """
    n, sizes = values.size, np.bincount(owner).astype(float)
    mean = float(values.mean())
    if len(sizes) < 2:
        return Spread(mean, float("nan"), float("nan"), 1)
    weight = 1 / (n * n * (1 - sizes / n))
    sums = np.bincount(owner, weights=values - mean)
    own = weight * sizes * (1 - sizes / n)
    shared = weight * sizes**2 / n  # products of two clusters' sums have the products of these
    df = own.sum() ** 2 / ((own**2).sum() + shared.sum() ** 2 - (shared**2).sum())
    return Spread(mean, float(weight @ sums**2), float(df), len(sizes))


def owners(n: int, clusters: Sequence[Any] | None) -> NDArray[np.int64]:
    """Number of each unit's cluster, from 0, in the order in which they first occur."""
    if clusters is None:
        return np.arange(n)
    if len(clusters) != n:
        raise ValueError(f"{len(clusters)} clusters for {n} units")
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(cluster, len(numbers)) for cluster in clusters])


def _table(values: ArrayLike) -> Array:
    """Values as (runs, units), without the noise of their last digits."""
    table: Array = np.atleast_2d(np.asarray(values, dtype=float)).round(12)
    given = np.isfinite(table)
    if not table.size or np.isinf(table).any() or not (given.any(0).all() and given.any(1).all()):
        raise ValueError(f"need finite values of each unit and run, got shape {table.shape}")
    return table


def _over_runs(table: Array, owner: NDArray[np.int64]) -> Spread:
    """Variance over units, of their means over runs, and between runs."""
    units = cr2(np.nanmean(table, axis=0), owner)
    means = np.nanmean(table, axis=1)
    return units._replace(between=between_runs([(means, interaction(table, owner))]))


def interaction(table: Array, owner: NDArray[np.int64]) -> float:
    """Variance of the mean from what each run does with each unit: (runs, units), NaN for none."""
    if len(table) == 1:
        return 0.0
    rest = table - np.nanmean(table, axis=0)
    parts = [cr2(run[given], owners(given.sum(), owner[given].tolist())).variance
             for run in rest for given in [np.isfinite(run)]]  # fmt: skip
    return float(np.sum(parts)) / (len(table) - 1) / len(table)


def between_runs(arms: Sequence[tuple[ArrayLike, float]]) -> tuple[tuple[float, int], ...]:
    """Variance between the training runs of each arm that has several, for a sum of their means.

    What each run does with each unit makes its mean vary, and is in the variance over units too.
    All of it taken out, two runs that happen to be alike would seem to have no variance of their
    own, and 12 % of their intervals miss the truth; so 1 - 3 / runs^2 of it is. Intervals then
    cover what they say with three runs and five, and more with two (simulated in
    ``test_intervals``).

    Args:
        arms: Means of each arm's runs, and their :func:`interaction`.
    """
    several = [(np.asarray(means, dtype=float), mixed) for means, mixed in arms]
    return tuple(
        (
            max(means.var(ddof=1) / means.size - mixed * (1 - 3 / means.size**2), 0.0),
            len(means) - 1,
        )
        for means, mixed in several
        if means.size > 1
    )


def _distinct(units: Array, owner: NDArray[np.int64]) -> int:
    """Clusters, of those with the commonest mean only one, unless all have it."""
    means = np.bincount(owner, weights=units) / np.bincount(owner)
    _, counts = np.unique(means.round(9), return_counts=True)
    return len(means) if len(counts) == 1 else int(len(means) - counts.max() + 1)


def _wilson(found: Spread, confidence: float, bounds: tuple[float, float]) -> tuple[float, float]:
    """Wilson's interval with as many independent units as give the variance."""
    low, width = bounds[0], bounds[1] - bounds[0]
    share = min(max((found.mean - low) / width, 0.0), 1.0)
    variance = found.total / width**2
    product = share * (1 - share)
    if product > 1e-15 and variance <= 1e-15:
        return found.mean, found.mean  # all clusters are the same, and not at a bound
    n = product / variance if product > 1e-15 else float(found.clusters)
    one = found if variance > 1e-15 else found._replace(variance=1.0)
    reach = one.half(confidence) / one.total**0.5
    center = share + reach**2 / (2 * n)
    half = reach * (product / n + reach**2 / (4 * n * n)) ** 0.5
    scale = 1 + reach**2 / n
    ends = [low + width * end / scale for end in (center - half, center + half)]
    return max(ends[0], low), min(ends[1], bounds[1])
