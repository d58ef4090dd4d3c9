"""Columns that say whose scores a row holds."""

import polars as pl

from culturalign.arms import parse_arm


def with_arm(
    scores: pl.DataFrame, *, model: str, arm: str, culture: str | None = None, **more: str
) -> pl.DataFrame:
    """Put the columns of an arm before its scores.

    Args:
        scores: An arm's scores.
        model: Name of its base model.
        arm: Its name, such as ``us-sft-seed0``.
        culture: The culture whose cues or questions it answered; by default that of its training
            data, null for the vanilla model.
        more: Further columns, for instance ``prompt``.

    Returns:
        ``culture, model, method, seed`` (null for the vanilla model), those of ``more``, and the
        scores.
    """
    parsed = parse_arm(arm)
    return scores.select(
        pl.lit(culture or parsed.culture, pl.String).alias("culture"),
        pl.lit(model).alias("model"),
        pl.lit(parsed.method).alias("method"),
        pl.lit(parsed.seed, pl.Int64).alias("seed"),
        *(pl.lit(value).alias(name) for name, value in more.items()),
        pl.all(),
    )
