"""Bootstrap intervals over cues."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Interval:
    """A mean with its interval; ``n`` is the number of cues."""

    mean: float
    low: float
    high: float
    n: int


def bootstrap_mean(values: ArrayLike, *, resamples: int, confidence: float, seed: int) -> Interval:
    """Percentile bootstrap of a mean over cues.

    For a paired difference pass the differences. The order of the cues, and rounding in their
    scores, change nothing: the same scores have the same interval in every table.

    Args:
        values: One number a cue.
        resamples: How many.
        confidence: Level, e.g. 0.95.
        seed: Of the resampling.

    Raises:
        ValueError: If there is no value, or one is not a number.

    Source:
        Efron and Tibshirani (1993), chapter 13.
    """
    sample: NDArray[np.float64] = np.asarray(values, dtype=float)
    if sample.size == 0 or not np.isfinite(sample).all():
        raise ValueError(f"need finite values, at least one; got {sample.size} values")
    sample = np.sort(sample.round(12))
    rng = np.random.default_rng(seed)
    means = np.empty(resamples)
    for start in range(0, resamples, 1000):  # bounds memory: 1000 x cues at a time
        rows = min(1000, resamples - start)
        means[start : start + rows] = sample[
            rng.integers(0, sample.size, (rows, sample.size))
        ].mean(1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(sample.mean()), float(low), float(high), sample.size)
