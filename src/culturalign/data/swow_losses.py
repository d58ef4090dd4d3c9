"""Checks after cleaning: large losses are refused, a response that leads many cues is reported."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from culturalign.files.large_losses import SHOWN, refuse_losses
from culturalign.files.ledger import Account

LEADS = 0.2
"""Share of the cues that one response may lead; ours. In human data none leads one in twenty."""
FEW = 5
"""Cues that a response may lead, and responses that may look wrong, in any file."""
LONG = 6
"""Characters of a response that may be several words, in scripts without spaces; ours."""
CANDIDATES = 8
"""Responses of several words that are shown where the tokens of a language are not known."""
CAUSES = {
    "no cue": "is `cue` the right column (cultures.<name>.columns)?",
    "repeated trial": "two downloads joined, or the wrong column for participants?",
    "over-long": "sentences in place of words, or a wrong column?",
    "symbols only": "another program's sign for missing? Add it to languages.<name>.missing",
    "repeats the cue": "is the column of the cue one of the responses' too?",
    "repeated in the trial": "is one column named for several responses?",
}
"""Reason -> likely cause of a large loss. Filters and missing tokens are meant to drop many."""


def odd_responses(counts: pl.DataFrame, missing: Collection[str] | None) -> list[str]:
    """A sentence for everything that is odd about the responses.

    Args:
        counts: ``cue, response, count``, words as text or categorical, each pair once.
        missing: The language's missing tokens; None if they are not known.
    """
    words = counts.with_columns(pl.col("cue", "response").cast(pl.String))
    odd = leading(words, missing or [])
    without = int(words.filter(~pl.col("response").str.contains(r"\p{L}"))["count"].sum())
    if without > LEADS * (total := int(words["count"].sum())):
        odd.append(f"{without:,} of {total:,} responses have no letter: is R1 the right column?")
    return odd + (perhaps_missing(words) if missing is None else [])


def leading(counts: pl.DataFrame, known: Collection[str]) -> list[str]:
    """A sentence for each response that is the most frequent one of too many cues.

    Args:
        counts: ``cue, response, count``, each pair once.
        known: The language's missing tokens, which a list in the configuration replaces.
    """
    most = counts.filter(pl.col("count") == pl.col("count").max().over("cue"))
    first = most.group_by("cue").agg(pl.col("response").max())
    cues = len(first)
    often = first["response"].value_counts(name="cues").sort("cues", descending=True)
    return [
        f"{response!r} is the most frequent response to {n:,} of {cues:,} cues: a missing token? "
        f"Then set languages.<name>.missing to {json.dumps([*known, response], ensure_ascii=False)}"
        for response, n in often.iter_rows()
        if n > max(FEW, LEADS * cues)
    ]


def perhaps_missing(counts: pl.DataFrame) -> list[str]:
    """A sentence with the most frequent responses of several words, as most missing tokens are.

    Where words are not separated, with those of so many characters.

    Args:
        counts: As for :func:`leading`.
    """
    unspaced = rf"[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}\p{{Thai}}\p{{Khmer}}]{{{LONG},}}"
    several = counts.filter(pl.col("response").str.contains(rf"\s|{unspaced}"))
    total = several.group_by("response").agg(pl.col("count").sum())
    most = total.sort("count", "response", descending=[True, False]).head(CANDIDATES)
    shown = ", ".join(f"{response[:40]!r} {n:,}" for response, n in most.iter_rows())
    return [
        "no missing tokens of the language are known, so that they count as responses; most "
        f"frequent responses of several words: {shown or 'none'}; set languages.<name>.missing to "
        "those that mean no response, or to []"
    ]


def refuse_lost(
    accounts: Sequence[Account], sample: pl.DataFrame, path: Path, *, most: float
) -> None:
    """Refuse a file of which one of :data:`CAUSES` dropped more than a share.

    Args:
        accounts: Of the trials and of the responses.
        sample: Some that were dropped: :data:`culturalign.files.ledger.SAMPLE_SCHEMA`.
        path: The user's file, for errors.
        most: As for :func:`culturalign.files.large_losses.refuse_losses`.
    """
    for account in accounts:
        shown = {
            why: [
                f"row {row}: {cue!r}, {(text or '')[:60]!r}"
                for row, cue, text in sample.filter(unit=account.unit, reason=why)
                .select("row", "cue", "text")
                .head(SHOWN)
                .iter_rows()
            ]
            for why in account.dropped
        }
        refuse_losses(account, CAUSES, shown, path, most=most)
