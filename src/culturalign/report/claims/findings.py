"""Whether estimates show what a claim says. An interval that reaches the bound does not."""

import math
from typing import NamedTuple

from culturalign.report.claims.cells import Estimate, Untestable, difference

ROUNDING = 1e-9
"""Smaller differences count as none: sums of equal scores differ by 1e-17."""


class Finding(NamedTuple):
    """What a check found; tests without an interval have None there."""

    value: float
    low: float | None
    high: float | None
    holds: bool
    text: str


def above(found: Estimate, bound: float = 0.0) -> Finding:
    """The whole interval lies above a bound."""
    return Finding(*found[:3], found.low > bound + ROUNDING, str(found))


def below(found: Estimate, bound: float = 0.0) -> Finding:
    """The whole interval lies below a bound."""
    return Finding(*found[:3], found.high < bound - ROUNDING, str(found))


def within(found: Estimate, least: float, most: float) -> Finding:
    """The interval excludes 0, and the value, to two decimals, lies in a range."""
    excludes = found.low > ROUNDING or found.high < -ROUNDING
    return Finding(*found[:3], excludes and least <= round(found.value, 2) <= most, str(found))


def gain(first: Estimate, second: Estimate, least: int, most: int) -> Finding:
    """The first mean exceeds the second by some percent: the interval is above 0, and the gain,
    in whole percent, lies in a range.

    Where the interval of the second mean reaches 0, that of the gain has no upper end.
    """
    if min(first.value, second.value) <= 0:
        raise Untestable("a mean is 0, so there is no relative gain")
    logs = (Estimate(_log(x.value), _log(x.low), _log(x.high)) for x in (first, second))
    value, low, high = (100 * math.expm1(x) for x in difference(*logs)[:3])
    holds = low > ROUNDING and least <= round(value) <= most
    return Finding(value, low, high, holds, f"{value:+.0f} [{low:+.0f}, {high:+.0f}] %")


def _log(number: float) -> float:
    return math.log(number) if number > 0 else -math.inf


def fell(was: float, now: float) -> Finding:
    """A single number, which has no interval, became smaller."""
    return Finding(now - was, None, None, now < was - ROUNDING, f"{was:.3f} to {now:.3f}")
