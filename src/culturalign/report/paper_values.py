"""The paper's numbers beside those of this run: one way for all tables.

``resources/paper/*.csv`` hold the numbers: ``table``; the columns ``KEYS`` that say which row it
is; ``source``, where it is printed; the numbers, under the headings of our tables.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

KEYS = ("Id", "M Type", "M Class", "Nation")
"""Those that both have name a row; the data (``SWOW``) is the table's, whatever its label."""
OURS = "this run"
BOLD = "not significant"
"""Column that names the numbers the paper prints in bold, by their place."""
Table = dict[str, Any]
Row = Mapping[str, str]


def read_values(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Table -> the paper's rows, from all csv files of a folder."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row.pop("table"), []).append(_bold(row))
    return found


def beside(printed: Sequence[Row], ours: Mapping[str, Any]) -> Table:
    """The paper's rows, each group of the same row followed by that of this run, if there is one.

    Args:
        printed: Rows of one table, from :func:`read_values`.
        ours: Header and rows of our table; answers in the plain order are compared.

    Returns:
        Header and rows; no rows if the paper has none.
    """
    if not printed:
        return {"header": [], "rows": []}
    names = list(printed[0])
    keys = [name for name in names if name in KEYS]
    mine = {tuple(row.get(key, "") for key in keys): row for row in _rows(ours, printed)}
    groups: dict[tuple[str, ...], list[list[str]]] = {}
    for row in printed:
        groups.setdefault(tuple(row[key] for key in keys), []).append(list(row.values()))
    for key, rows in groups.items():
        if key in mine:
            found = {**mine[key], "source": OURS}
            rows.append([found.get(name, "") for name in names])
    return {"header": names, "rows": [row for rows in groups.values() for row in rows]}


def _bold(row: dict[str, str]) -> dict[str, str]:
    bold = row.pop(BOLD, "").split()
    return {name: f"**{value}**" if name.lower() in bold else value for name, value in row.items()}


def _rows(ours: Mapping[str, Any], printed: Sequence[Row]) -> list[dict[str, str]]:
    """Our rows by heading; of a table with a column for each arm, a row for each printed arm."""
    rows = [dict(zip(ours["header"], row, strict=True)) for row in ours["rows"]]
    if ours["header"][:1] != ["Metric"]:
        return [row for row in rows if row.get("scoring", "plain") == "plain"]
    found = []
    for row in printed:
        names = {name: row[name] for name in ("M Type", "M Class")}
        column = " ".join(part for part in (row["M Class"], row["M Type"]) if part != "-")
        if column in ours["header"]:
            found.append(names | {each["Metric"]: each[column] for each in rows})
    return found
