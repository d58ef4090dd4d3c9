"""Counting responses into associations."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from culturalign.data.responses import encode
from culturalign.errors import UserError

LOW = np.uint64(0xFFFFFFFF)


def count_associations(responses: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Count how often each response was given to each cue.

    Args:
        responses: Columns ``cue, response``, text or categorical, one row a response; or, with
            ``count``, one row for so many.
        seed: Orders responses of equal count, at random but repeatably; an alphabetical order
            would teach a model the alphabet, since most counts are 1.

    Returns:
        ``cue, response, count``, ``strength`` (count over all responses to the cue, 0 to 1) and
        ``rank`` (1 is the most frequent), sorted by cue and rank.
    """
    cue, cues = encode(responses["cue"])
    response, words = encode(responses["response"])
    keys = cue.astype(np.uint64) << np.uint64(32) | response
    counted = "count" in responses.columns
    key, count = _sums(keys, responses["count"]) if counted else _runs(keys)
    cue, response = (key >> np.uint64(32)).astype(np.int64), (key & LOW).astype(np.int64)
    alphabetical = cues.rank("dense").to_numpy()[cue] if len(cues) else cue
    tie = _mixed(
        _digests(cues.to_list(), f"{seed}:cue:")[cue]
        + _digests(words.to_list(), f"{seed}:response:")[response]
    )
    most = np.uint64(0xFFFFFFFF)
    first = alphabetical.astype(np.uint64) << np.uint64(32) | (most - count.astype(np.uint64))
    keys = pl.DataFrame({"first": first, "tie": tie})
    order = keys.select(pl.arg_sort_by("first", "tie")).to_series().to_numpy()
    cue, response, count = cue[order], response[order], count[order]
    totals = np.bincount(cue, count, minlength=len(cues))
    starts = np.flatnonzero(np.diff(cue, prepend=-1))
    rank = np.arange(len(cue)) - np.repeat(starts, np.diff(starts, append=len(cue))) + 1
    return pl.DataFrame(
        {
            "cue": cues.gather(cue),
            "response": words.gather(response),
            "count": count.astype(np.int32),
            "strength": count / totals[cue],
            "rank": rank.astype(np.int32),
        }
    )


def _runs(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct keys, sorted, and how often each occurs; ``np.unique`` takes thrice as long."""
    runs = pl.Series(keys).sort(in_place=True).rle().struct.unnest()
    return runs["value"].to_numpy(), runs["len"].to_numpy()


def _sums(keys: np.ndarray, counts: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Distinct keys, sorted, and the sum of the counts of each."""
    sums = pl.DataFrame({"key": keys, "count": counts}).group_by("key").agg(pl.col("count").sum())
    sums = sums.sort("key")
    return sums["key"].to_numpy(), sums["count"].to_numpy()


def _digests(words: Sequence[str], salt: str) -> np.ndarray:
    """64 bits of each word, the same on every machine; shape (words,)."""
    start = salt.encode()
    digests = [hashlib.blake2b(start + word.encode(), digest_size=8).digest() for word in words]
    return np.frombuffer(b"".join(digests), dtype="<u8")


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


def read_ranked(files: Sequence[str]) -> dict[str, list[str]]:
    """:func:`ranked_responses` of a parquet file; none without one."""
    return ranked_responses(pl.read_parquet(files[0])) if files else {}


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


def top_of_cultures(
    files: Sequence[str], spotlights: Mapping[str, Sequence[str]], labels: Mapping[str, str]
) -> pl.DataFrame:
    """The strongest responses to chosen cues, culture by culture.

    Args:
        files: Associations of each culture.
        spotlights: Culture -> its cues, in the same order; cultures without cues are left out.
        labels: Culture -> its label.
    """
    parts = [
        top_responses(pl.read_parquet(file), cues, culture=labels[culture])
        for file, (culture, cues) in zip(files, spotlights.items(), strict=True)
        if cues
    ]
    return pl.concat(parts)
