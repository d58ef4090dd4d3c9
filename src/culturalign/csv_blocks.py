"""Delimited text in blocks, as long as every line is a row.

Memory is then bounded by the block. Where an entry spans lines, blocks cannot be told apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from culturalign.encodings import Text

HEADER_LIMIT = 1 << 20
"""Most bytes of a header."""
PART = 1 << 23
"""Bytes read at a time."""
Places = npt.NDArray[np.intp]


class Pick(NamedTuple):
    """Which rows are wanted.

    Attributes:
        columns: Names of the columns to look at.
        wanted: Table of these -> one truth value a row; called for one part while another is
            taken, in another thread.
        restart: Called before the rows are looked at again from the first.
    """

    columns: Sequence[str]
    wanted: Callable[[pl.DataFrame], pl.Series]
    restart: Callable[[], None]


class Form(NamedTuple):
    """How rows are written: the separator, and the number of the header's fields."""

    separator: str
    width: int


class Spanning(Exception):
    """A block has not as many rows as lines, or may have."""


def blocks(
    text: Text, form: Form, columns: Mapping[str, int], pick: Pick | None
) -> Iterator[pl.DataFrame]:
    """Parts of a file in which every line is a row; arguments as in ``delimited.read_parts``.

    Yields:
        ``row``, from 1, and the columns, as text.

    Raises:
        Spanning: If an entry may span lines, or a carriage return stands within a line.
        polars.exceptions.PolarsError: If polars refuses a row.
    """
    done, header = 0, b""
    with text.file.open("rb") as stream:
        while not header.strip():  # blank lines before it
            header = stream.readline(HEADER_LIMIT)
            if not header:
                return
        while block := stream.read(PART):
            rest = b"" if block.endswith(b"\n") else stream.readline()
            part, lines = _rows_of(b"".join([header, block, rest]), form, columns, pick, done)
            yield part
            done += lines


def _rows_of(
    lines: bytes, form: Form, columns: Mapping[str, int], pick: Pick | None, done: int
) -> tuple[pl.DataFrame, int]:
    """The rows below a header, numbered, those that ``pick`` wants; and how many there are."""
    separators = _separators(lines, form)[1:]
    looked_at = {name: columns[name] for name in pick.columns} if pick else columns
    table = parse(lines, form.separator, looked_at)
    count = len(table)
    if count != len(separators) or _lone_return(lines):
        raise Spanning
    # more separators than the header has; they may be quoted
    if len(long := np.flatnonzero(separators >= form.width)):
        parse(_lines_at(lines, long), form.separator, None)
    number = pl.int_range(done + 1, done + count + 1, eager=True).alias("row")
    if pick is None:
        return table.insert_column(0, number), count
    places = pick.wanted(table).arg_true()
    rows = parse(_lines_at(lines, places.to_numpy()), form.separator, columns)
    return rows.insert_column(0, number.gather(places)), count


def _lone_return(lines: bytes) -> bool:
    return b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n")


def _separators(lines: bytes, form: Form) -> Places:
    """Number of separators in each line, quoted ones too."""
    rest = bytes(set(range(256)) - {ord(form.separator), ord("\n")})
    marks = np.frombuffer(lines.translate(None, rest), np.uint8)
    ends = np.flatnonzero(marks == ord("\n"))
    if not lines.endswith(b"\n"):
        ends = np.append(ends, len(marks))
    return np.diff(ends, prepend=-1) - 1


def _lines_at(lines: bytes, places: Places) -> bytes:
    """The header, and the lines at some places below it, from 0."""
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == ord("\n")) + 1
    bounds = np.append(ends, len(lines))
    return lines[: bounds[0]] + b"".join(
        lines[bounds[place] : bounds[place + 1]] for place in places
    )


def parse(data: bytes | Path, separator: str, columns: Mapping[str, int] | None) -> pl.DataFrame:
    """Some columns, or all; polars refuses a row longer than the header only if it reads all."""
    places = sorted(columns.values()) if columns else None
    table = pl.read_csv(data, separator=separator, infer_schema=False, glob=False, columns=places)
    if columns is None:
        return table
    in_order = sorted(columns, key=columns.__getitem__)
    return table.rename(dict(zip(table.columns, in_order, strict=True))).select(*columns)
