"""Columns that say whose scores a row holds."""

import polars as pl

from culturalign.arms import parse_arm, swapped_name


def with_arm(
    scores: pl.DataFrame,
    *,
    model: str,
    arm: str,
    culture: str | None = None,
    **more: str,
) -> pl.DataFrame:
    """Put the columns of an arm before its scores.

    Args:
        scores: An arm's scores.
        model: Name of its base model.
        arm: Its name, such as ``us-sft-seed0``.
        culture: The culture whose cues it answered; without it, that of its training data.
        more: Further columns, for instance ``prompt``.

    Returns:
        ``culture, model, method, seed`` (null for the vanilla model), those of ``more``, and the
        scores. The culture of the training data (null for the vanilla model) follows ``model``.
        A method that was trained on another culture than the one asked has it in its name.
    """
    parsed = parse_arm(arm)
    method = parsed.method
    if culture and parsed.culture and parsed.culture != culture:
        method = swapped_name(method, parsed.culture)
    asked = [pl.lit(culture).alias("culture")] if culture else []
    trained = [] if culture else [pl.lit(parsed.culture, pl.String).alias("culture")]
    return scores.select(
        *asked,
        pl.lit(model).alias("model"),
        *trained,
        pl.lit(method).alias("method"),
        pl.lit(parsed.seed, pl.Int64).alias("seed"),
        *(pl.lit(value).alias(name) for name, value in more.items()),
        pl.all(),
    )
