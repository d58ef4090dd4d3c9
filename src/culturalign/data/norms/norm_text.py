"""Norm files as they are published: csv, tsv and xlsx, plain or packed, read as text."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

import polars as pl

from culturalign.data.norms.norm_xlsx import sheet_rows
from culturalign.errors import UserError
from culturalign.files.archives import SHEETS, unpacked
from culturalign.files.charset import Text, as_utf8
from culturalign.files.csv_faults import FaultyLine, strict_rows
from culturalign.files.delimited import HEADER_LIMIT, split_header

TABS = (".tsv", ".txt")
"""Endings of files separated by tabs, in which a quote is a character like others."""
Row = tuple[int, Sequence[str]]
"""Line in the file, from 1, and the fields."""


def read_norm_file(
    path: Path, columns: Mapping[str, str], *, header: int = 1, sheet: str | None = None
) -> pl.DataFrame:
    """Read some columns of a norm file.

    Args:
        path: ``.csv`` (``,``, ``;`` or tabs), ``.tsv`` or ``.txt`` (tabs), or ``.xlsx``; or a
            gzip of one, or a zip that holds one.
        columns: Our name -> header in the file; the key ``word`` and the attributes.
        header: The line (row) with the headers, from 1; those above it are skipped.
        sheet: Name of the sheet of an xlsx; None for the first.

    Returns:
        ``line`` (in the file, from 1; that in which the row starts) and text columns as named;
        "null" and "nan" are words. A row without any content is left out; what a row shorter
        than the header lacks is empty.

    Raises:
        UserError: If the file is missing or damaged, its encoding is in doubt, it lacks a column,
            or a text has a row longer than the header or an unclosed quote.
    """
    with _unpacked(path) as file:
        if file.suffix.lower() == SHEETS:
            return _table(path, sheet_rows(file, path, sheet, header), columns, header)
        with as_utf8(file, path) as text:
            return _table(path, _text_rows(text, path, columns, header), columns, header)


def _unpacked(path: Path) -> AbstractContextManager[Path]:
    """The file unpacked; but an xlsx, itself a zip, as it is."""
    if path.suffix.lower() == SHEETS and path.is_file():
        return nullcontext(path)
    return unpacked(path, (".csv", *TABS, SHEETS))


def _table(
    path: Path, rows: Iterator[Row], columns: Mapping[str, str], header: int
) -> pl.DataFrame:
    """The columns wanted of rows, of which those above the header may be left out."""
    line = 0
    names: list[str] | None = None
    places: list[int] = []
    body = []
    for line, fields in rows:
        if names is not None and any(fields):
            body.append((line, *(fields[n] if n < len(fields) else "" for n in places)))
        elif names is None and line >= header:
            names = [field.strip() for field in fields]
            places = [_place(path, names, wanted, header) for wanted in columns.values()]
    if not body:
        lines = line if names is None else header
        raise UserError(
            f"{path}: {lines} lines, so none after the headers in line {header}; download the "
            "file again, or correct `header`"
        )
    schema = {"line": pl.Int64, **dict.fromkeys(columns, pl.String)}
    return pl.DataFrame(body, schema=schema, orient="row")


def _place(path: Path, names: Sequence[str], wanted: str, header: int) -> int:
    if names.count(wanted) != 1:
        count = "no column" if wanted not in names else "several columns"
        found = ", ".join(repr(name) for name in names[:20] if name)[:300] or "nothing"
        raise UserError(
            f"{path}: line {header} has {count} {wanted!r}; found {found}; correct the column or "
            "`header` under norms.files"
        )
    return names.index(wanted)


def _text_rows(text: Text, path: Path, columns: Mapping[str, str], header: int) -> Iterator[Row]:
    """The rows of a text from the header on; its last line if it ends before the header."""
    tabs = text.file.suffix.lower() in TABS
    # a lone carriage return does not end a line, and the csv reader refuses it
    with text.file.open(encoding="utf-8-sig", newline="\n") as stream:
        lines = _lines(stream, path)
        above = sum(1 for _ in islice(lines, header - 1))
        first = next(lines, "")
        if not first:
            yield above, []
            return
        separator = "\t" if tabs else _separator(first, columns)
        rows = strict_rows(chain([first], lines), separator, quotes=not tabs, before=header - 1)
        try:
            yield from rows
        except FaultyLine as fault:
            remedy = "Correct the line" if tabs else "Quote the entry"
            raise UserError(f"{path}: {fault} {remedy}, or download the file again") from None


def _lines(stream: TextIO, path: Path) -> Iterator[str]:
    """The lines of a text, none so long that it takes the memory."""
    for number, line in enumerate(iter(lambda: stream.readline(HEADER_LIMIT), ""), 1):
        if len(line) == HEADER_LIMIT:
            raise UserError(
                f"{path}: line {number} is longer than {HEADER_LIMIT} characters; name the file "
                "of the norms, or download it again"
            )
        yield line


def _separator(header: str, columns: Mapping[str, str]) -> str:
    wanted = {name: name for name in columns.values()}
    try:
        return split_header(header, lambda name: wanted.get(name.strip()))[0]
    except csv.Error:
        return ","  # the fault is reported when the rows are read
