"""Counting responses into associations."""

import hashlib
from collections.abc import Sequence

import numpy as np
import polars as pl

from culturalign.errors import UserError


def count_associations(responses: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Count how often each response was given to each cue.

    Args:
        responses: Columns ``cue, response``, text or categorical, one row a response.
        seed: Orders responses of equal count, at random but repeatably; an alphabetical order
            would teach a model the alphabet, since most counts are 1.

    Returns:
        ``cue, response, count``, ``strength`` (count over all responses to the cue, 0 to 1) and
        ``rank`` (1 is the most frequent), sorted by cue and rank.
    """
    counted = responses.group_by("cue", "response").agg(count=pl.len().cast(pl.Int32))
    counted = counted.cast({"cue": pl.String, "response": pl.String})
    cue, response = (_digests(counted[name], f"{seed}:{name}:") for name in ("cue", "response"))
    tie = pl.Series(_mixed(cue + response), dtype=pl.UInt64)
    ordered = counted.with_columns(tie=tie).sort(
        "cue", "count", "tie", descending=[False, True, False]
    )
    return ordered.select(
        *("cue", "response", "count"),
        strength=pl.col("count") / pl.col("count").sum().over("cue"),
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("cue"),
    )


def _digests(words: pl.Series, salt: str) -> np.ndarray:
    """64 bits of each word, the same on every machine; shape (words,)."""
    start, distinct = salt.encode(), words.unique()
    digests = [hashlib.blake2b(start + w.encode(), digest_size=8).digest() for w in distinct]
    numbers = np.frombuffer(b"".join(digests), dtype="<u8")
    return (
        words.replace_strict(distinct, numbers, return_dtype=pl.UInt64).to_numpy().astype(np.uint64)
    )


def _mixed(bits: np.ndarray) -> np.ndarray:
    """Spread sums of digests evenly (the finalizer of SplitMix64, Steele et al. 2014)."""
    bits = (bits ^ bits >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ bits >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return bits ^ bits >> np.uint64(31)


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
