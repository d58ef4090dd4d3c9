"""Tables of a finished demo, and how others differ from them."""

import csv
from pathlib import Path

DEMO = Path(__file__).parent / "demo"


def differences(table: Path, tolerance: float, columns: set[str] | None = None) -> list[str]:
    """Cells of a table that differ from the reference of its name.

    Args:
        table: A csv.
        tolerance: How far numbers may be apart, absolutely or relative to the reference.
        columns: Compare these only; all if not given.
    """
    expected, found = _rows(DEMO / table.name), _rows(table)
    if len(expected) != len(found):
        return [f"{table.name}: {len(found)} rows, not {len(expected)}"]
    return [
        f"{table.name}, row {number}, {column}: {mine[column]!r}, not {cell!r}"
        for number, (row, mine) in enumerate(zip(expected, found, strict=True), start=1)
        for column, cell in row.items()
        if (columns is None or column in columns) and not _alike(cell, mine[column], tolerance)
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _alike(expected: str, found: str, tolerance: float) -> bool:
    if expected == found:
        return True
    try:
        difference = abs(float(expected) - float(found))
    except ValueError:
        return False
    return difference <= tolerance * max(1.0, abs(float(expected)))
