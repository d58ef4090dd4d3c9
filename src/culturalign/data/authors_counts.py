"""Counts of the paper's authors, to hold a SWOW file against: what is left of it for a culture.

From their notebooks read_swow.ipynb and read_swow_us.ipynb (docs/paper.md). They normalize nothing,
so that small differences are no fault.
"""

from collections.abc import Mapping, Sequence

import polars as pl

UNITED_STATES = frozenset({"United States"})
ALL_COUNTRIES: dict[str, float] = {
    "cues": 12_272,
    "pairs": 1_384_556,
    "responses a cue": 112.82,
    "standard deviation": 21.45,
}
COUNTS: dict[tuple[str, frozenset[str]], dict[str, float]] = {
    ("SWOW-EN R123 strengths", frozenset()): ALL_COUNTRIES,
    ("SWOW-EN R100", frozenset()): ALL_COUNTRIES,  # from which the strengths are counted
    ("SWOW-EN R100", UNITED_STATES): {"trials kept": 604_342},
    ("SWOW-ZH R55", frozenset()): {
        "cues": 10_024,
        "pairs": 809_620,
        "responses a cue": 80.77,
        "standard deviation": 12.99,
    },
}
"""Release and accepted values of its filters -> trials kept, cues, different (cue, response) pairs,
and mean and standard deviation of different responses a cue."""


def count_pairs(kept: int, responses: pl.DataFrame) -> dict[str, float]:
    """The same counts, of a culture's trials kept and its clean responses, ``cue, response``.

    A strength table has no trials; what is kept of it are pairs.
    """
    pairs = responses.select("cue", "response").unique()
    of_cues = pairs.group_by("cue").len()["len"].to_numpy()
    return {
        "trials kept": kept,
        "cues": len(of_cues),
        "pairs": len(pairs),
        "responses a cue": float(of_cues.mean()),
        "standard deviation": float(of_cues.std(ddof=1)) if len(of_cues) > 1 else 0.0,
    }


def compare(
    release: str, keep: Mapping[str, Sequence[str]], found: Mapping[str, float]
) -> str | None:
    """Our counts beside theirs in a sentence; None if they name none for the release and filter.

    >>> compare("SWOW-EN R100", {"country": ["United States"]}, {"trials kept": 604_000})
    "604,000 trials kept (the paper's authors: 604,342)"
    """
    accepted = frozenset(value for values in keep.values() for value in values)
    theirs = COUNTS.get((release, accepted))
    if theirs is None:
        return None
    return ", ".join(
        f"{found[what]:,.{_digits(value)}f} {what} (the paper's authors: {value:,})"
        for what, value in theirs.items()
    )


def _digits(value: float) -> int:
    return 2 if isinstance(value, float) else 0
