"""Delimited text files: header, separator, and whether every line became a row.

A csv reader that meets an unclosed quote takes the lines up to the next quote for one entry, and
nothing tells. So rows are held against lines, and entries that span lines are looked at.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from culturalign.csv_blocks import HEADER_LIMIT, PART, Form, Pick, Spanning, blocks, parse
from culturalign.encodings import Text
from culturalign.errors import UserError
from culturalign.strict_csv import first_fault, stray_quote

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
