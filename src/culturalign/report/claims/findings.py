"""What estimates say about a claim: on which side of a bound they lie, and with which p."""

import math
from typing import NamedTuple

from culturalign.report.claims.cells import Estimate, Untestable, difference

ROUNDING = 1e-9
"""Smaller differences count as none: sums of equal scores differ by 1e-17."""


class Finding(NamedTuple):
    """What a check found.

    Attributes:
        value: The number.
        low: Lower end of its interval; None for tests and counts without one.
        high: Upper end.
        agrees: Whether the value lies where the claim says.
        text: The value as text.
        bound: What the value had to lie above or below.
        p: Two-sided p of a test; None where the interval is the test, or where nothing is random.
        fits: Whether the value, besides, has the size that the claim gives.
        df: Degrees of freedom behind the interval.
        changed: Questions that changed sides, of a test that counts them.
        margin: Within which the value must lie on both sides, of a claim of equivalence.
    """

    value: float
    low: float | None
    high: float | None
    agrees: bool
    text: str
    bound: float = 0.0
    p: float | None = None
    fits: bool = True
    df: float = math.inf
    changed: int | None = None
    margin: float | None = None


def above(found: Estimate, bound: float = 0.0) -> Finding:
    """The value lies above a bound."""
    agrees = found.value > bound + ROUNDING
    return Finding(*found[:3], agrees, str(found), bound, df=found.df)


def below(found: Estimate, bound: float = 0.0) -> Finding:
    """The value lies below a bound."""
    agrees = found.value < bound - ROUNDING
    return Finding(*found[:3], agrees, str(found), bound, df=found.df)


def within(found: Estimate, least: float, most: float) -> Finding:
    """The value has the sign of a range, and lies in it to two decimals."""
    return _ranged(found, least, most, 2, str(found))


def gain(first: Estimate, second: Estimate, least: int, most: int) -> Finding:
    """The first mean exceeds the second by some percent: above 0, and, in whole percent, in a
    range.

    Where the interval of the second mean reaches 0, that of the gain has no upper end.
    """
    if min(first.value, second.value) <= 0:
        raise Untestable("a mean is 0, so there is no relative gain")
    logs = (Estimate(_log(x.value), _log(x.low), _log(x.high)) for x in (first, second))
    value, low, high = (100 * math.expm1(x) for x in difference(*logs)[:3])
    found = Estimate(value, low, high, df=min(first.df, second.df))
    return _ranged(found, least, most, 0, f"{value:+.0f} [{low:+.0f}, {high:+.0f}] %")


def _ranged(found: Estimate, least: float, most: float, decimals: int, text: str) -> Finding:
    """The claim is wrong where the value has the other sign, or its interval misses the range."""
    edge = 0.5 * 10**-decimals
    agrees, bound = found.value * least > 0, 0.0
    for missed, end in ((found.high < least - edge, least), (found.low > most + edge, most)):
        if agrees and missed:
            agrees, bound = False, end + math.copysign(edge, end - (least + most) / 2)
    fits = least <= round(found.value, decimals) <= most
    return Finding(*found[:3], agrees, text, bound, fits=fits, df=found.df)


def _log(number: float) -> float:
    return math.log(number) if number > 0 else -math.inf
