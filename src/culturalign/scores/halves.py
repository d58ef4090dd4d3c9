"""Halves of the participants: human agreement, with which arms are compared."""

import random
from collections.abc import Collection, Iterator, Sequence

import polars as pl

from culturalign.artifacts.word_data import RESPONSES


def read_responses(files: Sequence[str]) -> pl.DataFrame:
    """Responses of the participants; without a file, as of a strength table, none."""
    return pl.read_parquet(files[0]) if files else pl.DataFrame(schema=RESPONSES.schema)


def split_participants(
    responses: pl.DataFrame, cues: Collection[str], *, repeats: int, seed: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, random.Random]]:
    """Split the participants in half, repeatedly.

    Args:
        responses: ``cue, response, participant``.
        cues: The cues to be scored.
        repeats: Number of splits.
        seed: Seed of the splits; equal seeds give every arm and score the same halves.

    Yields:
        The responses of the first and of the second half, and the split's random generator; nothing
        without participants.
    """
    responses = responses.filter(pl.col("cue").is_in(list(cues)))
    participants = sorted(set(responses["participant"]))
    for repeat in range(repeats if participants else 0):
        rng = random.Random(f"{seed}:{repeat}")
        rng.shuffle(participants)
        first = pl.col("participant").is_in(set(participants[: len(participants) // 2]))
        yield responses.filter(first), responses.filter(~first), rng
