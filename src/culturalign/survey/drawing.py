"""What the survey's figures share.

What is told by color is told by line, marker or place too; colors are those of Okabe and Ito
(2008), safe for color-blind readers. Figures return the picture and the numbers drawn, for
``culturalign.figures.save``; their ``scores, labels, nations`` are as in ``survey.tables``.
"""

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
NAMES = {"js": "Jensen-Shannon distance", "emd": "earth mover's distance"}
"""Axis titles of the measures."""
ORDERS = {"plain": "options in the plain order", "debiased": "average over orders of the options"}
"""Title of a figure: whose answers it shows."""


def arm_label(rows: pl.DataFrame) -> pl.Expr:
    """Name of an arm in a legend; the culture only where a nation has arms of several."""
    arm = pl.col("M Class") + ", " + pl.col("M Type")
    cultures = rows.drop_nulls("culture").group_by("country").agg(pl.col("culture").n_unique())
    if not (cultures["culture"] > 1).any():
        return arm.alias("arm")
    swow = pl.when(pl.col("culture").is_null()).then(pl.lit(""))
    return (arm + swow.otherwise(" (" + pl.col("SWOW") + ")")).alias("arm")


def add_legend(figure: Figure, handles: Sequence[Line2D]) -> None:
    """Put a legend below all panels."""
    columns = max(1, int(figure.get_figwidth() / 1.7))
    figure.legend(
        handles=list(handles), loc="outside lower center", ncols=columns, frameon=False,
        fontsize=7, handlelength=4,
    )  # fmt: skip
