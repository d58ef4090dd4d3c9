"""Numbers in result tables with their intervals, found by what their row says."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

Tables = Mapping[str, pl.DataFrame]


class Untestable(Exception):
    """The tables lack what a check needs; the message says what."""


class Absent(Untestable):
    """There is no such row, or nothing was measured in it."""


class Estimate(NamedTuple):
    """A number, its interval and degrees of freedom; ``sign`` is "+" for a difference, ``note``
    follows the text."""

    value: float
    low: float
    high: float
    sign: str = ""
    note: str = ""
    df: float = math.inf

    def __str__(self) -> str:
        value, low, high = (f"{number:{self.sign}.3f}" for number in self[:3])
        return f"{value} [{low}, {high}]{self.note}"


def row_of(tables: Tables, table: str, where: Mapping[str, Any]) -> dict[str, Any]:
    """The one row of a table that has these values; numbers agree to 9 decimals."""
    found = rows_of(tables, table, where)
    if len(found) != 1:
        wanted = ", ".join(str(value) for value in where.values())
        fault = Untestable if len(found) else Absent
        raise fault(f"{table} has {len(found) or 'no'} rows {wanted}")
    return found.row(0, named=True)


def rows_of(tables: Tables, table: str, where: Mapping[str, Any]) -> pl.DataFrame:
    """All rows of a table that have these values."""
    if table not in tables:
        raise Absent(f"{table} is not built")
    found = tables[table]
    if lacking := [column for column in where if column not in found.columns]:
        raise Absent(f"{table} has no {', '.join(lacking)}")
    for column, wanted in where.items():
        if found[column].dtype.is_numeric():
            found = found.filter((pl.col(column) - float(wanted)).abs() < 1e-9)
        else:
            found = found.filter(pl.col(column).cast(pl.String) == str(wanted))
    return found


def number_in(row: Mapping[str, Any], column: str, fault: type[Untestable] = Untestable) -> float:
    """The number in a column of a row; an empty one is a fault."""
    value = row.get(column)
    if not isinstance(value, int | float) or math.isnan(value):
        raise fault(f"{column} is empty")
    return float(value)


def estimate_in(row: Mapping[str, Any], column: str, sign: str = "", note: str = "") -> Estimate:
    """The number in a column of a row; the columns of its interval are named after it.

    So is that of its degrees of freedom; without one they follow from the clusters or units.
    """
    ends = ("low", "high") if column == "mean" else (f"{column}_low", f"{column}_high")
    value, low, high = number_in(row, column, Absent), *(number_in(row, name) for name in ends)
    df = row.get("df" if column == "mean" else f"{column}_df")
    counts = (row.get(name) for name in ("n_clusters", f"{column}_n", "n_cues", "n_pairs", "n"))
    df = df or max(next(filter(None, counts), math.inf) - 1, 1)
    return Estimate(value, low, high, sign, note, df)


def mean_of(tables: Tables, table: str, where: Mapping[str, Any], column: str = "mean") -> Estimate:
    """A mean, or a difference of means, with a note if its arms were scored by two engines."""
    row = row_of(tables, table, where)
    paired = column == "difference" or any(name.startswith("minus") for name in where)
    engines = row.get("engine"), row.get("minus_engine")
    note = f" (scored with {engines[0]} and {engines[1]})" if engines[0] != engines[1] else ""
    return estimate_in(row, column, "+" * paired, note)


def difference(first: Estimate, second: Estimate) -> Estimate:
    """First minus second from their intervals, as if they were independent.

    For estimates from the same questions or cues, which are hard or easy for both, the interval
    is wider than that of paired differences: use a table of contrasts there.

    Source:
        Zou and Donner (2008), Construction of confidence intervals about effect measures; for
        shares Newcombe (1998) is a case of it.
    """
    value = first.value - second.value
    down = math.hypot(first.value - first.low, second.high - second.value)
    up = math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, value - down, value + up, "+", first.note, min(first.df, second.df))
