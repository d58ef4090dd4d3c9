"""Training logs of several arms as one table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl


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
