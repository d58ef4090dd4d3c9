"""What people's own noise allows: how large a difference counts, how high a correlation can be.

Equal means do not make a human profile: people's lists of other cues have them too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from culturalign.stats.agreement import (
    Correlation,
    attained,
    concordance,
    correlation,
    pearson,
    reliability,
)

QUANTILE = 0.95
"""Of the differences between halves, of which the margin is a part."""


class Noise(NamedTuple):
    """Of an attribute, from random halves of the people.

    Attributes:
        spread: The 95 % quantile of |half - half|, over cues and splits, on the common span.
        half: Correlation of the halves' medians, mean of the splits; None if undefined.
        cues: With a median in both halves, in the split that has fewest.
        splits: Number of random splits.
    """

    spread: float
    half: float | None
    cues: int = 0
    splits: int = 1

    @property
    def reliability(self) -> float | None:
        """Of the cues' medians of all people; None if the halves do not correlate."""
        return (reliability(self.half) if self.half is not None else 0.0) or None


class Tracking(NamedTuple):
    """Whether an arm's medians follow those of people, cue by cue.

    ``ratio`` is the correlation over the root of the people's reliability: 1 is as much as their
    noise allows; its interval has the errors of both. None where something does not vary; no ends
    where people's halves are not shown to correlate.
    """

    r: float | None
    concordance: float | None
    reliability: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


def noise(halves: pl.DataFrame) -> dict[str, Noise]:
    """Attribute -> its noise.

    Args:
        halves: ``cue, attribute, repeat, first, second``: medians of the two halves.
    """
    found = {}
    both = halves.drop_nulls(["first", "second"])
    for (attribute,), block in both.group_by("attribute", maintain_order=True):
        splits = [split for _, split in block.group_by("repeat", maintain_order=True)]
        rs = [pearson(split["first"].to_numpy(), split["second"].to_numpy()) for split in splits]
        known = [r for r in rs if r is not None]
        apart = (block["first"] - block["second"]).abs().to_numpy()
        half = float(np.mean(known)) if known else None
        cues = min(map(len, splits))
        found[str(attribute)] = Noise(float(np.quantile(apart, QUANTILE)), half, cues, len(splits))
    return found


def tracking(
    runs: ArrayLike,
    human: ArrayLike,
    of_people: Noise,
    confidence: float,
    clusters: Sequence[Any] | None = None,
) -> Tracking:
    """How an arm follows people.

    Args:
        runs: Medians of each cue, (runs, n), NaN where a run has none.
        human: Those of people, (n,).
        of_people: Noise of the attribute.
        confidence: Level of the interval, over cues and training runs.
        clusters: For each cue its cluster; None: each is its own.
    """
    table = np.atleast_2d(np.asarray(runs, dtype=float))
    mean, found = np.nanmean(table, axis=0), correlation(table, human, clusters)
    r, most, ends = found.r if found else pearson(mean, human), of_people.reliability, None
    if found and most and of_people.half is not None:
        halves = Correlation(of_people.half, of_people.cues)
        ends = attained(found, halves, of_people.splits, confidence)
    ratio = r / most**0.5 if r is not None and most else None
    return Tracking(r, concordance(mean, human), most, ratio, *(ends[1:] if ends else (None, None)))


def human_level(row: Mapping[str, float | bool | None], least: float) -> bool:
    """Equal means are shown, and the whole interval of the ratio is above a threshold."""
    low = row["ratio_low"]
    return bool(row["equivalent"]) and low is not None and low > least
