"""Which release of Small World of Words a file is, by its content."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from culturalign.files.data_file import Release, oddities

OLD_TOKENS, NEW_TOKENS = ("#Missing", "#Unknown"), ("No more responses", "Unknown word")
"""Missing tokens of 2018, and of 2019 and later."""


class FileSizes(NamedTuple):
    """The counts that identify a file, or a part of one.

    Attributes:
        rows: Trials, lines without content included.
        cues: ``cue, count``.
        participants: Distinct.
        tokens: Missing tokens among the third responses.
    """

    rows: int
    cues: pl.DataFrame
    participants: pl.Series
    tokens: frozenset[str]


def count_sizes(trials: pl.DataFrame) -> FileSizes:
    """Count a part of a file: text columns ``cue, participant, R3``."""
    tokens = trials["R3"].filter(trials["R3"].is_in([*OLD_TOKENS, *NEW_TOKENS])).unique()
    return FileSizes(
        len(trials),
        trials["cue"].value_counts(),
        trials["participant"].unique(),
        frozenset(tokens.drop_nulls()),
    )


def add_up(parts: Sequence[FileSizes]) -> FileSizes:
    """The census of a whole file from those of its parts, at least one."""
    cues = pl.concat([part.cues for part in parts]).group_by("cue").agg(pl.col("count").sum())
    return FileSizes(
        sum(part.rows for part in parts),
        cues,
        pl.concat([part.participants for part in parts]).unique(),
        frozenset().union(*(part.tokens for part in parts)),
    )


def identify_swow(census: FileSizes, *, complete: bool = True) -> Release:
    """Identify the release of a file.

    Mandarin or English by the script of the cues; balanced (R100, R55) if nine cues in ten have
    exactly that many trials; 2018 or later by the missing tokens.

    Args:
        census: FileSizes of the whole file.
        complete: Whether its last line ends with a line break.
    """
    cues = census.cues["cue"].fill_null("")
    mandarin = _share(cues.str.contains(r"\p{Han}")) > 0.5
    language, balanced = ("SWOW-ZH", 55) if mandarin else ("SWOW-EN", 100)
    is_balanced = _share(census.cues["count"] == balanced) > 0.9
    subset = f"R{balanced}" if is_balanced else "raw" if mandarin else "complete"
    name = f"{language} {subset}"
    sizes = {"rows": census.rows, "cues": len(cues), "participants": len(census.participants)}
    odd = oddities(name, sizes)
    odd += [] if complete else ["the last line has no line break: perhaps cut short"]
    return Release(name, "" if mandarin else _year(census.tokens), sizes, odd)


def _share(true: pl.Series) -> float:
    return int(true.sum()) / max(len(true), 1)


def _year(tokens: frozenset[str]) -> str:
    kinds = bool(tokens & set(OLD_TOKENS)), bool(tokens & set(NEW_TOKENS))
    names = {(True, False): "2018", (False, True): "2019 or later", (True, True): "mixed tokens"}
    return names.get(kinds, "no missing tokens")
