"""Counting responses into associations."""

import hashlib
from collections.abc import Sequence

import polars as pl

from culturalign.errors import UserError


def count_associations(responses: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Count how often each response was given to each cue.

    Args:
        responses: Columns ``cue, response``, one row a response.
        seed: Orders responses of equal count, at random but repeatably; an alphabetical order
            would teach a model the alphabet, since most counts are 1.

    Returns:
        ``cue, response, count``, ``strength`` (count over all responses to the cue, 0 to 1) and
        ``rank`` (1 is the most frequent), sorted by cue and rank.
    """
    counts = responses.group_by("cue", "response").agg(count=pl.len())
    tie = counts.select(
        pl.struct("cue", "response")
        .map_elements(
            lambda pair: _order(pair["cue"], pair["response"], seed), return_dtype=pl.Int64
        )
        .alias("tie")
    )
    ordered = counts.hstack(tie).sort("cue", "count", "tie", descending=[False, True, False])
    return ordered.select(
        "cue",
        "response",
        pl.col("count").cast(pl.Int32),
        strength=pl.col("count") / pl.col("count").sum().over("cue"),
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("cue"),
    )


def _order(cue: str, response: str, seed: int) -> int:
    digest = hashlib.blake2b(f"{seed}:{cue}:{response}".encode(), digest_size=7).digest()
    return int.from_bytes(digest)


def ranked_responses(associations: pl.DataFrame) -> dict[str, list[str]]:
    """Responses of each cue, most frequent first."""
    ordered = associations.sort("cue", "rank")
    lists = ordered.group_by("cue", maintain_order=True).agg("response")
    return dict(zip(lists["cue"], lists["response"].to_list(), strict=True))


def response_counts(associations: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Cue -> response -> count, most frequent first."""
    ordered = associations.sort("cue", "rank")
    lists = ordered.group_by("cue", maintain_order=True).agg("response", "count")
    return {
        cue: dict(zip(responses, counts, strict=True))
        for cue, responses, counts in lists.iter_rows()
    }


def top_responses(
    associations: pl.DataFrame, cues: Sequence[str], *, culture: str, most: int = 8
) -> pl.DataFrame:
    """Strongest associations of chosen cues: ``culture, cue, response, count, strength, rank``.

    Raises:
        UserError: If a cue has no association in the data.
    """
    parts = []
    for cue in cues:
        rows = associations.filter((pl.col("cue") == cue) & (pl.col("rank") <= most))
        if rows.is_empty():
            raise UserError(
                f"{culture}: the cue {cue!r} is not in the data; correct cultures.*.spotlight"
            )
        parts.append(rows.select(pl.lit(culture).alias("culture"), pl.all()))
    return pl.concat(parts)
