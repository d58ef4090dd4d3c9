"""Which release of Small World of Words a file is, by its content."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from culturalign.files.data_file import Release, oddities, releases

OLD_TOKENS, NEW_TOKENS = ("#Missing", "#Unknown"), ("No more responses", "Unknown word")
"""Missing tokens of SWOW-EN in 2018, and in 2019 and later."""
UNKNOWN = "size not checked, for none of an official file is known"
LEAST_BALANCED = 50
"""Trials a cue from which a file with equal numbers is a balanced release."""


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


def identify_swow(census: FileSizes, name: str = "SWOW", *, complete: bool = True) -> Release:
    """Identify the release of a file.

    Balanced (R100, R70, R55) if nine cues in ten have the same number of trials, at least
    :data:`LEAST_BALANCED`; or half of them and none more, as after empty trials were removed, which
    the paper's authors did with R55. Of English, 2018 or later by the missing tokens. Of a language
    of which no official size is known, a file is never called complete.

    Args:
        census: FileSizes of the whole file.
        name: Name of the language's SWOW data.
        complete: Whether its last line ends with a line break.
    """
    trials = census.cues["count"]
    usual = int(max(trials.mode().to_list(), default=0))
    alike, most = _share(trials == usual), max(trials, default=0)
    balanced = usual >= LEAST_BALANCED and (alike > 0.9 or (alike > 0.5 and usual == most))
    known = releases(name)
    whole = "raw" if name == "SWOW-ZH" else "complete" if known else "trials"
    new = balanced and known and f"{name} R{usual}" not in known
    name = f"{name} {f'R{usual}' if balanced else whole}"
    sizes = {"rows": census.rows, "cues": len(trials), "participants": len(census.participants)}
    odd = oddities(name, sizes)
    odd += [f"{usual} trials a cue, as in none of {', '.join(known)}: a selection?"] if new else []
    odd += [] if complete else ["the last line has no line break: perhaps cut short"]
    detail = _year(census.tokens) if name.startswith("SWOW-EN") else "" if known else UNKNOWN
    return Release(name, detail, sizes, odd)


def _share(true: pl.Series) -> float:
    return int(true.sum()) / max(len(true), 1)


def _year(tokens: frozenset[str]) -> str:
    kinds = bool(tokens & set(OLD_TOKENS)), bool(tokens & set(NEW_TOKENS))
    names = {(True, False): "2018", (False, True): "2019 or later", (True, True): "mixed tokens"}
    return names.get(kinds, "no missing tokens")
