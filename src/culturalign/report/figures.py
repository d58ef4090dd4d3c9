"""Figures: the numbers drawn go beside each picture as csv."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
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
from matplotlib.font_manager import fontManager

from culturalign.models.model_source import package_file
from culturalign.report.tables import plain_text, write_csv

COLORS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    *("#000000", "#882255", "#999999"),
)
MARKERS = "osD^vP*X<>"
"""One more than colors, so that the two come together again only after 90 arms."""
VANILLA_LINE = "--"
LINES: tuple[Any, ...] = (
    *("-", ":", "-."),
    *((0, (3, 1, 1, 1, 1, 1)), (0, (7, 2.5)), (0, (1, 4)), (0, (6, 2, 2, 2))),
    (0, (4, 1.5, 1, 1.5, 1, 1.5, 1, 1.5)),
)
"""Lines of what was done to a model."""


def look(number: int) -> dict[str, Any]:
    """Color and marker of the arm (or model) of a number, from 0."""
    return {"color": COLORS[number % len(COLORS)], "marker": MARKERS[number % len(MARKERS)]}


def line(number: int) -> dict[str, Any]:
    """Line of a treatment of a number, from 0; thicker once all lines are in use."""
    again, place = divmod(number, len(LINES))
    return {"ls": LINES[place], "lw": 1.2 * (1 + again)}


def grid(panels: int, most: int) -> tuple[int, int]:
    """Rows and columns for so many panels: at most ``most`` a row, in rows as even as can be."""
    rows = max(ceil(panels / most), 1)
    return rows, max(ceil(panels / rows), 1)


def add_legend(figure: Figure, handles: Sequence[Line2D], **style: Any) -> None:
    """Put a legend below all panels, in as few rows as fit into the figure's width."""
    for most in range(len(handles), 0, -1):
        _, columns = grid(len(handles), most)
        legend = figure.legend(
            handles=list(handles), loc="outside lower center", ncols=columns, frameon=False,
            fontsize=7, **{"handlelength": 4, **style},
        )  # fmt: skip
        if legend.get_window_extent().width <= figure.bbox.width or most == 1:
            return
        legend.remove()


# Noto Sans SC comes inside the package zhplot; few machines have a font with Han characters.
fontManager.addfont(package_file("package:zhplot/fonts/NotoSansSC-Regular.ttf"))
STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans", "Noto Sans SC"],
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "culturalign",  # equal numbers give equal files
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a dollar sign in a response is no formula
}
COLUMN = 3.35
"""Width of a column of the paper, in inches."""
BESIDE = 0.06
"""Distance of arms that stand side by side, in shares of K."""


def save(figure: Figure, numbers: pl.DataFrame, stem: str) -> None:
    """Write ``stem.pdf``, ``.svg``, ``.png`` and the numbers as ``.csv``."""
    with plt.rc_context(STYLE):
        figure.savefig(f"{stem}.pdf", metadata={"CreationDate": None})
        figure.savefig(f"{stem}.svg", metadata={"Date": None})
        figure.savefig(f"{stem}.png", dpi=200, metadata={"Software": None})
    plt.close(figure)
    write_csv(numbers, Path(f"{stem}.csv"))


def draw_precision(
    rows: pl.DataFrame, ceiling: pl.DataFrame, cultures: Mapping[str, str]
) -> Figure:
    """Precision against K, a panel a culture.

    Solid lines: arms against all humans, with their intervals. Dashed: half of the humans
    against the other half, and the arms against that same half dotted, which is what the
    ceiling may be compared with. Arms stand side by side at each K: equal scores are common,
    and would hide each other.

    Args:
        rows: ``culture, arm, k, mean, low, high`` against everyone.
        ceiling: The same against half of the humans, with the arm ``Half of the humans``.
        cultures: Culture -> label.
    """
    with plt.rc_context(STYLE):
        looks = _looks(rows["arm"].unique(maintain_order=True).to_list())
        size = (max(COLUMN, 2.6 * len(cultures)), 2.6 + 0.08 * len(looks))
        figure, axes = plt.subplots(
            1, len(cultures), figsize=size, sharey=True, squeeze=False, layout="constrained"
        )
        for panel, (culture, label) in zip(axes[0], cultures.items(), strict=True):
            _precision_panel(
                panel, rows.filter(culture=culture), ceiling.filter(culture=culture), looks
            )
            panel.set(title=label, xlabel="K")
        axes[0][0].set(ylabel="precision@K", ylim=(0, 1))
        handles, _ = axes[0][0].get_legend_handles_labels()
        handles.append(Line2D([], [], ls=":", color="gray", label="An arm against that half"))
        add_legend(figure, handles, handlelength=2.5)
        return figure


def _precision_panel(
    panel: Axes, rows: pl.DataFrame, ceiling: pl.DataFrame, looks: Mapping[str, Any]
) -> None:
    ticks = rows["k"].unique().sort().to_list()
    beside = dict(zip(looks, _side_by_side(len(looks), ticks), strict=True))
    for (arm,), line in rows.group_by("arm", maintain_order=True):
        style, k = looks[str(arm)], line["k"] * beside[str(arm)]
        # a marker at zero is shown whole
        panel.plot(k, line["mean"], lw=1, ms=4, label=str(arm), clip_on=False, **style)
        panel.vlines(k, line["low"], line["high"], color=style["color"], lw=1.2, alpha=0.6)
    for (arm,), line in ceiling.group_by("arm", maintain_order=True):
        name = str(arm)
        if name in looks:
            k = line["k"] * beside[name]
            panel.plot(k, line["mean"], lw=1, ls=":", color=looks[name]["color"])
        else:
            label = "Humans, half against half"
            panel.plot(line["k"], line["mean"], lw=1, ls="--", color="black", label=label)
    panel.set_xscale("log")
    panel.set_xticks(ticks, [str(k) for k in ticks])
    panel.minorticks_off()


def _side_by_side(arms: int, ks: Sequence[int]) -> list[float]:
    """Factor of K for each arm, for the axis is logarithmic; all stay on their side of half-way."""
    nearest = min((after / before for before, after in pairwise(ks)), default=2.0)
    step = min(BESIDE, 0.5 * (nearest - 1) / arms)
    return [1 + step * (arm - (arms - 1) / 2) for arm in range(arms)]


def draw_training(rows: pl.DataFrame) -> Figure:
    """Loss against optimizer step, a panel a model and culture.

    Args:
        rows: ``panel, arm, step, loss, validation_loss`` (nats a completion token).
    """
    panels = rows["panel"].unique(maintain_order=True).to_list()
    with plt.rc_context(STYLE):
        size = (max(COLUMN, 2.6 * len(panels)), 2.6)
        figure, axes = plt.subplots(
            1, len(panels), figsize=size, squeeze=False, layout="constrained"
        )
        looks = _looks(rows["arm"].unique(maintain_order=True).to_list())
        for panel, name in zip(axes[0], panels, strict=True):
            for (arm,), line in rows.filter(panel=name).group_by("arm", maintain_order=True):
                style = looks[str(arm)]
                panel.plot(line["step"], line["loss"], color=style["color"], lw=0.8, alpha=0.5)
                seen = line.drop_nulls("validation_loss")
                panel.plot(seen["step"], seen["validation_loss"], ms=3, label=str(arm), **style)
            panel.set(title=name, xlabel="optimizer step")
            panel.locator_params(axis="x", integer=True)
        axes[0][0].set(ylabel="loss (nats a token)")
        axes[0][-1].legend(
            title="validation (marked), training (thin)",
            frameon=False,
            fontsize=7,
            title_fontsize=7,
        )
        return figure


def draw_associations(rows: pl.DataFrame, columns: Sequence[str]) -> Figure:
    """Top associations of cues as bars: a column a culture, a row a cue.

    Args:
        rows: ``culture, cue, response, strength``, strongest first.
        columns: Cultures, left to right.
    """
    lines = max(len(rows.filter(culture=c)["cue"].unique()) for c in columns)
    with plt.rc_context(STYLE):
        size = (max(COLUMN, 2.4 * len(columns)), 1.9 * lines)
        figure, axes = plt.subplots(
            lines, len(columns), figsize=size, squeeze=False, layout="constrained"
        )
        for column, culture in enumerate(columns):
            mine = rows.filter(culture=culture)
            cues = mine["cue"].unique(maintain_order=True).to_list()
            for line in range(lines):
                panel = axes[line][column]
                if line < len(cues):
                    _association_bars(
                        panel, mine.filter(cue=cues[line]), f"{culture}: {cues[line]}"
                    )
                else:
                    panel.set_axis_off()
            axes[max(len(cues), 1) - 1][column].set_xlabel("association strength")
        return figure


def _association_bars(panel: Axes, rows: pl.DataFrame, title: str) -> None:
    places = list(range(len(rows)))
    panel.barh(places, rows["strength"], color="#4c72b0")
    panel.set_yticks(places, [_shown(word) for word in rows["response"]], fontsize=7)
    panel.set_title(_shown(title))
    panel.invert_yaxis()


def _shown(text: str, most: int = 40) -> str:
    """A word as a label: no invisible characters, and not longer than a label can be."""
    plain = plain_text(text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _looks(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    return {name: look(number) for number, name in enumerate(names)}
