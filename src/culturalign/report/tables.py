"""Writing a table: csv with the numbers, md and tex as the paper prints it."""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from tabulate import tabulate

BOLD = re.compile(r"\*\*([^*&\n]+)\*\*")
FORMULA = r"(?s)^[=+\-@\t\r]."
"""Begins a formula in a spreadsheet; a single dash, our mark for a missing value, does not."""


def write_table(
    stem: str,
    numbers: pl.DataFrame,
    shown: Sequence[Sequence[str]],
    header: Sequence[str],
    note: str = "",
) -> None:
    """Write ``stem.csv``, ``stem.md`` and ``stem.tex``.

    Args:
        numbers: Full precision, one row a number or a group of numbers.
        shown: Rows of formatted cells.
        header: Their headings.
        note: What the marks in the cells mean; under the table, in LaTeX a comment.

    A cell between ``**`` is bold.
    """
    write_csv(numbers, Path(f"{stem}.csv"))
    for ending, style, written in (
        ("md", "github", escape_markdown),
        ("tex", "latex_booktabs", plain_text),
    ):
        cells = [[written(str(value)) for value in row] for row in shown]
        names = [written(name) for name in header]
        text = tabulate(cells, headers=names, tablefmt=style, disable_numparse=True)
        text = BOLD.sub(r"\\textbf{\1}", text) if ending == "tex" else text
        under = {"md": f"\n{note}\n", "tex": f"% {note}\n"}[ending] if note else ""
        Path(f"{stem}.{ending}").write_text(f"{text}\n{under}", encoding="utf-8")


def write_csv(numbers: pl.DataFrame, path: Path) -> None:
    """Write numbers as csv; a text that a spreadsheet would run as a formula gets a ``'``."""
    text = pl.col(pl.String)
    safe = pl.when(text.str.contains(FORMULA) & text.cast(pl.Float64, strict=False).is_null())
    quoted = safe.then(pl.lit("'") + text).otherwise(text).name.keep()
    numbers.with_columns(quoted if pl.String in numbers.dtypes else []).write_csv(path)


def plain_text(text: str) -> str:
    """Text on one line, with every invisible character shown as its number.

    Control characters, and those that turn the direction of writing, could hide or move what
    is next to them.
    """
    line = " ".join(text.split())
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


def escape_markdown(text: str) -> str:
    """Text as a cell of a markdown table: bars, HTML, code and links are only characters.

    >>> escape_markdown("a|b <i> [x](y)")
    'a\\\\|b \\\\<i> [x]\\\\(y)'
    """
    marked = re.sub(r"([\\|<`])", r"\\\1", plain_text(text))
    return marked.replace("](", r"]\(").replace("][", r"]\[")


def unescape_markdown(cell: str) -> str:
    """The text of a cell that :func:`escape_markdown` wrote."""
    return re.sub(r"\\([\\|<`(\[])", r"\1", cell)


def markdown_cells(line: str) -> list[str]:
    """The texts of a row of a markdown table; ``\\|`` is not a border."""
    cells = [""]
    for token in re.findall(r"\\.|\||[^\\|]+|\\", line.strip()):
        if token == "|":
            cells.append("")
        else:
            cells[-1] += token
    return [unescape_markdown(cell.strip()) for cell in cells[1:-1]]
