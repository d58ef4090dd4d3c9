"""The paper's figures 12 and 13: mean distance by topic, vanilla and every other arm."""

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from culturalign.report.arm_tables import Labels, places, title_arms
from culturalign.report.figures import (
    COLORS,
    add_legend,
    broken,
    grid,
    handle,
    hide,
    panels,
    styled,
)
from culturalign.report.survey.comparison import (
    BOUNDS,
    GRIDS,
    NAMES,
    ORDERS,
    arm_label,
    question_runs,
)
from culturalign.stats.summary import interval_of


def topics(
    scores: pl.DataFrame,
    measure: str,
    country: str,
    labels: Labels,
    *,
    confidence: float = 0.95,
    scoring: str = "plain",
) -> tuple[Figure, pl.DataFrame]:
    """Figures 12 (JS) and 13 (EMD): mean distance by topic, vanilla and another arm.

    A panel for each arm, trained or only prompted; whiskers are intervals over the topic's
    questions and batteries. A topic with fewer than five batteries has none.

    Args:
        scores: With ``topic``; of all arms.
        measure: ``js`` or ``emd``.
        country: Whose answers.

    Returns:
        The figure; ``panel, topic, state`` ("Vanilla" or the method), ``mean, low, high, n``; of
        the arm also ``difference, difference_low, difference_high``: its mean difference
        from vanilla, question by question. Ends are null without an interval.
    """
    chosen = scores.filter(country=country, scoring=scoring)
    belongs = chosen.select("question", "topic").unique("question")
    rows = title_arms(question_runs(chosen, [measure]), labels).join(
        belongs, on="question", maintain_order="left"
    )
    vanilla = pl.col("method") == "vanilla"
    values = rows.select(
        "model", "question", "cluster", "seed", "topic", "value", arm_label(rows), state="M Type"
    )
    before, after = (values.filter(rows.select(x).to_series()) for x in (vanilla, ~vanilla))
    arms = after.select("model", panel="arm").unique(maintain_order=True)
    pairs = before.select("model", "question", before="value")
    both = pl.concat(
        [
            arms.join(before.drop("arm"), on="model", maintain_order="left_right"),
            after.rename({"arm": "panel"}).join(
                pairs, on=["model", "question"], how="left", maintain_order="left"
            ),
        ],
        how="diagonal",
    ).sort(*places(panel=arms["panel"]), maintain_order=True)
    table = pl.DataFrame(_means(both, confidence, measure), schema=MEANS, orient="row")
    return _draw_topics(table, measure, ORDERS[scoring]), table


MEANS: dict[str, Any] = {
    **dict.fromkeys(("panel", "topic", "state"), pl.String),
    **dict.fromkeys(("mean", "low", "high"), pl.Float64),
    "n": pl.Int64,
    **dict.fromkeys(("difference", "difference_low", "difference_high"), pl.Float64),
}


def _means(values: pl.DataFrame, confidence: float, measure: str) -> list[tuple[Any, ...]]:
    """Mean of each panel, topic and state, and of its differences from vanilla."""
    rows = []
    for key, block in values.group_by("panel", "topic", "state", maintain_order=True):
        mean = interval_of(block, confidence, unit="question", bounds=BOUNDS[measure])
        paired = block.drop_nulls("before")
        shift: tuple[float | None, ...] = (None, None, None)
        if len(paired):
            paired = paired.with_columns(pl.col("value") - pl.col("before"))
            found = interval_of(paired, confidence, unit="question")
            shift = (found.mean, found.low, found.high)
        rows.append((*key, mean.mean, mean.low, mean.high, mean.n, *shift))
    return rows


@styled()
def _draw_topics(rows: pl.DataFrame, measure: str, title: str) -> Figure:
    blocks = list(rows.group_by("panel", maintain_order=True))
    counts = rows.group_by("topic", maintain_order=True).agg(pl.col("n").max())
    ends = [*rows["mean"], *rows["high"].drop_nulls(), 0.1]
    right = min(1.05 * max(ends), GRIDS[measure][-1])  # a t interval can leave the measure's range
    places = {topic: place for place, topic in enumerate(counts["topic"])}
    down, across = grid(len(blocks), 3)
    size = (1.8 + 2.1 * across, 0.4 + (0.5 + 0.28 * len(places)) * down)
    figure, axes = panels((down, across), *size, sharey=True, sharex=True)
    styles = _state_styles(rows["state"].unique(maintain_order=True))
    for ((name,), block), panel in zip(blocks, axes.flat, strict=False):
        _topic_panel(panel, block, places, styles)
        panel.set(title=broken(str(name), 24), xlabel=NAMES[measure], xlim=(0, right))
        panel.tick_params(labelbottom=True)
    hide(axes.flat[len(blocks) :])
    ticks = [f"{topic} (n = {n})" for topic, n in counts.iter_rows()]
    axes[0][0].set_yticks(list(places.values()), ticks)
    axes[0][0].set_ylim(max(len(places), 1) - 0.5, -0.5)
    add_legend(figure, [handle(state, **style) for state, style in styles.items()])
    figure.suptitle(title)
    return figure


def _topic_panel(
    panel: Axes, rows: pl.DataFrame, places: Mapping[str, int], styles: Mapping[str, Any]
) -> None:
    for place in places.values():
        panel.axhline(place, color="0.9", lw=0.6, zorder=0)
    for number, ((state,), block) in enumerate(rows.group_by("state", maintain_order=True)):
        # the two are a little above and below the line of their topic
        y = [places[topic] + (-0.14, 0.14)[number] for topic in block["topic"]]
        style = styles[str(state)]
        low, high = (block[name].fill_null(float("nan")) for name in ("low", "high"))
        panel.hlines(y, low, high, color=style["color"], lw=1)
        panel.plot(block["mean"], y, **style)


def _state_styles(states: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Vanilla, the first, hollow circles; other methods filled diamonds, in colors of their own."""
    shared: dict[str, Any] = {"ls": "", "ms": 4}
    return {
        state: shared
        | {"color": color, "mfc": color if number else "white", "marker": "oD"[number > 0]}
        for number, (state, color) in enumerate(zip(states, cycle(COLORS), strict=False))
    }
