"""Five states of a claim, from what its parts show.

Sources:
    Altman and Bland (2011), How to obtain the P value from a confidence interval. Berger (1982),
    Multiparameter hypothesis testing and acceptance sampling: a claim of several parts needs all
    of them, each at the level. Bloom (1995), Minimum detectable effects.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

import polars as pl
from scipy.special import stdtr, stdtrit

from culturalign.report.claims.findings import ROUNDING, Finding
from culturalign.stats.counts import sign_test
from culturalign.stats.paired_tests import holm

SUPPORTED = "supported"
UNATTRIBUTED = "supported, not attributable"
"""What needs no associations, or no model, does as well."""
CONTRADICTED = "contradicted"
UNDECIDED = "undecided"
UNTESTABLE = "not testable"
POWER = 0.8
"""Of the smallest effect that a run could have seen."""


class Verdict(NamedTuple):
    """A state and the two-sided p behind it; None where nothing is random."""

    state: str
    p: float | None


def p_value(found: Finding, confidence: float) -> float | None:
    """Two-sided p: that of the test, or the one at which the interval would end at the bound."""
    if found.p is not None or found.low is None or found.high is None:
        return found.p
    apart = found.value - found.bound
    half = found.value - found.low if apart > 0 else found.high - found.value
    if half < ROUNDING:
        return float(abs(apart) <= ROUNDING)
    reach = stdtrit(found.df, (1 + confidence) / 2)
    return float(2 * stdtr(found.df, -reach * abs(apart) / half))


def detectable(found: Finding, confidence: float) -> float | None:
    """Distance from the bound that this run would have shown in 80 % of its repetitions.

    Of changed sides: the smallest net change among as many questions, or more, that is shown if
    each is a battery of its own. None of equivalence, which no effect shows
    (:func:`shows_equivalence`).
    """
    if found.margin is not None:
        return None
    if found.changed is not None:
        nets = (net for most in count(found.changed) for net in range(most % 2, most + 1, 2)
                if sign_test((most + net) // 2, (most - net) // 2) < 1 - confidence)  # fmt: skip
        return float(next(nets))
    if found.low is None or found.high is None:
        return None
    half = max(found.value - found.low, found.high - found.value)
    reach = stdtrit(found.df, (1 + confidence) / 2)
    return float(half * (1 + stdtrit(found.df, POWER) / reach))


def shows_equivalence(found: Finding, confidence: float) -> bool:
    """Whether this many units show equivalence in 80 % of runs in which there is no difference.

    Source:
        Power of two one-sided tests (Schuirmann 1987): 2 F(margin / error - t) - 1.
    """
    if found.margin is None or found.low is None or found.high is None:
        return False
    error = (found.high - found.low) / 2 / stdtrit(found.df, (1 + confidence) / 2)
    if error < ROUNDING:
        return True
    reach = found.margin / error - stdtrit(found.df, confidence)
    return bool(2 * stdtr(found.df, reach) - 1 >= POWER)


def judge(parts: Mapping[str, Finding], confidence: float) -> Verdict:
    """Supported if all parts are; contradicted if one is, at the level divided by their number."""
    found = [(part, p_value(part, confidence)) for part in parts.values()]
    against = [1.0 if p is None else p for part, p in found if not part.agrees]
    opposed = len(found) * min(against, default=1.0)
    if any(p is None and not part.agrees for part, p in found):
        return Verdict(CONTRADICTED, None)
    if is_shown(opposed, confidence):
        return Verdict(CONTRADICTED, opposed)
    known = [p for _, p in found if p is not None]
    weakest = max(known, default=None)
    fits = all(part.agrees and part.fits for part, _ in found)
    return Verdict(SUPPORTED if fits and is_shown(weakest, confidence) else UNDECIDED, weakest)


def is_shown(p: float | None, confidence: float) -> bool:
    """Whether p is below the level; what is not random needs no p."""
    return p is None or p < 1 - confidence - ROUNDING


def corrected(verdicts: Sequence[Verdict], confidence: float) -> list[Verdict]:
    """The verdicts with Holm's p over all of them; what it does not show becomes undecided."""
    table = pl.DataFrame({"p": [verdict.p for verdict in verdicts]}, {"p": pl.Float64})
    table = table.with_row_index()
    tested = table.drop_nulls("p").with_columns(holm=holm(pl.col("p")))
    found = table.join(tested.drop("p"), on="index", how="left").sort("index")["holm"]
    return [
        Verdict(verdict.state if is_shown(p, confidence) else UNDECIDED, p)
        for verdict, p in zip(verdicts, found, strict=True)
    ]
