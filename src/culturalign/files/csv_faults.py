"""The faults of a csv, found line by line with Python's strict reader: slow, but exact."""

import csv
from collections.abc import Iterator

from culturalign.files.charset import Text

UNQUOTED = {",": "an unquoted comma", ";": "an unquoted semicolon", "\t": "a stray tab"}
"""Separator -> why a row may have too many fields."""
FIELD_LIMIT = 1 << 20
"""Most characters of an entry; no answer of a person is longer."""
csv.field_size_limit(FIELD_LIMIT)


class FaultyLine(Exception):
    """Where and how a file breaks: the beginning of an error, without the file and the remedy."""


def strict_rows(
    lines: Iterator[str],
    separator: str,
    *,
    quotes: bool = True,
    by_row: bool = False,
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a csv, strictly read.

    Args:
        lines: Of the file; blank ones before the header are skipped.
        separator: Between the fields.
        quotes: Whether ``"`` quotes; else it is a character like others.
        by_row: Count rows in place of lines.

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
    width, start, found = 0, 1, 0
    try:
        for row in reader:
            line = start if by_row else reader.line_num
            if width or any(cell.strip() for cell in row):
                width = width or len(row)
                if len(row) > width:
                    named = found == 1 and row[0].isdecimal()
                    more = ", or row names without a header" if named else ""
                    raise FaultyLine(
                        f"line {line} has {len(row)} fields, the header {width}; "
                        f"{UNQUOTED[separator]}{more}?"
                    )
                if line > start and _swallows(row, separator, width):
                    raise FaultyLine(
                        f"line {start} has an entry of several lines; an unclosed quote?"
                    )
                yield start, row
                found += 1
            start = line + 1
    except csv.Error as error:
        fault = f"a faulty entry ({error}); an unclosed quote?"
        if "new-line character" in str(error):
            fault = "a carriage return within it; a line break of another system?"
        raise FaultyLine(f"line {start} has {fault}") from None


def _swallows(row: list[str], separator: str, width: int) -> bool:
    """Whether an entry of several lines holds as many separators as half a row or more."""
    return any("\n" in cell and 2 * cell.count(separator) >= width - 1 for cell in row)


def find_fault(text: Text, separator: str, rows: int | None = None) -> str | None:
    """Find out where a csv breaks.

    Args:
        text: The file.
        separator: Between the fields.
        rows: How many rows another reader found after the header; None if it failed.

    Returns:
        The beginning of an error; None if nothing is wrong.
    """
    # a lone carriage return does not end a line, and the csv reader refuses it outside quotes
    with text.file.open(encoding="utf-8-sig", newline="\n") as stream:
        try:
            found = sum(1 for _ in strict_rows(stream, separator)) - 1
        except FaultyLine as fault:
            return str(fault)
    if rows is None:
        return stray_quote(text)
    if rows != found:
        return (
            f"has {found} rows in one reading and {rows} in another; a stray quote or carriage "
            "return?"
        )
    return None


def stray_quote(text: Text) -> str | None:
    """The first line with an odd number of quotes, likely the fault of an unreadable file."""
    with text.file.open(encoding="utf-8-sig", newline="") as stream:
        for number, line in enumerate(stream, 1):
            if line.count('"') % 2:
                return f"line {number} has an odd number of quotes; a stray quote?"
    return None
