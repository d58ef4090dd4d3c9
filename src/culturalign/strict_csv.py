"""Delimited text by Python's slow, strict reader: where and how a file breaks."""

import csv
from collections.abc import Iterator

from culturalign.encodings import Text

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
