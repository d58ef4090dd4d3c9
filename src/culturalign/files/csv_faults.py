"""The faults of a csv, found line by line with Python's strict reader: slow, but exact."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from culturalign.files.charset import Text

UNQUOTED = {",": "an unquoted comma", ";": "an unquoted semicolon", "\t": "a stray tab"}
"""Separator -> why a row may have too many fields."""
FIELD_LIMIT = 1 << 20
"""Most characters of an entry; no answer of a person is longer."""
csv.field_size_limit(FIELD_LIMIT)
POINTS = "Write decimal points, quote the numbers, or separate the fields by ;"
CLOSE = "Close the quote; within quotes, write a quote twice"
QUOTE = "Quote the entry"


class FaultyLine(Exception):
    """Where and how a file breaks, and the remedy: an error without the name of the file.

    Attributes:
        of_download: The same for a file that was downloaded and may have suffered from it.
    """

    def __init__(self, fault: str, remedy: str, *, suffered: bool = True) -> None:
        super().__init__(f"{fault} {remedy}")
        self.of_download = f"{self}{', or download the file again' if suffered else ''}"


def swallows(row: Sequence[str], separator: str, width: int) -> bool:
    """Whether an entry of several lines holds as many separators as half a row or more."""
    return any("\n" in cell and 2 * cell.count(separator) >= width - 1 for cell in row)


def strict_rows(
    lines: Iterator[str],
    separator: str,
    *,
    quotes: bool = True,
    by_row: bool = False,
    swallows: Callable[[Sequence[str], str, int], bool] = swallows,
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a csv, strictly read.

    Args:
        lines: Of the file; blank ones before the header are skipped.
        separator: Between the fields.
        quotes: Whether ``"`` quotes; else it is a character like others.
        by_row: The lines are those of a table that was no text: count rows in place of lines, and
            let a row have entries under no name.
        swallows: Whether a row of several lines has swallowed others, by the separator and the
            number of headers.

    Yields:
        The line in which a row starts, from 1, and its fields; the header first.

    Raises:
        FaultyLine: At a row longer than the header or with an entry beyond its last name, which an
            unquoted separator moves there, or at an entry that swallows further rows.
    """
    reader = csv.reader(
        lines,
        delimiter=separator,
        strict=True,
        quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
    )
    width, named, start, found = 0, 0, 1, 0
    try:
        for row in reader:
            line = start if by_row else reader.line_num
            if width or any(cell.strip() for cell in row):
                if not width:
                    width = len(row)
                    named = width if by_row else _filled(row)
                if _is_long(row, width, named):
                    others = sum(_is_long(more, width, named) for more in _rest(reader))
                    raise _too_long(row, (width, named), line, separator, others, first=found == 1)
                if line > start and swallows(row, separator, width):
                    raise FaultyLine(
                        f"line {start} has an entry of several lines that holds what looks like "
                        "further rows; an unclosed quote?",
                        CLOSE,
                    )
                yield start, row
                found += 1
            start = line + 1
    except csv.Error as error:
        if "new-line character" in str(error):
            fault = "a carriage return within it; a line break of another system?"
            raise FaultyLine(f"line {start} has {fault}", QUOTE) from None
        fault = f"a faulty entry ({error}); an unclosed quote?"
        raise FaultyLine(f"line {start} has {fault}", CLOSE) from None


def _filled(row: Sequence[str]) -> int:
    """The number of fields up to the last with content."""
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def _is_long(row: Sequence[str], width: int, named: int) -> bool:
    return len(row) > width or _filled(row) > named


def _rest(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Further rows, up to one that is faulty otherwise."""
    with suppress(csv.Error):
        yield from reader


def _too_long(
    row: Sequence[str],
    widths: tuple[int, int],
    line: int,
    separator: str,
    others: int,
    *,
    first: bool,
) -> FaultyLine:
    width, named = widths
    row = row if len(row) > width else row[: _filled(row)]
    decimal = separator == "," and _with_decimals(row) <= named
    cause = UNQUOTED[separator] + (", perhaps of decimals" if decimal else "")
    cause += ", or row names without a header" if first and row[0].isdecimal() else ""
    names = f"{named} names" if len(row) <= width else width
    fault = f"line {line} has {len(row)} fields, the header {names}"
    if others:
        shown = separator.join(row)[:60].replace("\n", " ")
        fault += f" ({shown!r}), and {others} more rows are too long"
    fault += f"; {cause}?"
    if decimal:
        return FaultyLine(fault, POINTS, suffered=False)
    return FaultyLine(fault, "Correct the line" if separator == "\t" else QUOTE)


def _with_decimals(row: Sequence[str]) -> int:
    """How many fields a row has if digits after digits are decimals."""
    marks = "".join("d" if re.fullmatch(r"\s*[+-]?\d+\s*", field) else "t" for field in row)
    return len(re.findall("dd|d|t", marks))


def find_fault(text: Text, separator: str, rows: int | None = None) -> str | None:
    """Find out where a csv breaks.

    Args:
        text: The file.
        separator: Between the fields.
        rows: How many rows another reader found after the header; None if it failed.

    Returns:
        An error without the name of the file; None if nothing is wrong.
    """
    # a lone carriage return does not end a line, and the csv reader refuses it outside quotes
    with text.file.open(encoding="utf-8-sig", newline="\n") as stream:
        try:
            by_row = bool(text.separator)
            found = sum(1 for _ in strict_rows(stream, separator, by_row=by_row)) - 1
        except FaultyLine as fault:
            return fault.of_download
    if rows is None:
        return stray_quote(text)
    if rows != found:
        return (
            f"has {found} rows in one reading and {rows} in another; a stray quote or carriage "
            f"return? {QUOTE}, or download the file again"
        )
    return None


def stray_quote(text: Text) -> str | None:
    """The first line with an odd number of quotes, likely the fault of an unreadable file."""
    with text.file.open(encoding="utf-8-sig", newline="") as stream:
        for number, line in enumerate(stream, 1):
            if line.count('"') % 2:
                return (
                    f"line {number} has an odd number of quotes; a stray quote? {QUOTE}, or "
                    "download the file again"
                )
    return None
