"""Norm files as they are published: csv, tsv and xlsx, read as text."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import polars as pl

from culturalign.errors import UserError

Rows = list[list[str]]


def read_norm_file(
    path: Path, columns: Mapping[str, str], *, header: int = 1, sheet: str | None = None
) -> pl.DataFrame:
    """Read some columns of a norm file.

    Args:
        path: ``.csv`` (``,``, ``;`` or tabs), ``.tsv`` or ``.txt`` (tabs), or ``.xlsx``.
        columns: Our name -> header in the file; the key ``word`` and the attributes.
        header: The line (row) with the headers, from 1.
        sheet: Of an xlsx; None for the first.

    Returns:
        ``line`` (in the file, from 1) and text columns as named; "null" and "nan" are words.

    Raises:
        UserError: If the file cannot be read or lacks a column.
    """
    rows = _xlsx_rows(path, sheet) if path.suffix.lower() == ".xlsx" else _text_rows(path)
    if len(rows) <= header:
        raise UserError(
            f"{path}: {len(rows)} lines, so none after the headers in line {header}; download the "
            "file again, or correct `header`"
        )
    names = [cell.strip() for cell in rows[header - 1]]
    places = [_place(path, names, wanted, header) for wanted in columns.values()]
    body = [
        (line, *(row[place] if place < len(row) else "" for place in places))
        for line, row in enumerate(rows[header:], start=header + 1)
        if any(row)
    ]
    schema = {"line": pl.Int64, **dict.fromkeys(columns, pl.String)}
    return pl.DataFrame(body, schema=schema, orient="row")


def _place(path: Path, names: Sequence[str], wanted: str, header: int) -> int:
    if names.count(wanted) != 1:
        count = "no column" if wanted not in names else "several columns"
        found = ", ".join(repr(name) for name in names[:20] if name) or "nothing"
        raise UserError(
            f"{path}: line {header} has {count} {wanted!r}; found {found}; correct the column or "
            "`header` under norms.files"
        )
    return names.index(wanted)


def _text_rows(path: Path) -> Rows:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = data.count(b"\n", 0, bad.start) + 1
        raise UserError(
            f"{path}: line {line} is not UTF-8 (byte 0x{data[bad.start]:02x}); save the file as "
            "UTF-8"
        ) from None
    file = io.StringIO(text, newline="")
    if path.suffix.lower() in (".tsv", ".txt"):  # there a quote is a character
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return list(csv.reader(file, delimiter=_separator(text)))


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)


def _xlsx_rows(path: Path, sheet: str | None) -> Rows:
    from openpyxl import load_workbook  # only xlsx needs it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise UserError(
            f"{path}: cannot be read as xlsx ({error}); download it again, or save it as csv"
        ) from None
    if sheet is not None and sheet not in book.sheetnames:
        raise UserError(
            f"{path}: no sheet {sheet!r}; found {', '.join(book.sheetnames)}; correct `sheet` "
            "under norms.files"
        )
    chosen = book[sheet] if sheet is not None else book[book.sheetnames[0]]
    rows = [[_text(cell) for cell in row] for row in chosen.iter_rows(values_only=True)]
    book.close()
    return rows


def _text(cell: Any) -> str:
    """A cell as text; a spreadsheet takes the words true and false for something else."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)
