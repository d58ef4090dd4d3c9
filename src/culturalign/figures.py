"""Figures: the numbers drawn go beside each picture as csv."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.lines import Line2D

from culturalign.model_source import package_file
from culturalign.tables import plain_text, write_csv

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
    ceiling may be compared with.

    Args:
        rows: ``culture, arm, k, mean, low, high`` against everyone.
        ceiling: The same against half of the humans, with the arm ``Half of the humans``.
        cultures: Culture -> label.
    """
    with plt.rc_context(STYLE):
        size = (max(COLUMN, 2.6 * len(cultures)), 2.9)
        figure, axes = plt.subplots(
            1, len(cultures), figsize=size, sharey=True, squeeze=False, layout="constrained"
        )
        colors = _colors(rows["arm"].unique(maintain_order=True).to_list())
        for panel, (culture, label) in zip(axes[0], cultures.items(), strict=True):
            _precision_panel(
                panel, rows.filter(culture=culture), ceiling.filter(culture=culture), colors
            )
            panel.set(title=label, xlabel="K")
        axes[0][0].set(ylabel="precision@K", ylim=(0, 1))
        handles, names = axes[0][0].get_legend_handles_labels()
        handles.append(Line2D([], [], ls=":", color="gray"))
        names.append("An arm against that half")
        figure.legend(
            handles, names, loc="outside lower center", ncols=2, frameon=False, fontsize=7
        )
        return figure


def _precision_panel(
    panel: Axes, rows: pl.DataFrame, ceiling: pl.DataFrame, colors: Mapping[str, Any]
) -> None:
    for (arm,), line in rows.group_by("arm", maintain_order=True):
        color = colors[str(arm)]
        # rings of different sizes: equal scores do not hide each other
        size = 7.5 - 1.5 * (list(colors).index(str(arm)) % 4)
        panel.plot(line["k"], line["mean"], "o-", mfc="none", ms=size, color=color, label=str(arm))
        panel.fill_between(line["k"], line["low"], line["high"], color=color, alpha=0.15, lw=0)
    for (arm,), line in ceiling.group_by("arm", maintain_order=True):
        human = str(arm) not in colors
        label = "Humans, half against half" if human else None
        style = {"color": "black", "ls": "--"} if human else {"color": colors[str(arm)], "ls": ":"}
        panel.plot(line["k"], line["mean"], lw=1, label=label, **style)
    panel.set_xscale("log")
    ticks = rows["k"].unique().sort().to_list()
    panel.set_xticks(ticks, [str(k) for k in ticks])
    panel.minorticks_off()


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
        colors = _colors(rows["arm"].unique(maintain_order=True).to_list())
        for panel, name in zip(axes[0], panels, strict=True):
            for (arm,), line in rows.filter(panel=name).group_by("arm", maintain_order=True):
                color = colors[str(arm)]
                panel.plot(line["step"], line["loss"], color=color, lw=0.8, alpha=0.5)
                seen = line.drop_nulls("validation_loss")
                panel.plot(
                    seen["step"], seen["validation_loss"], "o-", ms=3, color=color, label=str(arm)
                )
            panel.set(title=name, xlabel="optimizer step")
        axes[0][0].set(ylabel="loss (nats a token)")
        axes[0][-1].legend(
            title="validation (dots), training (thin)", frameon=False, fontsize=7, title_fontsize=7
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


def _colors(names: Sequence[str]) -> dict[str, Any]:
    palette = plt.get_cmap("tab10")
    return {name: palette(index % 10) for index, name in enumerate(names)}
