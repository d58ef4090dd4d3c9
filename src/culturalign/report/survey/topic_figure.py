"""The paper's figures 12 and 13: mean distance by topic, vanilla, every other arm, and uniform."""

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
from culturalign.report.survey.zero_knowledge import GAINS_OVER, reference_names
from culturalign.stats.summary import ENDS, ends, interval_of


def topic_rows(
    scores: pl.DataFrame,
    references: pl.DataFrame,
    measure: str,
    country: str,
    labels: Labels,
    *,
    confidence: float = 0.95,
    scoring: str = "plain",
) -> pl.DataFrame:
    """The numbers of figures 12 (JS) and 13 (EMD): mean distance by topic.

    A panel for each arm, trained or only prompted; whiskers are intervals over the topic's
    questions and batteries. A topic with fewer than five batteries has none. The uniform answer,
    which knows no people, is gray; the average by place is in the table only.

    Args:
        scores: With ``topic``; of all arms.
        references: Zero-knowledge answers, of which those of ``GAINS_OVER`` are taken.
        measure: ``js`` or ``emd``.
        country: Whose answers.

    Returns:
        ``panel, M Class, method, topic, state`` (the method's label), ``mean, low,
        high, n``; of the arm also ``difference``, its mean difference from vanilla, question by
        question, ``minus_uniform``, from the uniform answer, and ``minus_by_place``, each with
        ``_low, _high``. Ends are null without an interval.
    """
    known = references.filter(pl.col("method").is_in(list(GAINS_OVER)))
    everyone = pl.concat([scores, known], how="diagonal")
    chosen = everyone.filter(country=country, scoring=scoring)
    belongs = chosen.select("question", "topic").unique("question")
    rows = title_arms(question_runs(chosen, [measure]), labels, reference_names({})).join(
        belongs, on="question", maintain_order="left"
    )
    kind = pl.col("method").replace_strict({name: name for name in BASES}, default="arm")
    values = rows.select(
        *("model", "M Class", "method", "question", "cluster", "seed", "topic", "value"),
        panel=arm_label(rows), state="M Type",
    )  # fmt: skip
    before, uniform, placed, after = (values.filter(rows.select(kind == x).to_series())
                                      for x in (*BASES, "arm"))  # fmt: skip
    uniform = uniform.join(after, on="question", how="semi", maintain_order="left")
    arms = after.select("model", "panel").unique(maintain_order=True)
    paired = after.join(
        before.select("model", "question", vanilla="value"),
        on=["model", "question"], how="left", maintain_order="left",
    )  # fmt: skip
    for name, base in (("uniform", uniform), ("by_place", placed)):
        less = base.select("question", pl.col("value").alias(name))
        paired = paired.join(less, on="question", how="left", maintain_order="left")
    both = pl.concat(
        [
            arms.join(before.drop("panel"), on="model", maintain_order="left_right"),
            paired,
            arms.select("panel").join(uniform.drop("panel"), how="cross", maintain_order="left"),
        ],
        how="diagonal",
    ).sort(*places(panel=arms["panel"]), maintain_order=True)
    return pl.DataFrame(_means(both, confidence, measure), schema=MEANS, orient="row")


BASES = ("vanilla", *GAINS_OVER)
"""Methods that every arm is compared with."""
PANEL = ("panel", "M Class", "method", "topic", "state")
MEANS: dict[str, Any] = {
    **dict.fromkeys(PANEL, pl.String),
    **dict.fromkeys(("mean", "low", "high"), pl.Float64),
    "n": pl.Int64,
    **{f"{name}{end}": pl.Float64
       for name in ("difference", *(f"minus_{known}" for known in GAINS_OVER))
       for end in ENDS},
}  # fmt: skip


def _means(values: pl.DataFrame, confidence: float, measure: str) -> list[tuple[Any, ...]]:
    """Mean of each panel, topic and state, and of an arm's differences from ``BASES``."""
    rows = []
    for key, block in values.group_by(*PANEL, maintain_order=True):
        mean = interval_of(block, confidence, unit="question", bounds=BOUNDS[measure])
        less = [end for base in BASES for end in _minus(block, base, confidence)]
        rows.append((*key, mean.mean, mean.low, mean.high, mean.n, *less))
    return rows


def _minus(block: pl.DataFrame, base: str, confidence: float) -> tuple[float | None, ...]:
    paired = block.drop_nulls(base)
    if paired.is_empty():
        return None, None, None, None
    paired = paired.with_columns(pl.col("value") - pl.col(base))
    found = interval_of(paired, confidence, unit="question")
    return tuple(ends("", found).values())


@styled()
def draw(rows: pl.DataFrame, measure: str, scoring: str, nation: str) -> Figure:
    """Figures 12 (JS) and 13 (EMD): mean distance by topic, vanilla and another arm.

    Args:
        rows: From :func:`topic_rows`, of this measure, scoring and country.
        measure: ``js`` or ``emd``.
        scoring: ``plain`` or ``debiased``.
        nation: Label of the country.
    """
    blocks = list(rows.group_by("panel", maintain_order=True))
    counts = rows.group_by("topic", maintain_order=True).agg(pl.col("n").max())
    ends = [*rows["mean"], *rows["high"].drop_nulls(), 0.1]
    right = min(1.05 * max(ends), GRIDS[measure][-1])  # a t interval can leave the measure's range
    places = {topic: place for place, topic in enumerate(counts["topic"])}
    down, across = grid(len(blocks), 3)
    size = (1.8 + 2.1 * across, 0.4 + (0.5 + 0.28 * len(places)) * down)
    figure, axes = panels((down, across), *size, sharey=True, sharex=True)
    styles = _state_styles(rows.select("method", "state").unique(maintain_order=True).rows())
    for ((name,), block), panel in zip(blocks, axes.flat, strict=False):
        _topic_panel(panel, block, places, styles)
        panel.set(title=broken(str(name), 24), xlabel=NAMES[measure], xlim=(0, right))
        panel.tick_params(labelbottom=True)
    hide(axes.flat[len(blocks) :])
    ticks = [f"{topic} (n = {n})" for topic, n in counts.iter_rows()]
    axes[0][0].set_yticks(list(places.values()), ticks)
    axes[0][0].set_ylim(max(len(places), 1) - 0.5, -0.5)
    add_legend(figure, [handle(state, **style) for state, style in styles.items()])
    figure.suptitle(f"distance to the people of {nation}\n{ORDERS[scoring]}")
    return figure


def _topic_panel(
    panel: Axes, rows: pl.DataFrame, places: Mapping[str, int], styles: Mapping[str, Any]
) -> None:
    for place in places.values():
        panel.axhline(place, color="0.9", lw=0.6, zorder=0)
    for number, ((state,), block) in enumerate(rows.group_by("state", maintain_order=True)):
        # vanilla is a little above the line of its topic, the arm below, the uniform answer on it
        y = [places[topic] + (-0.14, 0.14, 0)[number] for topic in block["topic"]]
        style = styles[str(state)]
        low, high = (block[name].fill_null(float("nan")) for name in ("low", "high"))
        if style is not UNIFORM:
            panel.hlines(y, low, high, color=style["color"], lw=1)
        panel.plot(block["mean"], y, **style)


def _state_styles(states: Iterable[tuple[str, str]]) -> dict[str, Mapping[str, Any]]:
    """Vanilla, the first, hollow circles; other methods filled diamonds, in colors of their own;
    the uniform answer gray.

    Args:
        states: Method and its label.
    """
    arms = [state for method, state in states if method != "uniform"]
    styles: dict[str, Mapping[str, Any]] = {
        state: {"ls": "", "ms": 4, "color": color, "mfc": color if number else "white"}
        | {"marker": "oD"[number > 0]}
        for number, (state, color) in enumerate(zip(arms, cycle(COLORS), strict=False))
    }
    return styles | {state: UNIFORM for method, state in states if method == "uniform"}


UNIFORM: Mapping[str, Any] = {"ls": "", "ms": 7, "color": "0.5", "marker": "|"}
