"""What other programs add to a csv: lines above the header, row names, backslashes before quotes.

A file that has none of these is used as it is; else a copy is. Lines keep their numbers.
"""

import codecs
import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from culturalign.files.charset import BLOCK, Text
from culturalign.files.csv_faults import FaultyLine, strict_rows
from culturalign.files.delimited import HEADER_LIMIT, split_header

SEARCHED = 40
"""Lines searched for the header, and rows for row names."""
ESCAPED = b'\\"'
Known = Callable[[str], str | None]


class Form(NamedTuple):
    """How a csv differs from a plain one.

    Attributes:
        above: Lines above the header.
        blank: Whether they are blank.
        unnamed: The separator, if the header lacks the name of the first column: R's row names.
        escaped: Whether a backslash stands before a quote within quotes, as R writes it.
        bare: Whether a quote is a character like others, as where R writes none.
    """

    above: int
    blank: bool
    unnamed: str
    escaped: bool
    bare: bool = False


@contextmanager
def as_plain(text: Text, known: Known, header: int = 1, *, bare: bool = False) -> Iterator[Text]:
    """A csv without what other programs add to it; a copy is removed afterwards.

    Args:
        text: The file.
        known: Header -> name of the column if we know it.
        header: The line of the header, from 1; if 1, it is found: the first of those that name
            most of our columns, and at least two.
        bare: Whether tables between tabs are of a kind whose official files quote nothing.
    """
    form = _form(text, known, header, bare)
    if form.blank and not (form.unnamed or form.escaped or form.bare):
        yield replace(text, above=form.above)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"data{text.file.suffix}"
        _rewrite(text.file, copy, form)
        yield replace(text, file=copy, above=form.above)


def place_of_header(counts: Sequence[int], header: int = 1) -> int:
    """The place of the header, from 0, by the number of our columns that each row names."""
    if header > 1 or not counts or max(counts) < 2:
        return header - 1
    return counts.index(max(counts))


def count_known(names: Sequence[str], known: Known) -> int:
    """How many of our columns a row names."""
    return len({known(name) for name in names} - {None})


def _form(text: Text, known: Known, header: int, bare: bool) -> Form:
    with text.file.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
        lines = list(islice(iter(lambda: stream.readline(HEADER_LIMIT), ""), header + SEARCHED))
    place = place_of_header([_count(line, known) for line in lines[:SEARCHED]], header)
    if any(len(line) == HEADER_LIMIT for line in lines):
        return Form(0, True, "", False)  # the reader refuses it
    if place >= len(lines):
        return Form(place, place == 0, "", False)
    blank = not any(line.strip() for line in lines[:place])
    separator, names = _split(lines[place], known)
    body = [line for line in lines[place + 1 :] if line.strip()]
    readings = (body, [line.replace('\\"', '""') for line in body])
    if bare and separator == "\t" and '"' not in lines[place]:
        return Form(place, blank, "", False, bare=_holds(text.file, b'"'))
    lacks = any(_lacks_a_name(names, separator, rows) for rows in readings)
    unnamed = separator if lacks else ""
    escaped = _is_escaped(text.file, separator, place, unnamed)
    return Form(place, blank, unnamed, escaped)


def _split(line: str, known: Known) -> tuple[str, list[str]]:
    try:
        return split_header(line, known)
    except csv.Error:
        return ",", []


def _count(line: str, known: Known) -> int:
    return count_known(_split(line, known)[1], known) if line.strip() else 0


def _lacks_a_name(names: Sequence[str], separator: str, lines: Sequence[str]) -> bool:
    """Whether R's row names, numbers in quotes, begin the rows and lack a name in the header.

    Without the quotes they could be part of a number with a decimal comma.
    """
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return False
    rows = rows[:-1] or rows  # an entry of the last may be cut off
    firsts = {row[0] for row in rows}
    numbered = len(firsts) == len(rows) > 0 and all(first.isdecimal() for first in firsts)
    quoted = numbered and lines[0].startswith('"')
    return quoted and all(len(row) == len(names) + 1 for row in rows)


def _is_escaped(file: Path, separator: str, place: int, unnamed: str) -> bool:
    """Whether a file is read without fault only if a backslash before a quote escapes it."""
    if not _holds(file, ESCAPED):
        return False
    plain, escaped = (_reads(file, separator, place, unnamed, quote) for quote in ('\\"', '""'))
    return escaped and not plain


def _holds(file: Path, sign: bytes) -> bool:
    with file.open("rb") as stream:
        end = b""
        while block := stream.read(BLOCK):
            part = end + block
            if sign[:1] in part and sign in part:  # to look for one byte is far faster
                return True
            end = block[-1:]
    return False


def _reads(file: Path, separator: str, place: int, unnamed: str, quote: str) -> bool:
    """Whether the strict reader finds no fault if ``\\"`` is read as another text."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
        lines = (line.replace('\\"', quote) for line in islice(stream, place, None))
        header = unnamed + next(lines, "")
        try:
            return all(True for _ in strict_rows(chain([header], lines), separator))
        except FaultyLine:
            return False


def _rewrite(file: Path, copy: Path, form: Form) -> None:
    with file.open("rb") as source, copy.open("wb") as sink:
        for number, line in enumerate(source):
            if number < form.above:
                line = b"\n"
            elif number == form.above:
                line = line.removeprefix(codecs.BOM_UTF8)
                line = b'""' + form.unnamed.encode() + line if form.unnamed else line
            elif form.escaped:
                line = line.replace(ESCAPED, b'""')
            elif form.bare:
                line = _quoted(line)
            sink.write(line)


def _quoted(line: bytes) -> bytes:
    """A line between tabs, its fields with quotes quoted."""
    body = line.rstrip(b"\r\n")
    fields = [
        b'"' + field.replace(b'"', b'""') + b'"' if b'"' in field else field
        for field in body.split(b"\t")
    ]
    return b"\t".join(fields) + line[len(body) :]
