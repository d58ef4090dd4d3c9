"""Which release of a data set a file is, by what is in it, and what is odd about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

TOLERANCE = 0.02
"""Share by which a size may differ from the official one; ours."""
SIZES: dict[str, dict[str, int]] = {
    # De Deyne et al. 2019: 4,163,001 responses in trials of three
    "SWOW-EN complete": {"rows": 1_387_667, "cues": 12_282, "participants": 90_701},
    # 100 participants a cue, three responses each: 3,684,600 responses
    "SWOW-EN R100": {"rows": 1_228_200, "cues": 12_282},
    "SWOW-ZH raw": {"cues": 10_192},  # Li et al. 2024: over 2 million responses
    "SWOW-ZH R55": {"rows": 560_560, "cues": 10_192},  # 55 participants a cue
    "WVS wave 7 v5": {"rows": 93_278},  # WorldValuesBench (Zhao et al. 2024)
    "WVS wave 7 v6": {"rows": 97_000, "countries": 66},  # about
    "Warriner et al. 2013": {"rows": 13_915},
    "Brysbaert et al. 2014": {"rows": 39_954},
    "Xu, Li and Chen 2022": {"rows": 11_310},
    "Xu and Li 2020": {"rows": 9_877},
}
"""Release -> what it has."""
AT_LEAST = {"SWOW-ZH raw": {"rows": 666_667, "participants": 40_000}}
"""Release -> what it has at least, where only that is known."""
NORM_COLUMNS = {
    "V.Mean.Sum": "Warriner et al. 2013",
    "A.Mean.Sum": "Warriner et al. 2013",
    "D.Mean.Sum": "Warriner et al. 2013",
    "Conc.M": "Brysbaert et al. 2014",
    "Valence_Mean": "Xu, Li and Chen 2022",
    "Arousal_Mean": "Xu, Li and Chen 2022",
}
"""Header of a rating -> the norms that have it."""
OLD_TOKENS, NEW_TOKENS = ("#Missing", "#Unknown"), ("No more responses", "Unknown word")
"""Missing tokens of 2018, and of 2019 and later."""


@dataclass(frozen=True)
class Release:
    """What a file is.

    Attributes:
        name: A key of :data:`SIZES`, or what kind of file it is.
        detail: The year, as far as the content tells.
        sizes: ``rows``, ``cues``, ``participants``, ``countries``: found.
        odd: What differs from the official file, a sentence each.
    """

    name: str
    detail: str
    sizes: Mapping[str, int]
    odd: Sequence[str]


class Census(NamedTuple):
    """What identifies a SWOW file, of a part or of the whole.

    Attributes:
        rows: Trials; a line without content counts.
        cues: ``cue, count``.
        participants: Distinct.
        tokens: Missing tokens seen among the third responses.
    """

    rows: int
    cues: pl.DataFrame
    participants: pl.Series
    tokens: frozenset[str]


def take_census(trials: pl.DataFrame) -> Census:
    """Count a part of a file: text columns ``cue, participant, R3``."""
    tokens = trials["R3"].filter(trials["R3"].is_in([*OLD_TOKENS, *NEW_TOKENS])).unique()
    return Census(
        len(trials),
        trials["cue"].value_counts(),
        trials["participant"].unique(),
        frozenset(tokens.drop_nulls()),
    )


def add_up(parts: Sequence[Census]) -> Census:
    """The census of the whole file; of at least one part."""
    cues = pl.concat([part.cues for part in parts]).group_by("cue").agg(pl.col("count").sum())
    return Census(
        sum(part.rows for part in parts),
        cues,
        pl.concat([part.participants for part in parts]).unique(),
        frozenset().union(*(part.tokens for part in parts)),
    )


def identify_swow(census: Census, *, ends: bool = True) -> Release:
    """Tell the release of a SWOW file.

    Mandarin or English by the script of the cues; balanced (R100, R55) if nine cues in ten have
    exactly that many trials; 2018 or later by the missing tokens.

    Args:
        census: Of the whole file.
        ends: Whether the file's last line ends with a line break.
    """
    cues = census.cues["cue"].fill_null("")
    mandarin = _share(cues.str.contains(r"\p{Han}")) > 0.5
    language, balanced = ("SWOW-ZH", 55) if mandarin else ("SWOW-EN", 100)
    plain = "raw" if mandarin else "complete"
    is_balanced = _share(census.cues["count"] == balanced) > 0.9
    name = f"{language} {f'R{balanced}' if is_balanced else plain}"
    sizes = {"rows": census.rows, "cues": len(cues), "participants": len(census.participants)}
    odd = oddities(name, sizes)
    odd += [] if ends else ["the last line has no line break: perhaps cut short"]
    return Release(name, "" if mandarin else _year(census.tokens), sizes, odd)


def identify_norms(ratings: Mapping[str, str], words: pl.Series, rows: int) -> Release:
    """Tell which norms a file holds.

    By the headers; those of Xu and Li (2020), unknown to us, by words of two Han characters.

    Args:
        ratings: Attribute -> header of its column.
        words: With a rating.
        rows: In the file, after the header.
    """
    name = next((NORM_COLUMNS[column] for column in ratings.values() if column in NORM_COLUMNS), "")
    if not name and "concreteness" in ratings:
        name = "Xu and Li 2020" if _share(words.str.contains(r"^\p{Han}{2}$")) > 0.9 else ""
    sizes = {"rows": rows}
    return Release(name or "norms", "", sizes, oddities(name, sizes))


def _share(true: pl.Series) -> float:
    return int(true.sum()) / max(len(true), 1)


def _year(tokens: frozenset[str]) -> str:
    kinds = bool(tokens & set(OLD_TOKENS)), bool(tokens & set(NEW_TOKENS))
    names = {(True, False): "2018", (False, True): "2019 or later", (True, True): "mixed tokens"}
    return names.get(kinds, "no missing tokens")


def oddities(name: str, sizes: Mapping[str, int]) -> list[str]:
    """Where sizes differ from those of a release, a sentence each.

    >>> oddities("SWOW-EN R100", {"rows": 1_228_200, "cues": 187})
    ['187 cues, the official file has 12,282: a subset, or cut short']
    """
    odd = []
    for what, official in SIZES.get(name, {}).items():
        found = sizes.get(what)
        if found is not None and abs(found - official) > TOLERANCE * official:
            guess = "a subset, or cut short" if found < official else "another release?"
            odd.append(f"{found:,} {what}, the official file has {official:,}: {guess}")
    for what, least in AT_LEAST.get(name, {}).items():
        if sizes.get(what, least) < least:
            odd.append(
                f"{sizes[what]:,} {what}, the official file has over {least:,}: a subset, or cut "
                "short"
            )
    return odd
