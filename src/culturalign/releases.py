"""Which release of a data set a file is, by what is in it, and what is odd about it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

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
}
"""Release -> what it has."""
AT_LEAST = {"SWOW-ZH raw": {"rows": 666_667, "participants": 40_000}}
"""Release -> what it has at least, where only that is known."""
OLD_TOKENS, NEW_TOKENS = ("#Missing", "#Unknown"), ("No more responses", "Unknown word")
"""Missing tokens of 2018, and of 2019 and later."""


@dataclass(frozen=True)
class Release:
    """What a file is.

    Attributes:
        name: A key of :data:`SIZES`, or ``unknown``.
        detail: The year, as far as the content tells.
        sizes: ``rows``, ``cues``, ``participants``, ``countries``: found.
        odd: What differs from the official file, a sentence each.
    """

    name: str
    detail: str
    sizes: Mapping[str, int]
    odd: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def identify_swow(trials: pl.DataFrame, *, ends: bool = True) -> Release:
    """Tell the release of a SWOW file.

    Mandarin or English by the script of the cues; balanced (R100, R55) if nine cues in ten have
    exactly that many trials; 2018 or later by the missing tokens.

    Args:
        trials: From :func:`culturalign.swow.read_trials`.
        ends: Whether the file's last line ends with a line break.
    """
    per_cue = trials["cue"].value_counts()
    cues = per_cue["cue"]
    mandarin = cues.str.contains(r"\p{Han}").mean() or 0
    language = "SWOW-ZH" if float(mandarin) > 0.5 else "SWOW-EN"  # type: ignore[arg-type]
    balanced = 55 if language == "SWOW-ZH" else 100
    is_balanced = (per_cue["count"] == balanced).mean() or 0
    kind = f"R{balanced}" if float(is_balanced) > 0.9 else None  # type: ignore[arg-type]
    name = f"{language} {kind or ('raw' if language == 'SWOW-ZH' else 'complete')}"
    sizes = {
        "rows": len(trials),
        "cues": len(cues),
        "participants": trials["participant"].n_unique(),
    }
    odd = oddities(name, sizes)
    odd += [] if ends else ["the last line has no line break: perhaps cut short"]
    return Release(name, _year(trials) if language == "SWOW-EN" else "", sizes, odd)


def _year(trials: pl.DataFrame) -> str:
    last = trials["R3"]
    old = bool(last.is_in(OLD_TOKENS).any())
    new = bool(last.is_in(NEW_TOKENS).any())
    return {(True, False): "2018", (False, True): "2019 or later", (True, True): "mixed tokens"}.get(
        (old, new), "no missing tokens"
    )


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
