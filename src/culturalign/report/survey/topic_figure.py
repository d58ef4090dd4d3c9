"""The paper's figures 12 and 13: mean distance by topic, vanilla and every other arm."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from culturalign.report.arm_tables import Labels, title_arms
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
from culturalign.report.survey.comparison import GRIDS, NAMES, ORDERS, arm_label, question_scores
from culturalign.stats.intervals import t_mean


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

    A panel for each arm, trained or only prompted; whiskers are Student's t intervals over the
    topic's questions. A topic with one question has none.

    Args:
        scores: With ``topic``; of all arms.
        measure: ``js`` or ``emd``.
        country: Whose answers.

    Returns:
        The figure; ``panel, topic, state`` ("Vanilla" or the method), ``mean, low, high, n``; of
        the arm also ``difference, difference_low, difference_high``: its mean difference
        from vanilla, question by question. Ends are null for one question.
    """
    chosen = scores.filter(country=country, scoring=scoring)
    belongs = chosen.select("question", "topic").unique("question")
    rows = title_arms(question_scores(chosen, [measure]), labels).join(
        belongs, on="question", maintain_order="left"
    )
    rows = rows.select(arm_label(rows), pl.all())
    others = rows.filter(pl.col("method") != "vanilla")
    found = [
        row
        for (panel, model), mine in others.group_by("arm", "model", maintain_order=True)
        for row in _topic_rows(
            str(panel), rows.filter(model=model, method="vanilla"), mine, confidence
        )
    ]
    table = pl.DataFrame(found, schema=TOPIC_MEANS, orient="row").fill_nan(None)
    return _draw_topics(table, measure, ORDERS[scoring]), table


DIFFERENCE = ("difference", "difference_low", "difference_high")
TOPIC_MEANS: dict[str, Any] = {
    **dict.fromkeys(("panel", "topic", "state"), pl.String),
    **dict.fromkeys(("mean", "low", "high"), pl.Float64),
    "n": pl.Int64,
    **dict.fromkeys(DIFFERENCE, pl.Float64),
}


def _topic_rows(
    panel: str, before: pl.DataFrame, after: pl.DataFrame, confidence: float
) -> list[dict[str, Any]]:
    """Means of vanilla, then of another arm with its difference from vanilla."""
    means = [_topic_means(panel, block, confidence) for block in (before, after)]
    pairs = after.join(before, on="question", suffix="_before", maintain_order="left")
    for (topic,), block in pairs.group_by("topic"):
        found = t_mean((block["value"] - block["value_before"]).to_numpy(), confidence=confidence)
        values = (found.mean, found.low, found.high)
        means[1][str(topic)] |= dict(zip(DIFFERENCE, values, strict=True))
    return [row for block in means for row in block.values()]


def _topic_means(panel: str, rows: pl.DataFrame, confidence: float) -> dict[str, dict[str, Any]]:
    found = {}
    for (topic,), block in rows.group_by("topic", maintain_order=True):
        mean = t_mean(block["value"].to_numpy(), confidence=confidence)
        lead = {"panel": panel, "topic": topic, "state": block["M Type"][0]}
        found[str(topic)] = lead | {"mean": mean.mean, "low": mean.low, "high": mean.high,
                                    "n": mean.n}  # fmt: skip
    return found


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
    for ((name,), block), panel in zip(blocks, axes.flat, strict=False):
        _topic_panel(panel, block, places)
        panel.set(title=broken(str(name), 24), xlabel=NAMES[measure], xlim=(0, right))
        panel.tick_params(labelbottom=True)
    hide(axes.flat[len(blocks) :])
    ticks = [f"{topic} (n = {n})" for topic, n in counts.iter_rows()]
    axes[0][0].set_yticks(list(places.values()), ticks)
    axes[0][0].set_ylim(max(len(places), 1) - 0.5, -0.5)
    add_legend(figure, _state_handles(rows))
    figure.suptitle(title)
    return figure


def _topic_panel(panel: Axes, rows: pl.DataFrame, places: Mapping[str, int]) -> None:
    for place in places.values():
        panel.axhline(place, color="0.9", lw=0.6, zorder=0)
    for number, (_, block) in enumerate(rows.group_by("state", maintain_order=True)):
        # the two are a little above and below the line of their topic
        y = [places[topic] + (-0.14, 0.14)[number] for topic in block["topic"]]
        style = _state_style(number)
        low, high = (block[name].fill_null(float("nan")) for name in ("low", "high"))
        panel.hlines(y, low, high, color=style["color"], lw=1)
        panel.plot(block["mean"], y, **style)


def _state_style(number: int) -> dict[str, Any]:
    """Vanilla hollow circles, the other arm filled diamonds."""
    color = (COLORS[1], COLORS[0])[number]
    fill = ("white", color)[number]
    return {"color": color, "mfc": fill, "marker": "oD"[number], "ls": "", "ms": 4}


def _state_handles(rows: pl.DataFrame) -> list[Line2D]:
    states = rows["state"].unique(maintain_order=True).to_list()
    # an arm may be trained, or have only a prompt
    texts = states if len(states) < 3 else [states[0], "the arm in the title"]
    return [handle(text, **_state_style(i)) for i, text in enumerate(texts)]
