"""Checks of the paper's statements over result tables: a value, its interval, whether it holds.

A check takes the tables (name -> frame) and arguments that are data, from
``resources/paper/claims.yaml``. An effect whose interval reaches the bound does not hold; what
the tables lack raises :class:`culturalign.claim_cells.Untestable`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from culturalign.report.claims.cells import (
    Cell,
    Estimate,
    Tables,
    Untestable,
    difference,
    estimate,
    number_in,
    row_of,
    rows_of,
)
from culturalign.report.survey.value_tables import number_or_dash
from culturalign.stats.distances import js_distance

Side = Literal["above", "below"]
LEVEL = 0.05
"""Of McNemar's test; the paper's level (table 7, Wilcoxon)."""
ROUNDING = 1e-9
"""What differs by less is equal: sums of equal scores differ by 1e-17."""


class Finding(NamedTuple):
    """What a check found; tests without an interval have None there."""

    value: float
    low: float | None
    high: float | None
    holds: bool
    text: str


def interval(tables: Tables, cell: Cell, side: Side, than: float = 0.0) -> Finding:
    """A number, or a difference, lies on one side of a bound with its whole interval."""
    found = estimate(tables, cell)
    holds = found.low > than + ROUNDING if side == "above" else found.high < than - ROUNDING
    text = _shown(found, f"{'+' * _is_difference(cell)}.3f")
    row = row_of(tables, cell["table"], cell["where"])
    if "of" in cell:
        text += f", n = {row[cell['of']]}"
    engines = row.get("engine"), row.get("minus_engine")
    if engines[0] != engines[1]:
        text += f" (scored with {engines[0]} and {engines[1]})"
    return Finding(*found, holds, text)


def _is_difference(cell: Cell) -> bool:
    """Whether a cell subtracts another, or its table holds differences already."""
    paired = any(str(column).startswith("minus") for column in cell["where"])
    return paired or "minus" in cell or cell.get("value") == "difference"


def gain(tables: Tables, first: Cell, second: Cell, percent: Sequence[float]) -> Finding:
    """The first exceeds the second by some percent: above 0 with its interval, and in a range.

    Args:
        tables: The tables.
        first: A mean above 0.
        second: A mean above 0; its interval may reach 0, then that of the gain has no upper end.
        percent: Smallest and largest gain, in whole percent, that the statement gives.
    """
    parts = estimate(tables, first), estimate(tables, second)
    if min(part.value for part in parts) <= 0:
        raise Untestable("a mean is 0, so there is no relative gain")
    logs = [Estimate(*(math.log(x) if x > 0 else -math.inf for x in part)) for part in parts]
    gains = Estimate(*(100 * math.expm1(x) for x in difference(*logs)))
    inside = percent[0] <= round(gains.value) <= percent[1]
    return Finding(*gains, gains.low > ROUNDING and inside, _shown(gains, "+.0f") + " %")


def improvement(tables: Tables, where: Mapping[str, Any], measure: str) -> Finding:
    """An arm's distance is significantly below vanilla: the star of table 7, uncorrected."""
    row = row_of(tables, "table7", where)
    value, p, holm = (number_in(row, f"{measure}_{x}") for x in ("difference", "p", "p_holm"))
    text = f"{value:+.3f}, p {number_or_dash(p)}, Holm's p {number_or_dash(holm)}"
    text += f", n = {row[f'{measure}_n']}"
    return Finding(value, None, None, bool(row[f"{measure}_star"]), text)


def amount(tables: Tables, cell: Cell, between: Sequence[float]) -> Finding:
    """A difference excludes 0 with its interval and, to two decimals, lies in a range.

    Args:
        tables: The tables.
        cell: A difference.
        between: Smallest and largest that the statement gives.
    """
    found = estimate(tables, cell)
    excludes = found.low > ROUNDING or found.high < -ROUNDING
    inside = between[0] <= round(found.value, 2) <= between[1]
    return Finding(*found, excludes and inside, _shown(found, "+.3f"))


def human_level(tables: Tables, table: str, where: Mapping[str, Any]) -> Finding:
    """An attribute is equivalent to that of humans: both one-sided tests are significant.

    That Wilcoxon's test finds no difference, the paper's criterion, does not suffice; it is shown.
    """
    row = row_of(tables, table, where)
    holds = number_in(row, "p_equivalence") < number_in(row, "level")
    return _against_humans(row, holds)


def differs(tables: Tables, table: str, where: Mapping[str, Any]) -> Finding:
    """An attribute differs from that of humans, by Wilcoxon's test (paper, appendix G)."""
    row = row_of(tables, table, where)
    return _against_humans(row, number_in(row, "p") < number_in(row, "level"))


def _against_humans(row: Mapping[str, Any], holds: bool) -> Finding:
    names = ("difference", "difference_low", "difference_high")
    found = Estimate(*(number_in(row, name) for name in names))
    tests = [f"{name} p {number_or_dash(row[x])}" for name, x in
             (("Wilcoxon", "p"), ("equivalence", "p_equivalence"))]  # fmt: skip
    margin, n = f"±{number_in(row, 'margin'):.3g}", f"n = {number_in(row, 'n_pairs'):.0f}"
    text = f"{_shown(found, '+.3f')}, {tests[0]}, {tests[1]} ({margin}), {n}"
    return Finding(*found, holds, text)


def count_change(
    tables: Tables,
    table: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    count: str,
    side: Side,
    factor: Sequence[float] | None = None,
) -> Finding:
    """More (or fewer) questions lean to the target after training, by McNemar's exact test.

    Args:
        tables: The tables.
        table: Counts in the tension set.
        before: The vanilla row.
        after: The trained row; its ``gained, lost, mcnemar_p`` are of the target country.
        count: Column of the target's count, ``first`` or ``second``.
        side: ``above``: more than before.
        factor: Smallest and largest after / before that the statement gives; then all questions
            of the set must have been asked.
    """
    rows = [row_of(tables, table, where) for where in (before, after)]
    was, now = (number_in(row, count) for row in rows)
    n, of, gained, lost, p = (
        number_in(rows[1], x) for x in ("n", "of", "gained", "lost", "mcnemar_p")
    )
    moved = (now > was if side == "above" else now < was) and p < LEVEL
    if factor:
        _all_asked(n, of)
        moved = moved and factor[0] * was <= now <= factor[1] * was
    text = f"{was:.0f} to {now:.0f} of {n:.0f}{f' (set of {of:.0f})' * (n < of)}, "
    text += f"gained {gained:.0f}, lost {lost:.0f}, p {number_or_dash(p)}"
    return Finding(now - was, None, None, moved, text)


def surplus(
    tables: Tables,
    table: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    percent: Sequence[float],
) -> Finding:
    """The first country's surplus of leaning answers falls by some percent, significantly."""
    rows = [row_of(tables, table, where) for where in (before, after)]
    was, now = (number_in(row, "first") - number_in(row, "second") for row in rows)
    _all_asked(number_in(rows[1], "n"), number_in(rows[1], "of"))
    if was <= 0:
        raise Untestable("vanilla has no surplus that could fall")
    drop, p = 100 * (was - now) / was, number_in(rows[1], "mcnemar_p")
    holds = p < LEVEL and percent[0] <= round(drop) <= percent[1]
    text = f"{was:.0f} to {now:.0f}: {-drop:+.0f} %, p {number_or_dash(p)}"
    return Finding(drop, None, None, holds, text)


def _all_asked(n: float, of: float) -> None:
    if n < of:
        raise Untestable(f"only {n:.0f} of the {of:.0f} questions are worded")


def shrinks(
    tables: Tables, table: str, where: Mapping[str, Any], before: str, after: str
) -> Finding:
    """One column of a row is below another: single questions, which have no interval."""
    row = row_of(tables, table, where)
    was, now = number_in(row, before), number_in(row, after)
    return Finding(now - was, None, None, now < was - ROUNDING, f"{was:.3f} to {now:.3f}")


def closer(tables: Tables, question: str, before: str, after: str, people: str) -> Finding:
    """In table 8 an answer's JS distance to people falls from one arm to another."""
    shares = []
    for who in (before, after, people):
        rows = rows_of(tables, "table8", {"question": question, "who": who}).sort("code")
        if rows.is_empty() or rows["share"].has_nulls():
            raise Untestable(f"table8 has no rows {question}, {who}")
        shares.append(rows["share"].to_numpy())
    was, now = (float(js_distance(share, shares[2])) for share in shares[:2])
    return Finding(now - was, None, None, now < was - ROUNDING, f"{was:.3f} to {now:.3f}")


def size(tables: Tables, table: str, column: str, number: int) -> Finding:
    """A column has so many different values."""
    if column not in rows_of(tables, table, {}).columns:
        raise Untestable(f"{table} has no {column}")
    found = tables[table][column].n_unique()
    return Finding(float(found), None, None, found == number, str(found))


def untested(tables: Tables, why: str) -> Finding:
    """No table of this version carries the statement."""
    raise Untestable(why)


def _shown(found: Estimate, form: str) -> str:
    value, low, high = (format(number, form) for number in found)
    return f"{value} [{low}, {high}]"


CHECKS: dict[str, Callable[..., Finding]] = {
    check.__name__: check
    for check in (
        interval, gain, improvement, amount, human_level, differs, count_change, surplus,
        shrinks, closer, size, untested,
    )
}  # fmt: skip
