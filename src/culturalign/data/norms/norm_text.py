"""Norm files as they are published, in any form, read as text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import polars as pl

from culturalign.errors import UserError
from culturalign.files.charset import Text
from culturalign.files.csv_faults import POINTS, FaultyLine, strict_rows
from culturalign.files.delimited import HEADER_LIMIT, header_line, read_header
from culturalign.files.stored_tables import as_table

TABS = (".tsv", ".txt")
"""Endings of files separated by tabs, in which a quote is a character like others."""
Row = tuple[int, Sequence[str]]
"""Line in the file, from 1, and the fields."""


def read_norm_file(
    path: Path, columns: Mapping[str, str], *, header: int = 1, sheet: str | None = None
) -> pl.DataFrame:
    """Read some columns of a norm file.

    Args:
        path: A table in any form of :func:`culturalign.files.stored_tables.as_table`.
        columns: Our name -> header in the file; the key ``word`` and the attributes.
        header: The line (row) with the headers, from 1; if 1, it is found.
        sheet: Name of the sheet of an xlsx; None for the first that has the columns.

    Returns:
        ``line`` (in the file, from 1; that in which the row starts) and text columns as named;
        "null" and "nan" are words. A row without any content is left out; what a row shorter
        than the header lacks is empty.

    Raises:
        UserError: If the file is missing or damaged, its encoding is in doubt, it lacks a column,
            or a text has a row longer than the header or an unclosed quote.
    """
    wanted = {name: name for name in columns.values()}

    def known(name: str) -> str | None:
        return wanted.get(name.strip())

    with as_table(path, known, header=header, sheet=sheet) as text:
        separator, _ = read_header(text, path, known)
        return _table(path, text, _text_rows(text, path, separator), columns, separator)


def _table(
    path: Path, text: Text, rows: Iterator[Row], columns: Mapping[str, str], separator: str
) -> pl.DataFrame:
    """The columns wanted of rows, the first of which holds the headers."""
    line, fields = next(rows, (1 + text.above, []))
    names = [field.strip() for field in fields]
    places = [_place(path, names, wanted, line) for wanted in columns.values()]
    full = [(number, row) for number, row in rows if any(row)]
    for place in places:
        _refuse_group(path, names, place, line, full[:1])
    if separator == ",":
        for place in places[1:]:
            _refuse_moved(path, full, place, names)
    body = [(number, *(row[n] if n < len(row) else "" for n in places)) for number, row in full]
    if not body:
        raise UserError(
            f"{path}: no line after the headers in line {line}; download the file again, or "
            "correct `header`"
        )
    schema = {"line": pl.Int64, **dict.fromkeys(columns, pl.String)}
    return pl.DataFrame(body, schema=schema, orient="row")


def _refuse_group(
    path: Path, names: Sequence[str], place: int, line: int, first: Sequence[Row]
) -> None:
    """Refuse a header above several columns, each with a header of its own in the next row."""
    end = next((n for n in range(place + 1, len(names)) if names[n]), len(names))
    for number, row in first:
        below = [field.strip() for field in row[place:end]]
        if len(below) > 1 and all(field and not re.search(r"\d", field) for field in below):
            raise UserError(
                f"{path}: {names[place]!r} in line {line} stands above several columns, in line "
                f"{number} {', '.join(map(repr, below))}; write the headers in one row, none twice"
            )


def _refuse_moved(path: Path, rows: Sequence[Row], place: int, names: Sequence[str]) -> None:
    """Refuse whole numbers with decimals in the next field: the comma was taken for a separator.

    Where a row still fits the header, a leading zero tells them: 6,05 is 6 and 05.
    """
    pairs = [(number, ",".join(row[place : place + 2])) for number, row in rows]
    moved = [pair for pair in pairs if re.fullmatch(r"\s*[+-]?\d+,0\d+\s*", pair[1])]
    pointed = sum(bool(re.match(r"\s*[+-]?\d*\.", pair)) for _, pair in pairs)
    if moved and 2 * pointed < len(pairs):
        shown = "; ".join(f"{pair}, line {number}" for number, pair in moved[:3])
        raise UserError(
            f"{path}: {len(moved)} of {len(pairs)} entries of column {names[place]!r} are whole "
            f"numbers before a field that begins with 0 ({shown}): decimal commas without quotes? "
            f"{POINTS}"
        )


def _place(path: Path, names: Sequence[str], wanted: str, header: int) -> int:
    if names.count(wanted) != 1:
        count = "no column" if wanted not in names else "several columns"
        found = ", ".join(repr(name) for name in names[:20] if name)[:300] or "nothing"
        raise UserError(
            f"{path}: line {header} has {count} {wanted!r}; found {found}; correct the column or "
            "`header` under norms.files"
        )
    return names.index(wanted)


def _text_rows(text: Text, path: Path, separator: str) -> Iterator[Row]:
    """The rows of a text, the headers first."""
    tabs = text.file.suffix.lower() in TABS
    # a lone carriage return does not end a line, and the csv reader refuses it
    with text.file.open(encoding="utf-8-sig", newline="\n") as stream:
        lines = _lines(stream, path)
        quotes = not tabs or '"' in header_line(text)
        by_row = bool(text.separator)
        try:
            yield from strict_rows(lines, separator, quotes=quotes, by_row=by_row)
        except FaultyLine as fault:
            raise UserError(f"{path}: {fault.of_download}") from None


def _lines(stream: TextIO, path: Path) -> Iterator[str]:
    """The lines of a text, none so long that it takes the memory."""
    for number, line in enumerate(iter(lambda: stream.readline(HEADER_LIMIT), ""), 1):
        if len(line) == HEADER_LIMIT:
            raise UserError(
                f"{path}: line {number} is longer than {HEADER_LIMIT} characters; name the file "
                "of the norms, or download it again"
            )
        yield line
