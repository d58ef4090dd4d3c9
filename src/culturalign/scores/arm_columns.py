"""Columns that say whose scores a row holds."""

from collections.abc import Sequence

import polars as pl

from culturalign.arms import parse_arm, swapped_name


def with_arm(
    scores: pl.DataFrame,
    *,
    model: str,
    arm: str,
    culture: str | None = None,
    own: Sequence[str] = (),
    **more: str,
) -> pl.DataFrame:
    """Put the columns of an arm before its scores.

    Args:
        scores: An arm's scores.
        model: Name of its base model.
        arm: Its name, such as ``us-sft-seed0``.
        culture: The culture whose cues it answered; without it, that of its training data.
        own: Cultures that were asked, by their language, where no single one was; by default all.
        more: Further columns, for instance ``prompt``.

    Returns:
        ``culture, model, method, seed`` (null for the vanilla model), those of ``more``, and the
        scores. The culture of the training data (null for the vanilla model) follows ``model``.
        A method that was trained on a culture that was not asked has it in its name.
    """
    parsed = parse_arm(arm)
    asked_of = [culture] if culture else own
    is_swapped = parsed.culture is not None and asked_of and parsed.culture not in asked_of
    method = swapped_name(parsed.method, str(parsed.culture)) if is_swapped else parsed.method
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
