"""Any table as a delimited text: csv of any program, workbooks, files of SPSS and Stata.

All readers of users' tables begin here, so that each reads every form.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from culturalign.files.archives import SHEETS, unpacked
from culturalign.files.charset import Text, as_utf8
from culturalign.files.exports import Known, as_plain
from culturalign.files.statistics_files import statistics_rows
from culturalign.files.workbook import sheet_rows

UNIT = "\x1f"
"""The unit separator of ASCII, which no workbook may hold."""
NAMES = {SHEETS: "xlsx", ".sav": "SPSS", ".dta": "Stata"}
"""Ending -> what a table is that is no text."""
STARTS = {b"$FL2": ".sav", b"$FL3": ".sav", b"<sta": ".dta"}


@contextmanager
def as_table(
    path: Path,
    known: Known,
    *,
    header: int = 1,
    sheet: str | None = None,
    labels: bool = False,
    codes: bool = False,
    bare: bool = False,
) -> Iterator[Text]:
    """A user's table as a text with its header on the first line that is not blank.

    Args:
        path: A csv, xlsx, sav, or dta; or a gzip of one, or a zip that holds one.
        known: Header -> name of the column if we know it; of SPSS and Stata only these are read.
        header: The line of the header, from 1; if 1, it is found
            (:func:`culturalign.files.exports.as_plain`).
        sheet: Name of the sheet of a workbook; else the first that names most of our columns.
        labels: Whether values of SPSS and Stata are read by their labels.
        codes: Whether negative values that a file of SPSS declares missing are read:
            :func:`culturalign.files.statistics_files.statistics_rows`.
        bare: Whether quotes may be characters: :func:`culturalign.files.exports.as_plain`.

    Raises:
        UserError: If the file is missing or damaged, or its encoding is in doubt.
    """
    with unpacked(path) as file:
        kind = kind_of(file)
        if not kind:
            with as_utf8(file, path) as text, as_plain(text, known, header, bare=bare) as plain:
                yield plain
            return
        rows: Iterable[Sequence[str]]
        if kind == SHEETS:
            rows = sheet_rows(file, path, known, sheet, header)
        else:
            rows = statistics_rows(file, path, known, kind, labels=labels, codes=codes)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "data.csv"
            with copy.open("w", encoding="utf-8", newline="") as sink:
                csv.writer(sink, delimiter=UNIT, lineterminator="\n").writerows(rows)
            yield Text(copy, NAMES[kind], separator=UNIT)


def kind_of(file: Path) -> str:
    """The ending of a table that is no text, by its first bytes or its name; else nothing."""
    ending = file.suffix.lower()
    with file.open("rb") as stream:
        return STARTS.get(stream.read(4), ending if ending in NAMES else "")


def encoding_of(path: Path) -> str:
    """The encoding of a file; ``xlsx``, ``SPSS``, or ``Stata`` of one that is no text."""
    if path.suffix.lower() in NAMES:
        return NAMES[path.suffix.lower()]
    with unpacked(path) as file:
        if kind := kind_of(file):
            return NAMES[kind]
        with as_utf8(file, path) as text:
            return text.encoding
