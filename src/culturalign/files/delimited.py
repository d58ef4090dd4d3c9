"""Delimited text files: header, separator, and whether every line became a row.

A csv reader that meets an unclosed quote takes the lines up to the next quote for one entry, and
nothing tells. So rows are held against lines, and entries that span lines are looked at.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from culturalign.errors import UserError
from culturalign.files.charset import Text

UNQUOTED = {",": "an unquoted comma", ";": "an unquoted semicolon", "\t": "a stray tab"}
"""Separator -> why a row may have too many fields."""
FIELD_LIMIT = 1 << 20
"""Most characters of an entry; no answer of a person is longer."""
csv.field_size_limit(FIELD_LIMIT)


class FaultyLine(Exception):
    """Where and how a file breaks: the begin of a sentence, without the file and the remedy."""


def strict_rows(
    lines: Iterator[str], separator: str, *, quotes: bool = True, before: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file by Python's slow, strict reader.

    Args:
        lines: From the header on; blank ones before it are passed over.
        separator: Between the fields.
        quotes: Whether ``"`` quotes; else it is a character like others.
        before: Number of lines above the header.

    Yields:
        The line in which a row starts, from 1, and its fields; the header first.

    Raises:
        FaultyLine: At a row longer than the header, or an entry that swallows further rows.
    """
    reader = csv.reader(
        lines,
        delimiter=separator,
        strict=True,
        quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
    )
    width = start = 0
    try:
        for row in reader:
            if not width and not any(cell.strip() for cell in row):
                start = reader.line_num
                continue
            width = width or len(row)
            if len(row) > width:
                raise FaultyLine(
                    f"line {before + reader.line_num} has {len(row)} fields, the header {width}; "
                    f"{UNQUOTED[separator]}?"
                )
            if reader.line_num > start + 1 and _swallows(row, separator, width):
                raise FaultyLine(
                    f"line {before + start + 1} has an entry of several lines; an unclosed quote?"
                )
            yield before + start + 1, row
            start = reader.line_num
    except csv.Error as error:
        fault = f"a faulty entry ({error}); an unclosed quote?"
        if "new-line character" in str(error):
            fault = "a carriage return within it; a line break of another system?"
        raise FaultyLine(f"line {before + start + 1} has {fault}") from None


def _swallows(row: list[str], separator: str, width: int) -> bool:
    """Whether an entry of several lines holds as many separators as half a row or more."""
    return any("\n" in cell and 2 * cell.count(separator) >= width - 1 for cell in row)


def first_fault(text: Text, separator: str) -> tuple[str | None, int]:
    """The first fault of a file, None if none; and the number of its rows without the header."""
    records = -1
    # a lone carriage return ends no line, and the csv reader refuses it outside quotes
    with text.file.open(encoding="utf-8-sig", newline="\n") as stream:
        try:
            for _ in strict_rows(stream, separator):
                records += 1
        except FaultyLine as fault:
            return str(fault), 0
    return None, records


def stray_quote(text: Text) -> str | None:
    """The first line with an odd number of quotes, likely the fault of an unreadable file."""
    with text.file.open(encoding="utf-8-sig", newline="") as stream:
        for number, line in enumerate(stream, 1):
            if line.count('"') % 2:
                return f"line {number} has an odd number of quotes; a stray quote?"
    return None


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


SEPARATORS = ",;\t"
T = TypeVar("T")


def read_header(
    text: Text, path: Path, known: Callable[[str], str | None]
) -> tuple[str, list[str]]:
    """The separator and the columns of a file.

    Args:
        text: The file.
        path: The user's file, for errors.
        known: Header -> name of the column if it is one we know; the separator that finds most
            of them is the file's.

    Raises:
        UserError: If the file is empty or its first line is no header.
    """
    line = _header_line(text)
    if not line:
        raise UserError(f"{path}: the file is empty; download or copy it again")
    if len(line) == HEADER_LIMIT:
        raise UserError(f"{path}: line 1 is no header, longer than {HEADER_LIMIT} characters")
    try:
        rows = {mark: _fields(line, mark) for mark in SEPARATORS}
    except csv.Error as error:
        raise UserError(f"{path}: line 1 is no header ({error}); download it again") from None
    found = {mark: len({known(name) for name in row} - {None}) for mark, row in rows.items()}
    separator = max(rows, key=found.__getitem__)
    return separator, rows[separator]


def _header_line(text: Text) -> str:
    """The first line with content, up to the limit; empty if there is none."""
    with text.file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        line = stream.readline(HEADER_LIMIT)
        while line and not line.strip():
            line = stream.readline(HEADER_LIMIT)
    return line


def _fields(line: str, separator: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])


def read_parts(
    text: Text,
    path: Path,
    separator: str,
    columns: Mapping[str, int],
    take: Callable[[pl.DataFrame], T],
    pick: Pick | None = None,
) -> list[T]:
    """Read some columns of a file as text, part by part, and account for every line.

    A file is read in blocks, so that memory is bounded by what ``take`` keeps. Where an entry
    spans lines, blocks cannot be told apart, and the file is read whole.

    Args:
        text: The file.
        path: The user's file, for errors.
        separator: From :func:`read_header`.
        columns: Our name -> place of the column in the header, from 0.
        take: What to keep of a part, called in order: one row a line after the header, lines
            without content included; ``row``, from 1, and the columns. A field that is empty or
            that a short row lacks is null.
        pick: If only few rows are wanted: which, so that the others are not parsed further.

    Raises:
        UserError: If the file cannot be read, lines would be swallowed, a row is longer than the
            header, or a carriage return stands within a line.
    """
    width = len(_fields(_header_line(text), separator))
    _reuse_freed_blocks()
    try:
        parts = blocks(text, Form(separator, width), columns, pick)
        return _taken(parts, take)
    except (pl.exceptions.PolarsError, Spanning):
        whole = _read_whole(text, path, separator, columns)
        whole = whole.with_row_index("row", offset=1).cast({"row": pl.Int64})
        if pick:
            pick.restart()
            whole = whole.filter(pick.wanted(whole))
        return [take(whole)]


def _reuse_freed_blocks() -> None:
    """Have the C library keep large blocks that are freed for the next ones.

    It maps blocks above a threshold anew each time, and their pages are zeroed when first touched:
    a tenth of the time of a large file. The threshold rises to the largest block freed (mallopt(3),
    M_MMAP_THRESHOLD). Larger arrays, of whole columns, still go back to the system when freed.
    """
    np.empty(PART + (1 << 20), np.uint8)  # never touched, so it takes no memory


def _taken(parts: Iterator[pl.DataFrame], take: Callable[[pl.DataFrame], T]) -> list[T]:
    """Take every part while the next is read."""
    taken: list[Future[T]] = []
    with ThreadPoolExecutor(1) as taker:
        for part in parts:
            wait(taken[-1:])  # so that two parts at most are held
            taken.append(taker.submit(take, part))
    return [each.result() for each in taken]


def _read_whole(text: Text, path: Path, separator: str, columns: Mapping[str, int]) -> pl.DataFrame:
    try:
        table = parse(text.file, separator, columns)
    except pl.exceptions.NoDataError:
        raise UserError(f"{path}: the file is empty; download or copy it again") from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UserError(unreadable(text, path, separator, error)) from None
    check_rows(text, path, separator, len(table))
    return table


def check_rows(text: Text, path: Path, separator: str, rows: int) -> None:
    """Refuse a file whose rows are not those that Python's strict reader finds.

    Raises:
        UserError: If an entry that spans lines holds what looks like further rows, or a line
            holds a carriage return outside quotes.
    """
    fault, records = first_fault(text, separator)
    if fault is None and records != rows:
        fault = (
            f"has {records} rows in one reading and {rows} in another; a stray quote or carriage "
            "return?"
        )
    if fault is not None:
        raise UserError(f"{path}: {fault} Quote the entry, or download the file again")


def unreadable(text: Text, path: Path, separator: str, error: Exception) -> str:
    """Say where a file breaks; only called once reading has failed."""
    fault, _ = first_fault(text, separator)
    fault = fault or stray_quote(text)
    if fault is not None:
        return f"{path}: {fault} Quote the entry, or download the file again"
    return f"{path}: cannot be read as csv ({str(error).splitlines()[0][:120]}); download it again"
