"""Figures in one look; the numbers drawn are written next to each picture as csv."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, pairwise
from math import ceil
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from numpy.typing import NDArray

from culturalign.report import fonts
from culturalign.report.arm_tables import Labels
from culturalign.report.tables import plain_text, write_csv

COLORS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    *("#000000", "#882255", "#999999", "#332288"),
)
HUMAN_COLOR = "0.35"
"""Of people; no arm has it."""
MARKERS = "osD^vP*X<>p"
"""One more than colors, so that a pair of the two only comes again after 110 arms."""
VANILLA_LINE = "--"
LINES: tuple[Any, ...] = (
    *("-", ":", "-."),
    *((0, (3, 1, 1, 1, 1, 1)), (0, (7, 2.5)), (0, (1, 4)), (0, (6, 2, 2, 2))),
    (0, (4, 1.5, 1, 1.5, 1, 1.5, 1, 1.5)),
)
"""Lines of what was done to a model."""


def look(number: int) -> dict[str, Any]:
    """Color and marker of the arm (or model) with a number, from 0."""
    return {"color": COLORS[number % len(COLORS)], "marker": MARKERS[number % len(MARKERS)]}


def looks(
    arms: Iterable[tuple[str, str, str]], methods: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Color and marker of each arm; with a single model those of its method, as in every figure.

    Args:
        arms: Name, model (``-``: none), and method.
        methods: Methods in the order of the colors; what has no place there follows.
    """
    listed = list(arms)
    order = list(methods) if len({model for _, model, _ in listed} - {"-"}) == 1 else []
    free = count(len(order))
    return {
        arm: look(order.index(method) if method in order else next(free))
        for arm, _, method in listed
    }


def line(number: int) -> dict[str, Any]:
    """Line of the treatment with a number, from 0; thicker once all lines are in use."""
    again, place = divmod(number, len(LINES))
    return {"ls": LINES[place], "lw": 1.2 * (1 + again)}


STYLE: dict[Any, Any] = {
    "font.family": fonts.FAMILY,
    "font.size": 8,
    "axes.titlesize": 8,
    "figure.titlesize": 8,
    "figure.labelsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "culturalign",  # equal numbers give equal files
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a dollar sign in a response does not begin a formula
}
COLUMN = 3.35
"""Width of a column of the paper, in inches."""
APART = 0.06
"""Distance between neighboring arms at one K, as a share of K."""
EVERYONE = "all humans"
"""Reference of the solid lines of the precision figure."""


@contextmanager
def styled() -> Iterator[None]:
    """Draw in this style, without changing the global one; decorates functions that draw."""
    with plt.rc_context(STYLE):
        yield


def grid(panels: int, most: int) -> tuple[int, int]:
    """Rows and columns of panels: at most ``most`` columns, in rows of similar length."""
    rows = max(ceil(panels / most), 1)
    return rows, max(ceil(panels / rows), 1)


def panels(
    shape: tuple[int, int], width: float, height: float, **shared: Any
) -> tuple[Figure, NDArray[Any]]:
    """A figure with panels, at least as wide as a column of the paper.

    Args:
        shape: Rows and columns.
        width: Width of the figure, in inches.
        height: Height of the figure, in inches.
        shared: ``sharex, sharey``.

    Returns:
        The figure and its axes, in the shape.
    """
    size = (max(COLUMN, width), height)
    return plt.subplots(*shape, figsize=size, squeeze=False, layout="constrained", **shared)


def hide(axes: Iterable[Axes]) -> None:
    """Leave panels without content blank."""
    for panel in axes:
        panel.set_axis_off()


def broken(name: str, most: int) -> str:
    """An arm's name, on two lines (model, method) if it is longer than ``most`` characters."""
    return name if len(name) <= most else name.replace(", ", ",\n", 1)


def handle(label: str, **style: Any) -> Line2D:
    """An entry of a legend."""
    return Line2D([], [], label=label, **style)


def add_legend(figure: Figure, handles: Sequence[Line2D], **style: Any) -> None:
    """Put a legend below all panels, in as few rows as fit into the figure's width."""
    for most in range(len(handles), 0, -1):
        _, columns = grid(len(handles), most)
        legend = figure.legend(
            handles=list(handles), loc="outside lower center", ncols=columns, frameon=False,
            **{"handlelength": 4, "fontsize": 7, "title_fontsize": 7, **style},
        )  # fmt: skip
        if legend.get_window_extent().width <= figure.bbox.width or most == 1:
            return
        legend.remove()


@styled()
def save(figure: Figure, numbers: pl.DataFrame, stem: str) -> None:
    """Write ``stem.pdf``, ``.svg``, ``.png`` and the numbers as ``.csv``."""
    fonts.complete(figure)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # one a letter and format
        figure.savefig(f"{stem}.pdf", metadata={"CreationDate": None})
        figure.savefig(f"{stem}.svg", metadata={"Date": None})
        figure.savefig(f"{stem}.png", dpi=200, metadata={"Software": None})
    plt.close(figure)
    write_csv(numbers, Path(f"{stem}.csv"))


@styled()
def draw_precision(rows: pl.DataFrame, labels: Labels) -> Figure:
    """Precision against K, a panel for each culture.

    Solid lines: arms against all humans, with their intervals. Dashed: half of the humans
    against the other half; dotted: the arms against that same half, to be compared with it. Arms
    are drawn a little apart at each K: equal scores are common, and would hide each other.

    Args:
        rows: ``culture, arm, model, method, k, mean, low, high, reference`` from
            ``precision_lines``.
        labels: As in ``arm_tables``.
    """
    arms = rows.filter(reference=EVERYONE).select("arm", "model", "method")
    styles = looks(arms.unique(maintain_order=True).rows(), ["vanilla", *labels["methods"]])
    groups = list(rows.group_by("culture", maintain_order=True))
    size = (2.6 * len(groups), 2.6 + 0.08 * len(styles))
    figure, axes = panels((1, len(groups)), *size, sharey=True)
    for panel, ((culture,), lines) in zip(axes[0], groups, strict=True):
        _precision_panel(panel, lines, styles)
        panel.set(title=labels["cultures"][str(culture)], xlabel="K")
    axes[0][0].set(ylabel="precision@K", ylim=(0, 1))
    entries = [zip(*panel.get_legend_handles_labels(), strict=True) for panel in axes[0]]
    named = {label: each for entry in entries for each, label in entry}
    handles = [*named.values()]
    if (rows["reference"] != EVERYONE).any():  # not if no culture has participants
        handles.append(handle("An arm against that half", ls=":", color="gray"))
    add_legend(figure, handles, handlelength=2.5)
    return figure


def _precision_panel(panel: Axes, rows: pl.DataFrame, styles: Mapping[str, Any]) -> None:
    ticks = rows["k"].unique().sort().to_list()
    apart = dict(zip(styles, _apart(len(styles), ticks), strict=True))
    for (arm, reference), line in rows.group_by("arm", "reference", maintain_order=True):
        name, k = str(arm), line["k"] * apart.get(str(arm), 1)
        if name not in styles:
            human = "Humans, half against half"
            panel.plot(k, line["mean"], lw=1, ls="--", color="black", label=human)
        elif reference == EVERYONE:
            # a marker at zero is shown whole
            panel.plot(k, line["mean"], lw=1, ms=4, label=name, clip_on=False, **styles[name])
            panel.vlines(k, line["low"], line["high"], styles[name]["color"], lw=1.2, alpha=0.6)
        else:
            panel.plot(k, line["mean"], lw=1, ls=":", color=styles[name]["color"])
    panel.set_xscale("log")
    panel.set_xticks(ticks, [str(k) for k in ticks])
    panel.minorticks_off()


def _apart(arms: int, ks: Sequence[int]) -> list[float]:
    """Factor of K for each arm on the logarithmic axis: at most half-way to the next K."""
    nearest = min((after / before for before, after in pairwise(ks)), default=2.0)
    step = min(APART, 0.5 * (nearest - 1) / arms)
    return [1 + step * (arm - (arms - 1) / 2) for arm in range(arms)]


@styled()
def draw_associations(rows: pl.DataFrame, columns: Sequence[str]) -> Figure:
    """Top associations of cues as bars: a column for each culture, a row (one scale) for each cue.

    Args:
        rows: ``culture, cue, response, strength``, strongest first; ``axis``, what the strength
            is, cues of one kind together.
        columns: Cultures, left to right.
    """
    lines = max(len(rows.filter(culture=c)["cue"].unique()) for c in columns)
    figure, axes = panels((lines, len(columns)), 2.4 * len(columns), 1.9 * lines, sharex="row")
    for column, culture in zip(axes.T, columns, strict=True):
        cues = list(rows.filter(culture=culture).group_by("cue", maintain_order=True))
        last = {bars["axis"][0]: panel for panel, (_, bars) in zip(column, cues, strict=False)}
        for panel, ((cue,), bars) in zip(column, cues, strict=False):
            _association_bars(panel, bars, f"{culture}: {cue}")
        for axis, panel in last.items():
            panel.set_xlabel(axis)
        hide(column[len(cues) :])
    return figure


def _association_bars(panel: Axes, rows: pl.DataFrame, title: str) -> None:
    places = list(range(len(rows)))
    panel.barh(places, rows["strength"], color=HUMAN_COLOR)
    panel.set_yticks(places, [_short(word) for word in rows["response"]], fontsize=7)
    panel.set_title(_short(title))
    panel.invert_yaxis()


def _short(text: str, most: int = 40) -> str:
    """A word as a label: no invisible characters, and not longer than a label can be."""
    plain = plain_text(text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
