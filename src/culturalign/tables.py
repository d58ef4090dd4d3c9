"""Writing a table: csv with the numbers, md and tex with what the paper would print."""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from tabulate import tabulate

BOLD = re.compile(r"\*\*([^*&\n]+)\*\*")


def write_table(
    stem: str, numbers: pl.DataFrame, shown: Sequence[Sequence[str]], header: Sequence[str]
) -> None:
    """Write ``stem.csv``, ``stem.md`` and ``stem.tex``.

    Args:
        stem: Path without ending.
        numbers: Full precision, one row a number or a group of numbers.
        shown: Rows of formatted cells.
        header: Their headings.

    A cell between ``**`` is bold.
    """
    numbers.write_csv(f"{stem}.csv")
    for ending, style in (("md", "github"), ("tex", "latex_booktabs")):
        text = tabulate(list(shown), headers=list(header), tablefmt=style, disable_numparse=True)
        text = BOLD.sub(r"\\textbf{\1}", text) if ending == "tex" else text
        Path(f"{stem}.{ending}").write_text(text + "\n", encoding="utf-8")


def cell(mean: float, low: float, high: float, seed_sd: float | None = None) -> str:
    """A mean with its interval, e.g. ``0.432 [0.391, 0.474]``, and the spread over seeds."""
    spread = f" (seeds ±{seed_sd:.3f})" if seed_sd is not None else ""
    return f"{mean:.3f} [{low:.3f}, {high:.3f}]{spread}"


def pivot_cells(rows: pl.DataFrame, keys: Sequence[str]) -> list[list[str]]:
    """One row for each combination of keys, a cell for each K, in order of appearance.

    Args:
        rows: The keys, ``k``, ``mean, low, high`` and, if there, ``seed_sd``.
        keys: Columns that lead the row.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for row in rows.sort("k", maintain_order=True).iter_rows(named=True):
        lead = tuple(str(row[key]) for key in keys)
        text = cell(row["mean"], row["low"], row["high"], row.get("seed_sd"))
        found.setdefault(lead, []).append(text)
    order = [tuple(str(row[key]) for key in keys) for row in rows.iter_rows(named=True)]
    return [[*lead, *found[lead]] for lead in dict.fromkeys(order)]
