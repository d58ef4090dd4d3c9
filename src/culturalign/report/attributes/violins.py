"""The paper's figures 4 to 9: cue-level medians of an attribute, humans and arms."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from culturalign.config.scales import SPANS
from culturalign.data.norms.ratings import Norm, read_record
from culturalign.report.arm_tables import Labels, method_names
from culturalign.report.attributes.attribute_tables import humans_first, read_scores
from culturalign.report.attributes.profile import cue_values, measures
from culturalign.report.figures import HUMAN_COLOR, broken, look, panels, styled

NUMBERS = ["culture", "group", "model", "method", "cue", "median"]


class Panel(NamedTuple):
    """A culture's panel.

    ``rows`` are ``group`` (text of a row), ``model, method, cue, median`` (null for a cue without a
    known word) in drawing order; ``note`` is the reason if there is nothing to draw, else empty.
    """

    title: str
    rows: pl.DataFrame
    note: str


def panel_of(
    scores: pl.DataFrame, attribute: str, record: Sequence[Norm], labels: Labels, culture: str
) -> Panel:
    """Medians of an attribute of a culture's cues, mean over seeds.

    Args:
        scores: From ``attribute_tables.read_scores``.
        attribute: A key of ``SPANS``.
        record: What became of the norms of the culture's language.
    """
    rows = humans_first(cue_values(measures(scores).filter(measure=attribute)), labels, culture)
    human = pl.col("method") == "human"
    arm = pl.col("M Class") + ", " + pl.col("M Type")
    group = pl.when(human).then(pl.lit("Human")).otherwise(arm).alias("group")
    rows = rows.select(group, "model", "method", "cue", median="value")
    missing = attribute in [norm.attribute for norm in record if norm.missing]
    note = "norms not\navailable" if missing else "no norms\nconfigured"
    note = note if rows.is_empty() else ""
    return Panel(labels["cultures"][culture], rows, note)


def read_panels(
    attribute: str,
    labels: Labels,
    cultures: Sequence[str],
    *files: Iterable[Any],
) -> list[Panel]:
    """The panels of all cultures.

    Args:
        attribute: A key of ``SPANS``.
        labels: As in ``arm_tables``.
        cultures: Left to right.
        files: For each culture its arms' scores, the humans' scores, and the record of its norms.
    """
    return [
        panel_of(read_scores(arms, humans), attribute, read_record(Path(record)), labels, culture)
        for culture, arms, humans, record in zip(cultures, *files, strict=True)
    ]


@styled()
def draw(cultures: Sequence[Panel], attribute: str, labels: Labels) -> tuple[Figure, pl.DataFrame]:
    """Violins with boxes; rows: humans and arms, a panel for each culture (figures 4 to 9).

    The violin's width is the density of the ``n`` medians; the box spans the quartiles, its line
    is the median, the dot the mean; whiskers reach 1.5 box lengths. Dashed: the humans' mean.

    Args:
        cultures: From :func:`panel_of`, left to right.
        attribute: Attribute of all panels.
        labels: As in ``arm_tables``; the order of methods gives the colors.

    Returns:
        The figure; ``culture, group, model, method, cue, median`` on the common span.
    """
    named = [p.rows.select("group", "method").unique(maintain_order=True) for p in cultures]
    groups = dict(row for rows in named for row in rows.rows())
    order = sorted(groups, key=lambda group: group != "Human")
    colors = {method: look(i)["color"] for i, method in enumerate(method_names(labels))}
    colors["human"] = HUMAN_COLOR
    figure, axes = panels(
        (1, len(cultures)), 0.9 + 1.2 * len(cultures), 0.97 + 0.3 * max(len(order), 2), sharey=True
    )
    for panel, axis in zip(cultures, axes[0], strict=True):
        _draw_panel(axis, panel, order, colors)
        axis.set_title(panel.title)
        _scale(axis, attribute)
    names = [broken(group, 19) for group in order]
    axes[0][0].set_yticks(range(len(order)), names, fontsize=7)
    axes[0][0].set_ylim(max(len(order), 1) - 0.4, -0.6)
    figure.supxlabel(_axis_text(attribute))
    tables = [p.rows.select(pl.lit(p.title).alias("culture"), pl.all()) for p in cultures]
    return figure, pl.concat(tables).select(NUMBERS).drop_nulls("median")


def _axis_text(attribute: str) -> str:
    span = SPANS[attribute]
    return (
        f"median {attribute} of a cue's associations\n({span.low:g} = {span.low_end}, "
        f"{span.high:g} = {span.high_end})"
    )


def _scale(axis: Axes, attribute: str) -> None:
    span = SPANS[attribute]
    step = 2 if span.high - span.low > 4 else 1
    axis.set_xlim(span.low - 0.1, span.high + 0.1)
    axis.set_xticks(np.arange(span.low, span.high + 0.5, step))
    axis.tick_params(axis="x", labelsize=7)
    axis.tick_params(axis="y", length=0)


def _draw_panel(axis: Axes, panel: Panel, order: Sequence[str], colors: Mapping[str, str]) -> None:
    if panel.note:
        axis.text(
            0.5, 0.5, panel.note, transform=axis.transAxes, ha="center", va="center", fontsize=7,
            color="0.3",
        )  # fmt: skip
        return
    for (group, method), block in panel.rows.group_by("group", "method", maintain_order=True):
        place = order.index(str(group))
        values = block["median"].drop_nulls().to_numpy()
        if len(values):
            _violin(axis, values, place, colors[str(method)])
        axis.text(
            0.02, place - 0.3, f"n={len(values)}", transform=axis.get_yaxis_transform(),
            ha="left", fontsize=5, color="0.3",
        )  # fmt: skip
    human = panel.rows.filter(method="human")["median"].mean()
    if human is not None:
        axis.axvline(float(str(human)), color=HUMAN_COLOR, ls="--", lw=0.7, zorder=0)


def _violin(axis: Axes, values: Any, place: int, color: str) -> None:
    if len(set(values)) > 1:  # a density needs more than one value
        parts: Any = axis.violinplot(
            values, [place], orientation="horizontal", widths=0.85, showextrema=False
        )
        for body in parts["bodies"]:
            body.set(facecolor=color, edgecolor=color, alpha=0.35, linewidth=0.5)
    thin = {"linewidth": 0.7, "color": color}
    axis.boxplot(
        values, positions=[place], orientation="horizontal", widths=0.22, manage_ticks=False,
        patch_artist=True, boxprops={"facecolor": color, "linewidth": 0}, whiskerprops=thin,
        capprops={"linewidth": 0}, medianprops={"color": "white", "linewidth": 1.1},
        flierprops={"marker": ".", "markersize": 1.5, "markerfacecolor": color,
                    "markeredgecolor": "none"},
    )  # fmt: skip
    axis.plot([values.mean()], [place], "o", ms=2.6, mfc="white", mec="black", mew=0.5, zorder=5)
