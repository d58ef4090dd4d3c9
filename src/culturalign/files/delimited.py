"""Delimited text files: header, separator, and every line as a row.

A csv reader that meets an unclosed quote silently takes all lines up to the next quote for one
entry. So the rows of each block are compared with its lines. Where they differ, entries may span
lines: then the file is read whole and its rows are compared with those of Python's strict reader.
"""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import polars as pl

from culturalign.errors import UserError
from culturalign.files.charset import Text
from culturalign.files.csv_faults import find_fault

SEPARATORS = ",;\t"
HEADER_LIMIT = 1 << 20
"""Most characters of a header."""
BLOCK = 1 << 23
"""Bytes read at a time."""
T = TypeVar("T")


class Pick(NamedTuple):
    """Which rows are wanted, if only few are, so that the others need not be parsed further.

    Attributes:
        columns: Names of the columns that decide.
        wanted: Table of these columns -> whether each row is wanted.
    """

    columns: Sequence[str]
    wanted: Callable[[pl.DataFrame], pl.Series]


class SpansLines(Exception):
    """A block does not have as many rows as lines, or may not, or columns lack a name."""


def read_header(
    text: Text, path: Path, known: Callable[[str], str | None]
) -> tuple[str, list[str]]:
    """The separator and the columns of a file.

    Args:
        text: The file.
        path: The user's file, for errors.
        known: Header -> name of the column if we know it; the separator that finds most of them
            is the file's.

    Raises:
        UserError: If the file is empty or its first line cannot be a header.
    """
    line = header_line(text)
    if not line and text.above:
        raise UserError(f"{path}: ends before line {text.above + 1}; correct `header`")
    if not line:
        raise UserError(f"{path}: the file is empty; download or copy it again")
    if len(line) == HEADER_LIMIT:
        raise UserError(f"{path}: line 1 is not a header: longer than {HEADER_LIMIT} characters")
    try:
        if text.separator:
            return text.separator, _fields(line, text.separator)
        return split_header(line, known)
    except csv.Error as error:
        raise UserError(f"{path}: line 1 is not a header ({error}); download it again") from None


def header_line(text: Text) -> str:
    """The first line with content, up to the limit; empty if there is none."""
    with text.file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        line = stream.readline(HEADER_LIMIT)
        while line and not line.strip():
            line = stream.readline(HEADER_LIMIT)
    return line


def split_header(line: str, known: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """The separator that finds most columns, of several the most frequent; and the columns."""
    rows = {mark: _fields(line, mark) for mark in SEPARATORS}
    found = {mark: len({known(name) for name in row} - {None}) for mark, row in rows.items()}
    separator = max(rows, key=lambda mark: (found[mark], line.count(mark)))
    return separator, rows[separator]


def _fields(line: str, separator: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])


def read_parts(
    text: Text,
    path: Path,
    separator: str,
    columns: Mapping[str, int],
    take: Callable[[pl.DataFrame, pl.DataFrame], T],
    pick: Pick | None = None,
) -> list[T]:
    """Read some columns of a file as text, part by part, and account for every line.

    A file is read in blocks, so that memory is bounded by what ``take`` keeps. Where an entry
    spans lines, blocks cannot be separated, and the file is read whole.

    Args:
        text: The file.
        path: The user's file, for errors.
        separator: From :func:`read_header`.
        columns: Our name -> place of the column in the header, from 0.
        take: What to keep of a part: of the rows wanted (``row``, from 1, and the columns) and of
            all rows (the columns of ``pick``; the same table without it). One row a line after the
            header, lines without content included. A field that is empty or that a short row lacks
            is null. Called in order, in another thread while the next part is read.
        pick: If only few rows are wanted: which.

    Raises:
        UserError: If the file cannot be read, lines would be swallowed, a row is longer than the
            header, or a carriage return stands within a line.
    """
    try:
        return _taken(_blocks(text, separator, columns, pick), take)
    except (pl.exceptions.PolarsError, SpansLines):
        whole = _numbered(_read_whole(text, path, separator, columns), 0)
        return [take(whole.filter(pick.wanted(whole)) if pick else whole, whole)]


def _taken(
    parts: Iterator[tuple[pl.DataFrame, pl.DataFrame]],
    take: Callable[[pl.DataFrame, pl.DataFrame], T],
) -> list[T]:
    taken: list[Future[T]] = []
    with ThreadPoolExecutor(1) as taker:
        for rows, seen in parts:
            wait(taken[-1:])  # so that two parts at most are held
            taken.append(taker.submit(take, rows, seen))
    return [each.result() for each in taken]


def _blocks(
    text: Text, separator: str, columns: Mapping[str, int], pick: Pick | None
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The rows wanted and all rows of each block.

    Raises:
        SpansLines: If an entry may span lines, a carriage return stands within a line, or the last
            column has no name.
        polars.exceptions.PolarsError: If polars refuses a row.
    """
    names = _fields(header_line(text), separator)
    if not text.separator and names and not names[-1].strip():
        raise SpansLines  # an entry under no name is found row by row
    width = len(names)
    looked_at = {name: columns[name] for name in pick.columns} if pick else columns
    done, header = 0, b""
    with text.file.open("rb") as stream:
        while not header.strip():  # blank lines before it
            header = stream.readline(HEADER_LIMIT)
            if not header:
                return
        while block := stream.read(BLOCK):
            rest = b"" if block.endswith(b"\n") else stream.readline()
            lines = _Lines(b"".join([header, block, rest]))
            seen = _numbered(parse(lines.data, separator, looked_at), done)
            if len(seen) != len(lines) or lines.has_lone_return():
                raise SpansLines
            # more separators than the header has; they may be quoted
            if len(long := np.flatnonzero(lines.count(separator) >= width)):
                parse(lines.at(long), separator, None)
            rows = seen
            if pick:
                places = pick.wanted(seen).arg_true()
                rows = parse(lines.at(places), separator, columns)
                rows = rows.insert_column(0, seen["row"].gather(places))
            yield rows, seen
            done += len(seen)


class _Lines:
    """The bytes of a header and of the lines below it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.ends = self._places("\n") + 1
        if not data.endswith(b"\n"):
            self.ends = np.append(self.ends, len(data))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def _places(self, sign: str) -> np.ndarray:
        return np.flatnonzero(np.frombuffer(self.data, np.uint8) == ord(sign))

    def at(self, places: Collection[int]) -> bytes:
        """The header, and the lines at some places below it, from 0."""
        lines = (self.data[self.ends[n] : self.ends[n + 1]] for n in places)
        return b"".join([self.data[: self.ends[0]], *lines])

    def count(self, separator: str) -> np.ndarray:
        """Number of separators in each line, quoted ones too; shape (lines,)."""
        return np.diff(np.searchsorted(self._places(separator), self.ends))

    def has_lone_return(self) -> bool:
        """Whether a carriage return stands within a line."""
        returns = self.data.count(b"\r")
        return returns > 0 and returns != self.data.count(b"\r\n")


def _numbered(table: pl.DataFrame, done: int) -> pl.DataFrame:
    return table.with_row_index("row", offset=done + 1).cast({"row": pl.Int64})


def parse(data: bytes | Path, separator: str, columns: Mapping[str, int] | None) -> pl.DataFrame:
    """Some columns, or all; polars refuses a row longer than the header only if it reads all."""
    places = sorted(columns.values()) if columns else None
    table = pl.read_csv(data, separator=separator, infer_schema=False, glob=False, columns=places)
    if columns is None:
        return table
    in_order = sorted(columns, key=columns.__getitem__)
    return table.rename(dict(zip(table.columns, in_order, strict=True))).select(*columns)


def _read_whole(text: Text, path: Path, separator: str, columns: Mapping[str, int]) -> pl.DataFrame:
    """The columns of all rows, which must be those that Python's strict reader finds."""
    try:
        table = parse(text.file, separator, columns)
    except pl.exceptions.NoDataError:
        raise UserError(f"{path}: the file is empty; download or copy it again") from None
    except (pl.exceptions.PolarsError, OSError) as error:
        fault = find_fault(text, separator)
        if fault is None:
            why = str(error).splitlines()[0][:120]
            raise UserError(f"{path}: cannot be read as csv ({why}); download it again") from None
    else:
        fault = find_fault(text, separator, len(table))
        if fault is None:
            return table
    raise UserError(f"{path}: {fault}")
