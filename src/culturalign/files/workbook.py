"""The rows of a workbook (xlsx) as text; only what Excel would open without repairing it."""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import iterparse
from zipfile import ZipFile

from culturalign.errors import UserError
from culturalign.files.archives import check_size
from culturalign.files.exports import SEARCHED, Known, count_known, place_of_header

MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""Excel's own limits."""
MOST_CELLS = 1 << 25
"""Most cells read of a sheet, empty ones included; ours. Norms of 40,000 words with 100 columns
have four million."""


def sheet_rows(
    file: Path, path: Path, known: Known, sheet: str | None = None, header: int = 1
) -> Iterator[list[str]]:
    """The rows of a sheet, from the first, as far as the headers reach to the right.

    Args:
        file: The xlsx.
        path: The user's file, for errors.
        known: Header -> name of the column if we know it.
        sheet: Its name; None for the first that names most of our columns.
        header: The row with the headers, from 1; if 1, it is found as in a text.

    Yields:
        The cells of each row; of those above the headers, none.

    Raises:
        UserError: If the file is damaged, too large, or has no such sheet.
    """
    try:
        with file.open("rb") as stream, ZipFile(stream) as archive:
            check_size(archive, path)
            chosen, place = _sheet(stream, path, known, sheet, header)
            with archive.open(chosen._worksheet_path) as source:
                _check_order(source)
            chosen.reset_dimensions()  # a file may say that it ends before it does
            width = _width(chosen, place + 1)
            # a cell far to the right would make a row of that many cells
            for number, row in enumerate(chosen.iter_rows(max_col=width, values_only=True), 1):
                if number * width > MOST_CELLS:
                    raise ValueError(f"more than {MOST_CELLS} cells")
                yield [_text(cell) for cell in row] if number > place else []
    except UserError:
        raise
    except Exception as error:  # a damaged file breaks openpyxl in ways it does not name
        why = " ".join(str(error).split())[:120] or type(error).__name__
        raise UserError(
            f"{path}: cannot be read as xlsx ({why}); download it again, or save it as csv"
        ) from None


def _sheet(
    stream: IO[bytes], path: Path, known: Known, name: str | None, header: int
) -> tuple[Any, int]:
    """The sheet, and the place of its headers, from 0."""
    from openpyxl import load_workbook  # only xlsx needs it

    book = load_workbook(stream, read_only=True, data_only=True)
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name is not None and name not in sheets:
        raise UserError(
            f"{path}: no sheet {name!r}; found {', '.join(sheets)[:300]}; correct `sheet` under "
            "norms.files"
        )
    looked_at = book.worksheets if name is None else [sheets[name]]
    counts = [_counts(sheet, known) for sheet in looked_at]
    best = max(range(len(counts)), key=lambda n: max(counts[n], default=0))
    return looked_at[best], place_of_header(counts[best], header)


def _counts(sheet: Any, known: Known) -> list[int]:
    """How many of our columns each of the first rows names."""
    rows = sheet.iter_rows(max_row=SEARCHED, values_only=True)
    return [count_known([_text(cell) for cell in row], known) for row in rows]


def _width(sheet: Any, header: int) -> int:
    """The column of the last header, from 1; of a merged one, the last with a header below it."""
    rows = sheet.iter_rows(min_row=header, max_row=header + 1, values_only=True)
    cells, below = next(rows, ()), next(rows, ())
    last = max((n for n, cell in enumerate(cells, 1) if cell is not None), default=1)
    return last + len(list(takewhile(_is_header, below[last:])))


def _is_header(cell: Any) -> bool:
    """Whether a cell may be a second header below a merged one."""
    return isinstance(cell, str) and any(map(str.isalpha, cell))


def _check_order(source: IO[bytes]) -> None:
    """Refuse cells in no order, which openpyxl would drop or overwrite, or outside any sheet.

    Raises:
        ValueError: At the first such row or cell.
    """
    from openpyxl.utils.cell import coordinate_to_tuple
    from openpyxl.xml.constants import SHEET_MAIN_NS

    row = column = 0
    for event, element in iterparse(source, events=("start", "end")):
        if element.tag == f"{{{SHEET_MAIN_NS}}}row":
            if event == "end":
                element.clear()
                continue
            last, row, column = row, int(element.get("r", row + 1)), 0
            if not last < row <= MOST_ROWS:
                raise ValueError(f"row {row} after row {last}")
        elif element.tag == f"{{{SHEET_MAIN_NS}}}c" and event == "start":
            place = coordinate_to_tuple(element.get("r")) if element.get("r") else None
            at, last = place or (row, column + 1), column
            column = at[1]
            if column > MOST_COLUMNS:
                raise ValueError(f"cell {element.get('r')} beyond column {MOST_COLUMNS}")
            if at[0] != row or column <= last:
                raise ValueError(f"cell {element.get('r')} in row {row} after column {last}")


def _text(cell: Any) -> str:
    """A cell as text; a spreadsheet takes the words true and false for something else."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)
