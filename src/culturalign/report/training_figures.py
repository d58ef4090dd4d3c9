"""Training logs of several arms as one table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.figure import Figure

from culturalign.report.figures import STYLE


def read_logs(files: Sequence[str], labels: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """Read training logs.

    Args:
        files: ``results/models/{model}/{culture}/{method}/seed{seed}/training.parquet``.
        labels: Names shown.

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
"""Column of the log -> title of its panel."""


def draw_ppo(rows: pl.DataFrame) -> Figure:
    """A panel a quantity, a line an arm, against updates.

    Args:
        rows: ``panel`` (model and culture), ``arm``, ``step`` and the columns of ``PANELS``.
    """
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(3, 3, figsize=(9.0, 5.4), layout="constrained")
        for axis, (column, title) in zip(axes.flat, PANELS.items(), strict=True):
            for number, ((panel, arm), line) in enumerate(_lines(rows)):
                label = f"{panel}, {arm}" if column == "reward" else None
                axis.plot(line["step"], line[column], lw=1, color=f"C{number % 10}", label=label)
            axis.set_title(title)
            axis.xaxis.get_major_locator().set_params(integer=True)
        for axis in axes[-1]:
            axis.set_xlabel("update")
        figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=7)
        return figure


def _lines(rows: pl.DataFrame) -> Any:
    return rows.group_by("panel", "arm", maintain_order=True)
