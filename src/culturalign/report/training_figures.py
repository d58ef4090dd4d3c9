"""Figures of training logs: losses of SFT, and the course of PPO."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from culturalign.report.figures import (
    COLORS,
    MARKERS,
    add_legend,
    handle,
    line,
    panels,
    styled,
)

Labels = Mapping[str, Mapping[str, str]]
MARKED = "validation (marked), training (thin)"
PANELS = {
    "reward": "reward",
    "kl": "KL to reference (nats a token)",
    "entropy": "entropy (nats)",
    "clip_fraction": "clipped tokens (share)",
    "value_loss": "value loss",
    "explained_variance": "explained variance",
    "response_length": "response length (tokens)",
    "unparsed": "unparsed responses (share)",
    "incomplete": "incomplete responses (share)",
}
"""Column of the log of PPO -> title of its panel."""
FROM_ZERO = ("clip_fraction", "unparsed", "incomplete")
"""Shares."""


def read_logs(files: Sequence[str], labels: Labels) -> pl.DataFrame:
    """Read training logs.

    Args:
        files: ``results/models/{model}/{culture}/{method}/seed{seed}/training.parquet``.

    Returns:
        ``panel`` (model and culture), ``arm`` (method and seed) and the columns of the log:
        ``step, loss, learning_rate, grad_norm, validation_loss`` (losses in nats a token).
    """
    parts = []
    for file in files:
        model, culture, method, seed = Path(file).parts[-5:-1]
        panel = f"{labels['models'][model]}, {labels['cultures'][culture]}"
        arm = f"{labels['methods'][method]}, seed {seed.removeprefix('seed')}"
        names = pl.lit(panel).alias("panel"), pl.lit(arm).alias("arm")
        parts.append(pl.read_parquet(file).select(*names, pl.all()))
    return pl.concat(parts, how="diagonal")  # engines of PPO log different columns


@styled()
def draw_training(rows: pl.DataFrame, labels: Labels) -> Figure:
    """Loss against optimizer step, a panel for each model and culture.

    Args:
        rows: ``panel, arm, step, loss, validation_loss`` (nats a completion token).
        labels: Their ``methods`` in the order of the run give the colors.
    """
    groups = list(rows.group_by("panel", maintain_order=True))
    figure, axes = panels((1, len(groups)), 2.6 * len(groups), 2.8)
    styles = _method_looks(rows["arm"].unique(maintain_order=True), labels)
    for panel, ((name,), logs) in zip(axes[0], groups, strict=True):
        for (arm,), log in logs.group_by("arm", maintain_order=True):
            style = styles[str(arm)]
            panel.plot(log["step"], log["loss"], color=style["color"], lw=0.8, alpha=0.5)
            seen = log.drop_nulls("validation_loss")
            panel.plot(seen["step"], seen["validation_loss"], ms=3, **style)
        panel.set(title=name, xlabel="optimizer step")
        panel.locator_params(axis="x", integer=True)
    axes[0][0].set(ylabel="loss (nats a token)")
    handles = [handle(arm, ms=3, **style) for arm, style in styles.items()]
    add_legend(figure, handles, title=MARKED)
    return figure


def _method_looks(arms: Iterable[str], labels: Labels) -> dict[str, dict[str, Any]]:
    """Color of each arm's method, as in figures that begin with vanilla; marker of its seed."""
    methods = list(dict.fromkeys(labels["methods"].values()))
    found, seeds = {}, Counter[str]()
    for arm in arms:
        method = arm.rpartition(", seed ")[0]
        color = COLORS[(1 + methods.index(method)) % len(COLORS)]
        found[arm] = {"color": color, "marker": MARKERS[seeds[method] % len(MARKERS)]}
        seeds[method] += 1
    return found


@styled()
def draw_ppo(rows: pl.DataFrame, labels: Labels) -> Figure:
    """A panel for each quantity, a line for each arm, against updates.

    Args:
        rows: ``panel`` (model and culture), ``arm``, ``step`` and the columns of ``PANELS``.
        labels: As for :func:`draw_training`; models and cultures differ by line.
    """
    figure, axes = panels((3, 3), 9.0, 5.4)
    logs = list(rows.group_by("panel", "arm", maintain_order=True))
    looks = _method_looks(rows["arm"].unique(maintain_order=True), labels)
    places = rows["panel"].unique(maintain_order=True).to_list()
    styles = [looks[str(arm)] | line(places.index(place)) | {"ms": 3} for (place, arm), _ in logs]
    for panel, (column, title) in zip(axes.flat, PANELS.items(), strict=True):
        for style, (_, log) in zip(styles, logs, strict=True):
            panel.plot(log["step"], log[column], **style)
        panel.set_title(title)
        if column in FROM_ZERO:  # 0 is no clipping at all; a cut axis makes a trickle a flood
            panel.set_ylim(bottom=0)
        panel.xaxis.get_major_locator().set_params(integer=True)
    for panel in axes[-1]:
        panel.set_xlabel("update")
    names = [", ".join(map(str, arm)) for arm, _ in logs]
    add_legend(figure, [handle(name, **style) for name, style in zip(names, styles, strict=True)])
    return figure
