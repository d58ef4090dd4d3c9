"""Numbers in result tables, found by what their row says, with their intervals.

A **cell** is data, from ``resources/paper/claims.yaml``: ``table``; ``where``, column -> value,
which leaves one row; ``value``, the column of a mean that has its interval beside it (default
``mean``), or ``share`` or ``count`` with ``of``, the column of the number of questions; and, if
another cell is to be subtracted, ``minus``.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from culturalign.stats.counts import clopper_pearson

Tables = Mapping[str, pl.DataFrame]
Cell = Mapping[str, Any]
CELL = ("table", "where", "value", "share", "count", "of", "minus")
"""Keys of a cell; the first two are needed."""


class Untestable(Exception):
    """The tables lack what a check needs; the message says what."""


class Estimate(NamedTuple):
    """A number and its interval."""

    value: float
    low: float
    high: float


def row_of(tables: Tables, table: str, where: Mapping[str, Any]) -> dict[str, Any]:
    """The one row of a table that has these values; numbers agree to 9 decimals."""
    found = rows_of(tables, table, where)
    if len(found) != 1:
        wanted = ", ".join(str(value) for value in where.values())
        raise Untestable(f"{table} has {len(found) or 'no'} rows {wanted}")
    return found.row(0, named=True)


def rows_of(tables: Tables, table: str, where: Mapping[str, Any]) -> pl.DataFrame:
    """All rows of a table that have these values."""
    if table not in tables:
        raise Untestable(f"{table} is not built")
    found = tables[table]
    if lacking := [column for column in where if column not in found.columns]:
        raise Untestable(f"{table} has no {', '.join(lacking)}")
    for column, wanted in where.items():
        if found[column].dtype.is_numeric():
            found = found.filter((pl.col(column) - float(wanted)).abs() < 1e-9)
        else:
            found = found.filter(pl.col(column).cast(pl.String) == str(wanted))
    return found


def number_in(row: Mapping[str, Any], column: str) -> float:
    """The number in a column of a row; an empty one is :class:`Untestable`."""
    value = row.get(column)
    if not isinstance(value, int | float) or math.isnan(value):
        raise Untestable(f"{column} is empty")
    return float(value)


def estimate(tables: Tables, cell: Cell) -> Estimate:
    """The number in a cell with its interval; that of a share of questions is exact, 95 %."""
    row, name = row_of(tables, cell["table"], cell["where"]), cell.get("value", "mean")
    if "of" in cell:
        found = _share(row, cell)
    else:
        ends = ("low", "high") if name == "mean" else (f"{name}_low", f"{name}_high")
        found = Estimate(*(number_in(row, column) for column in (name, *ends)))
    return difference(found, estimate(tables, cell["minus"])) if "minus" in cell else found


def _share(row: Mapping[str, Any], cell: Cell) -> Estimate:
    n = number_in(row, cell["of"])
    if n == 0:
        raise Untestable(f"{cell['table']} has a row without questions")
    count = number_in(row, cell["count"]) if "count" in cell else number_in(row, cell["share"]) * n
    return Estimate(count / n, *clopper_pearson(round(count), round(n)))


def difference(first: Estimate, second: Estimate) -> Estimate:
    """First minus second, from both intervals alone, as if they were independent.

    Where the same questions or cues stand behind both and are hard or easy for both, the interval
    is wider than that of paired differences: there a cell of a table of contrasts is wanted.

    Source:
        Zou and Donner (2008), Construction of confidence intervals about effect measures; for
        shares Newcombe (1998) is a case of it.
    """
    value = first.value - second.value
    down = math.hypot(first.value - first.low, second.high - second.value)
    up = math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, value - down, value + up)
