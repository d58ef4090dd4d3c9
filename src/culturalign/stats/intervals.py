"""Intervals of means: bootstraps over cues, and Student's t for few values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats


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
        resamples: Number of resamples.
        confidence: Level, e.g. 0.95.
        seed: Seed of the resampling.

    Raises:
        ValueError: If there is no value, or one is not a number.

    Source:
        Efron and Tibshirani (1993), chapter 13.
    """
    sample = _sample(values)
    rng = np.random.default_rng(seed)
    means = np.empty(resamples)
    for start in range(0, resamples, 1000):  # bounds memory: 1000 x cues at a time
        rows = min(1000, resamples - start)
        drawn = rng.integers(0, sample.size, (rows, sample.size))
        means[start : start + rows] = sample[drawn].mean(1)
    return _interval(sample, means, confidence)


def bootstrap_means(
    columns: Sequence[ArrayLike], *, resamples: int, confidence: float, seed: int
) -> list[Interval]:
    """:func:`bootstrap_mean` of many columns; columns of one length share their resamples.

    Raises:
        ValueError: If a column is empty, or a value is not a number.
    """
    samples = [_sample(values) for values in columns]
    found: dict[int, Interval] = {}
    for n in {sample.size for sample in samples}:
        places = [place for place, sample in enumerate(samples) if sample.size == n]
        means = _resampled_means(np.array([samples[place] for place in places]), resamples, seed)
        for place, row in zip(places, means.T, strict=True):
            found[place] = _interval(samples[place], row, confidence)
    return [found[place] for place in range(len(samples))]


def _sample(values: ArrayLike) -> NDArray[np.float64]:
    """Values in order, without the noise of their last digits."""
    sample: NDArray[np.float64] = np.asarray(values, dtype=float)
    if sample.size == 0 or not np.isfinite(sample).all():
        raise ValueError(f"need finite values, at least one; got {sample.size} values")
    return np.sort(sample.round(12))


def _interval(
    sample: NDArray[np.float64], means: NDArray[np.float64], confidence: float
) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(sample.mean()), float(low), float(high), sample.size)


def _resampled_means(block: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    """Means of resampled rows, (resamples, rows): counts of each place, times the values."""
    rng, n = np.random.default_rng(seed), block.shape[1]
    means = np.empty((resamples, len(block)))
    for start in range(0, resamples, 1000):
        rows = min(1000, resamples - start)
        drawn = rng.integers(0, n, (rows, n)) + n * np.arange(rows)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n)
        means[start : start + rows] = counts @ block.T / n
    return means


def t_mean(values: ArrayLike, *, confidence: float) -> Interval:
    """Student's t interval of a mean, for few values: a bootstrap of two to six is too narrow.

    Args:
        values: At least one number.
        confidence: Level, e.g. 0.95.

    Returns:
        The interval; its ends are NaN for a single value.

    Source:
        Student (1908), The probable error of a mean.
    """
    sample: NDArray[np.float64] = np.asarray(values, dtype=float)
    mean, n = float(sample.mean()), sample.size
    if n < 2:
        return Interval(mean, float("nan"), float("nan"), n)
    reach = stats.t.ppf((1 + confidence) / 2, n - 1) * sample.std(ddof=1) / n**0.5
    return Interval(mean, float(mean - reach), float(mean + reach), n)
