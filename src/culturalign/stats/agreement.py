"""Agreement of two scores of the same units, and how far noise lets them agree.

Sources:
    Lin (1989), A concordance correlation coefficient to evaluate reproducibility. Spearman (1904)
    and Brown (1910) for the reliability of a whole from its halves, and Spearman (1904) for the
    correlation without the noise of one side. Fisher (1921) for intervals.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]
FEWEST = 5
"""Pairs that an interval of a correlation needs."""


def pearson(first: ArrayLike, second: ArrayLike) -> float | None:
    """Pearson correlation; None with fewer than three pairs, or without variation."""
    x, y = (np.asarray(values, dtype=float).round(12) for values in (first, second))
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))


def fisher_interval(r: float | None, n: int, confidence: float) -> tuple[float, float] | None:
    """Interval of a correlation of n independent pairs; None below five pairs."""
    if r is None or n < FEWEST:
        return None
    if abs(r) >= 1:
        return r, r
    reach = float(ndtri((1 + confidence) / 2)) / np.sqrt(n - 3)
    return float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach))


def concordance(first: ArrayLike, second: ArrayLike) -> float | None:
    """Lin's concordance: 1 only if all pairs are equal, not just on a line; None if undefined."""
    x, y = (np.asarray(values, dtype=float) for values in (first, second))
    apart = x.var() + y.var() + (x.mean() - y.mean()) ** 2 if len(x) > 2 else 0.0
    return float(2 * np.mean((x - x.mean()) * (y - y.mean())) / apart) if apart > 1e-12 else None


def reliability(half_correlation: float) -> float:
    """Reliability of the whole from the correlation of its halves; at least 0."""
    return max(0.0, 2 * half_correlation / (1 + half_correlation)) if half_correlation > 0 else 0.0
