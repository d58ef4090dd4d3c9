"""What people's own noise allows: how large a difference counts, how high a correlation can be.

Equal means do not make a human profile: people's lists of other cues have them too.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from culturalign.stats.agreement import concordance, fisher_interval, pearson, reliability

QUANTILE = 0.95
"""Of the differences between halves, of which the margin is a part."""


class Noise(NamedTuple):
    """Of an attribute, from random halves of the people.

    Attributes:
        spread: The 95 % quantile of |half - half|, over cues and splits, on the common span.
        reliability: Of the cues' medians of all people; None if the halves do not correlate.
    """

    spread: float
    reliability: float | None


class Tracking(NamedTuple):
    """Whether an arm's medians follow those of people, cue by cue.

    ``ratio`` is the correlation over the root of the people's reliability: 1 is as much as their
    noise allows. None where something does not vary.
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
        rs = [pearson(split["first"].to_numpy(), split["second"].to_numpy())
              for _, split in block.group_by("repeat", maintain_order=True)]  # fmt: skip
        known = [r for r in rs if r is not None]
        apart = (block["first"] - block["second"]).abs().to_numpy()
        whole = reliability(float(np.mean(known))) if known else 0.0
        found[str(attribute)] = Noise(float(np.quantile(apart, QUANTILE)), whole or None)
    return found


def tracking(pairs: pl.DataFrame, of_people: Noise, confidence: float) -> Tracking:
    """How an arm follows people.

    Args:
        pairs: ``value, human``, a row a cue.
        of_people: Noise of the attribute.
        confidence: Level of the interval, over cues.
    """
    mine, human = pairs["value"].to_numpy(), pairs["human"].to_numpy()
    r, most = pearson(mine, human), of_people.reliability
    ends = fisher_interval(r, len(pairs), confidence) or (None, None)
    ratios = [None if x is None or most is None else x / most**0.5 for x in (r, *ends)]
    return Tracking(r, concordance(mine, human), most, *ratios)


def human_level(row: Mapping[str, float | bool | None], least: float) -> bool:
    """Equal means are shown, and the whole interval of the ratio is above a threshold."""
    low = row["ratio_low"]
    return bool(row["equivalent"]) and low is not None and low > least
