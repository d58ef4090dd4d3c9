"""Splitting cues into train, validation and test (paper, section 3.2)."""

import hashlib
from collections.abc import Iterable, Mapping

import polars as pl

from culturalign.errors import UserError


def split_of(cue: str, shares: Mapping[str, float], *, seed: int) -> str:
    """Assign a cue to a split, whatever the other cues are.

    The cue is hashed rather than a list shuffled, so that a cue keeps its split when the data
    is filtered differently and none can wander from train into test.

    Args:
        cue: Normalized cue; not empty.
        shares: Share of the cues of each split; sums to 1.
        seed: Another seed gives another partition.

    Returns:
        A key of ``shares``.
    """
    digest = hashlib.sha256(f"{seed}:{cue}".encode()).digest()
    position = int.from_bytes(digest[:8]) / 2**64  # uniform in [0, 1)
    filled = [name for name, share in shares.items() if share > 0]
    for name in filled:
        position -= shares[name]
        if position < 0:
            return name
    return filled[-1]  # the shares' rounding error


def split_cues(
    cues: Iterable[str], shares: Mapping[str, float], *, seed: int, culture: str
) -> pl.DataFrame:
    """Split the cues of a culture.

    Returns:
        ``cue, split``, sorted by cue.

    Raises:
        UserError: If a split with a share stays empty.
    """
    rows = sorted((cue, split_of(cue, shares, seed=seed)) for cue in set(cues))
    table = pl.DataFrame(rows, schema={"cue": pl.String, "split": pl.String}, orient="row")
    for name, share in shares.items():
        if share > 0 and name not in set(table["split"]):
            raise UserError(
                f"culture {culture!r}: the {len(table)} cues of its file leave the split "
                f"{name!r} (share {share:g}) empty; use more cues, or other shares or another "
                "seed in data.split"
            )
    return table


def cues_of(splits: pl.DataFrame, split: str) -> list[str]:
    """Cues of one split, sorted."""
    return sorted(splits.filter(pl.col("split") == split)["cue"])
