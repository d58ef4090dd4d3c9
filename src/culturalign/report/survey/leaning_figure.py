"""The paper's figures 3 and 11: distances of the tension questions to both nations."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from culturalign.data.survey.tension_set import Form, Pair
from culturalign.report.arm_tables import Labels, title_arms
from culturalign.report.figures import COLUMN, add_legend, grid, handle, hide, panels, styled
from culturalign.report.survey.comparison import ARM, ORDERS
from culturalign.report.survey.leaning import count_nearer, nearer
from culturalign.report.survey.zero_knowledge import reference_names, without_samples

ACROSS = 4
"""Most panels in a row: more would be unreadable on a page."""
SIDES = ("o", "^", "s")
"""Markers of answers nearer to the first country, nearer to the second, and ties."""
CROSS: dict[str, Any] = {"ls": "", "marker": "x", "ms": 3, "color": "0.6", "zorder": 1.5}
"""Look of the uniform answer."""


def leanings(
    scores: pl.DataFrame,
    references: pl.DataFrame,
    tension: pl.DataFrame,
    pair: Pair,
    labels: Labels,
    nations: Mapping[str, str],
    *,
    scoring: str = "plain",
    form: Form = "divergence",
) -> tuple[Figure, pl.DataFrame]:
    """Figures 3 and 11: distance of each tension question to both nations, before and after.

    Rows of a model: vanilla, then its other arms, ``ACROSS`` in a row. Below the diagonal
    an answer is nearer to the second country; color is the bias, distance to the second minus
    distance to the first. Gray crosses are the uniform answer.

    Args:
        scores: Distances of all arms, one language, both countries.
        references: Distances of zero-knowledge answers, likewise.
        tension: ``question`` of the tension set; n counts those with answers.
        pair: (first, second): x and y axis.
        nations: As in ``value_tables``, with both countries.
        form: Form of JS in the hybrid distance.

    Returns:
        The figure; the titles, the arm or zero-knowledge answer, and the columns of
        ``leaning.nearer``. If no question
        of the set was answered, a figure that says so, and an empty frame.
    """
    wanted = tension["question"].to_list()
    known = without_samples(references).filter(pl.col("country").is_in(pair))
    both = pl.concat([scores, known], how="diagonal")
    inside = both.filter(pl.col("question").is_in(wanted), scoring=scoring)
    if inside.is_empty():
        return _nothing("no question of the tension set was answered"), pl.DataFrame()
    found = nearer(inside, pair, form=form, by=ARM)
    rows = title_arms(found, labels, reference_names(nations))
    names = (nations[pair[0]], nations[pair[1]])
    return _draw(rows, pair, names, len(wanted), ORDERS[scoring]), rows


@styled()
def _draw(rows: pl.DataFrame, pair: Pair, names: tuple[str, str], size: int, title: str) -> Figure:
    uniform, arms = rows.filter(method="uniform"), rows.filter(pl.col("model") != "-")
    groups = [
        [block for _, block in mine.group_by("method", "culture", maintain_order=True)]
        for _, mine in arms.group_by("model", maintain_order=True)
    ]
    down, across = grid(max(len(group) for group in groups), ACROSS)
    lines = down * len(groups)
    figure, axes = panels((lines, across), 2.5 * across + 0.8, 2.65 * lines)
    drawn = pl.concat([arms, uniform])
    top = 1.08 * max(*drawn["to_first"], *drawn["to_second"], 0.1)
    most = max(float(np.abs(arms["bias"].to_numpy()).max()), 1e-6)
    colors = Normalize(-most, most)
    for group, places in zip(groups, axes.reshape(len(groups), -1), strict=True):
        for block, panel in zip(group, places, strict=False):
            panel.plot(uniform["to_first"], uniform["to_second"], **CROSS)
            dots = _scatter(panel, block, pair, colors)
            panel.set(xlim=(0, top), ylim=(0, top), aspect="equal")
            panel.set(xlabel=f"distance to {names[0]}", ylabel=f"distance to {names[1]}")
            panel.set_title(_panel_title(block, pair, names, size), fontsize=7)
        hide(places[len(group) :])
    bar = figure.colorbar(dots, ax=axes, shrink=0.8 / lines + 0.1, aspect=25)
    bar.set_label(f"bias: distance to {names[1]} − to {names[0]}")
    texts = (f"nearer {names[0]}", f"nearer {names[1]}", "tie")
    dot = {"ls": "", "color": "0.25", "mfc": "white", "ms": 4}
    handles = [handle(t, marker=m, **dot) for t, m in zip(texts, SIDES, strict=True)]
    add_legend(figure, [*handles, handle(_uniform_title(uniform, pair, names), **CROSS)])
    figure.suptitle(title)
    return figure


def _uniform_title(uniform: pl.DataFrame, pair: Pair, names: Sequence[str]) -> str:
    """``uniform answer: 37 nearer US, 13 nearer China``."""
    return f"uniform answer: {_counts(uniform, pair, names)}"


def _counts(rows: pl.DataFrame, pair: Pair, names: Sequence[str]) -> str:
    found = [count_nearer(rows, country)["count"] for country in pair]
    return ", ".join(f"{count} nearer {name}" for count, name in zip(found, names, strict=True))


def _scatter(panel: Axes, rows: pl.DataFrame, pair: Pair, colors: Normalize) -> Any:
    """Dots by side of the diagonal."""
    panel.axline((0, 0), slope=1, color="gray", lw=0.8, zorder=1)
    style: dict[str, Any] = {"cmap": "RdBu_r", "norm": colors, "s": 20, "lw": 0.5, "zorder": 2}
    style["clip_on"] = False  # a dot on an axis is shown whole
    for side, marker in zip((*pair, "tie"), SIDES, strict=True):
        mine = rows.filter(nearer=side)
        dots = panel.scatter(
            mine["to_first"], mine["to_second"], c=mine["bias"].to_numpy(), marker=marker,
            edgecolors="0.25", **style,
        )  # fmt: skip
    return dots


def _panel_title(rows: pl.DataFrame, pair: Pair, names: Sequence[str], size: int) -> str:
    """Arm, counts and n, above the panel where no dot can hide them."""
    first, n = rows.row(0, named=True), len(rows)
    named = first["culture"] is None or "@" in first["method"]  # a swapped arm says it already
    swow = "" if named else f" ({first['SWOW']})"
    ties = count_nearer(rows, pair[0])["ties"]
    whole = f"n = {n}" if n == size else f"n = {n} of {size}"
    lines = [f"{first['M Class']}, {first['M Type']}{swow}", _counts(rows, pair, names)]
    return "\n".join([*lines, f"ties: {ties}, {whole}"])


@styled()
def _nothing(text: str) -> Figure:
    figure = plt.figure(figsize=(COLUMN, 1))
    figure.text(0.5, 0.5, text, ha="center", va="center")
    return figure
