"""The paper's figures 2 and 10: share of questions below a distance."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from culturalign.report.arm_tables import Labels, title_arms
from culturalign.report.figures import (
    VANILLA_LINE,
    add_legend,
    handle,
    line,
    look,
    panels,
    styled,
)
from culturalign.report.survey.comparison import (
    GRIDS,
    MEASURES,
    NAMES,
    ORDERS,
    arm_label,
    threshold_curves,
)
from culturalign.report.survey.zero_knowledge import of_strangers, reference_names


def thresholds(
    scores: pl.DataFrame,
    references: pl.DataFrame,
    labels: Labels,
    nations: Mapping[str, str],
    *,
    scoring: str = "plain",
    measures: Sequence[str] = MEASURES,
) -> tuple[Figure, pl.DataFrame]:
    """Figures 2 and 10: share of questions below a distance; rows: measures, columns: nations.

    Color and marker show the model (the arm, if there is one model), the line shows the method.
    Zero-knowledge answers are gray.

    Args:
        scores: Distances of arms.
        references: Zero-knowledge answers, each country in the same language.
        labels: As in ``value_tables``.
        nations: As in ``value_tables``.
        scoring: ``plain`` or ``debiased``.
        measures: A row of panels each.

    Returns:
        The figure; ``arm`` and the columns of ``comparison.threshold_curves``.
    """
    chosen = pl.concat([scores, of_strangers(references)], how="diagonal")
    chosen = chosen.filter(pl.col("country").is_in(list(nations)), scoring=scoring)
    rows = title_arms(threshold_curves(chosen, measures), labels, reference_names(nations))
    name = pl.when(model="-").then("M Type").otherwise(arm_label(rows))
    rows = rows.select(name.alias("arm"), pl.all())
    styles = _line_styles(rows.filter(pl.col("model") != "-"), ["vanilla", *labels["methods"]])
    return _draw(rows, nations, measures, ORDERS[scoring], styles | _gray_lines(rows)), rows


@styled()
def _draw(
    rows: pl.DataFrame,
    nations: Mapping[str, str],
    measures: Sequence[str],
    title: str,
    styles: Mapping[str, Mapping[str, Any]],
) -> Figure:
    shape = (len(measures), len(nations))
    size = (2.7 * shape[1], 2.2 * shape[0] + 0.7)
    figure, axes = panels(shape, *size, sharey=True, sharex="row")
    for measure, across in zip(measures, axes, strict=True):
        for (country, nation), panel in zip(nations.items(), across, strict=True):
            _curves(panel, rows.filter(measure=measure, country=country), styles)
            panel.set(title=nation, xlabel=NAMES[measure], ylim=(-0.02, 1.02))
        across[0].set_ylabel("share of questions below")
        reached = rows.filter(pl.col("share") < 1, measure=measure)["threshold"].to_list()
        across[0].set_xlim(0, min(max([*reached, 0.0]) + 0.05, GRIDS[measure][-1]))
    add_legend(figure, [handle(arm, **style) for arm, style in styles.items()])
    figure.suptitle(title)
    return figure


def _curves(panel: Axes, rows: pl.DataFrame, styles: Mapping[str, Mapping[str, Any]]) -> None:
    for place, (arm, style) in enumerate(styles.items()):
        curve = rows.filter(arm=arm)
        # markers of different curves are at different heights, or they would hide each other
        heights = np.linspace(0.08, 0.74, 4) + 0.22 * place / len(styles)
        marks = np.searchsorted(curve["share"].to_numpy(), heights)
        shown = [int(mark) for mark in marks if mark < len(curve)]
        panel.plot(curve["threshold"], curve["share"], markevery=shown, **style)


def _gray_lines(rows: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Zero-knowledge answer -> its gray line; those with all on one option are not drawn."""
    known = rows.filter(pl.col("model") == "-", ~pl.col("method").str.contains("^first|^modal"))
    names = known["arm"].unique(maintain_order=True)
    return {
        name: {"color": "0.6", "lw": 1.0, "ls": line(number)["ls"], "zorder": 1}
        for number, name in enumerate(names)
    }


def _line_styles(rows: pl.DataFrame, methods: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Arm -> color and marker of its model, line of its method; vanilla is dashed.

    If there is a single model, color and marker are those of the method's place in ``methods``, so
    that a figure without controls has the colors of the others; arms of further cultures follow.
    """
    kinds = rows.select("arm", "M Class", "method").unique(maintain_order=True)
    models = kinds["M Class"].unique(maintain_order=True).to_list()
    treatments: list[str] = []
    seen: list[str] = []
    styles: dict[str, dict[str, Any]] = {}
    for arm, model, method in kinds.iter_rows():
        kind = arm.removeprefix(model)
        treatments += [kind] * (method != "vanilla" and kind not in treatments)
        vanilla = {"ls": VANILLA_LINE, "lw": 1.2}
        drawn = vanilla if method == "vanilla" else line(treatments.index(kind))
        place = methods.index(method) + len(methods) * seen.count(method)
        seen.append(method)
        place = models.index(model) if len(models) > 1 else place
        styles[arm] = look(place) | drawn | {"ms": 3.5}
    return styles
