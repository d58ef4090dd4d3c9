"""What the survey's figures share.

Figures return the picture and the numbers drawn, for ``culturalign.figures.save``; their
``scores, labels, nations`` are as in ``survey.tables``. Colors and legends are in
``culturalign.looks``.
"""

import polars as pl

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
