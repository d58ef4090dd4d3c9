"""The rows of a strength table, and the checks of their numbers.

A row is a pair of cue and response, how often it was given (R1: as a first response; R123: as any),
all responses to the cue (N), and the strength, count / N.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.data.swow_columns import STRENGTHS, ours, places
from culturalign.errors import UserError
from culturalign.files.delimited import read_header, read_parts
from culturalign.files.numbers import read_numbers
from culturalign.files.stored_tables import as_table

NEAR = 0.001
"""By which a strength may differ from count / N, so that three decimals are enough; ours."""
MOST = 2**31
NAMES = {"count": "count", "total": "N", "strength": "strength"}
"""Our name of a number -> what errors call it."""
NOT_WHOLE = (
    "it must be a whole number from 1; is `count` the right column (cultures.<name>.columns)? Else "
    "download the table again"
)
REPEATED = "the pair is there before: two tables joined? Download the table again"
DISAGREES = (
    "the counts of its cue sum to {sum:.0f}, of which N is the sum and the strength this count's "
    "share: a subset, or cut short? Download the table again, or, if rows were removed on purpose, "
    "remove the columns N and strength"
)


class Rows(NamedTuple):
    """A table that has been read.

    Attributes:
        table: ``row`` (below the header, from 1), ``cue, response``, text, and ``count``; lines
            without content have nulls.
        counted: Header of the count, in upper case: R1, R123, or one of the configuration.
        encoding: Encoding of the file.
        complete: Whether its last line ends with a line break.
    """

    table: pl.DataFrame
    counted: str
    encoding: str
    complete: bool


def read_rows(path: Path, columns: Mapping[str, str]) -> Rows:
    """Read a strength table, in any form of
    :func:`culturalign.files.stored_tables.as_table`; between tabs, quotes are characters.

    Args:
        path: The file.
        columns: Our name -> header, where it is not an official one.

    Raises:
        UserError: If the file cannot be read, lacks a column, or a number is wrong
            (:func:`check_numbers`).
    """
    known = partial(ours, columns=columns, layout=STRENGTHS)
    with as_table(path, known, bare=True) as text:
        separator, header = read_header(text, path, known)
        found = places(header, path, (), columns, STRENGTHS)
        parts = read_parts(text, path, separator, found, lambda rows, _: rows)
        schema = {"row": pl.Int64, **dict.fromkeys(found, pl.String)}
        rows = pl.concat([pl.DataFrame(schema=schema), *parts])
        table = check_numbers(rows, path)
        counted = header[found["count"]].strip().upper()
        return Rows(table, counted, text.encoding, text.is_complete)


def check_numbers(rows: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Counts as whole numbers, of rows in which every number agrees with the others.

    Args:
        rows: ``row, cue, response, count`` and, if there, ``total, strength``, as text.
        path: The user's file, for errors.

    Returns:
        ``row, cue, response, count``.

    Raises:
        UserError: At the first row whose count is not a whole number above 0, that repeats a pair,
            whose total is not the sum of its cue's counts, or whose strength is not their ratio.
    """
    given = [name for name in NAMES if name in rows.columns]
    numbers = {name: read_numbers(rows[name]).alias(f"{name}_number") for name in given}
    count, full = pl.col("count_number"), pl.any_horizontal(pl.exclude("row").is_not_null())
    table = rows.with_columns(full.alias("full"), *numbers.values()).with_columns(
        pl.col("count_number").sum().over("cue").alias("sum")
    )
    whole = (count >= 1) & (count == count.floor()) & (count < MOST)
    again = pl.col("response").is_not_null() & ~pl.struct("cue", "response").is_first_distinct()
    _refuse(table, path, ~whole.fill_null(False), "count", NOT_WHOLE)
    _refuse(table, path, again, "count", REPEATED)
    counted = pl.col("cue").is_not_null()
    for name, right, most in (
        ("total", pl.col("sum"), 0),
        ("strength", count / pl.col("sum"), NEAR),
    ):
        if name in given:
            near = (pl.col(f"{name}_number") - right).abs() <= most
            _refuse(table, path, counted & ~near.fill_null(False), name, DISAGREES)
    return table.select("row", "cue", "response", count=count.fill_null(0).cast(pl.Int64))


def _refuse(table: pl.DataFrame, path: Path, wrong: pl.Expr, column: str, rule: str) -> None:
    """Refuse the first row with content that is wrong."""
    for row in table.filter(pl.col("full") & wrong).head(1).iter_rows(named=True):
        cue, response, found = ((row[name] or "")[:60] for name in ("cue", "response", column))
        raise UserError(
            f"{path}: row {row['row']} below the header ({cue!r}, {response!r}): {NAMES[column]} "
            f"is {found!r}; {rule.format(**row)}"
        )
