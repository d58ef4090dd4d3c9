"""Checks after cleaning: large losses are refused, a response that leads many cues is reported."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError
from culturalign.files.ledger import Account

LEADS = 0.2
"""Share of the cues that one response may lead; ours. In human data none leads one in twenty."""
FEW = 5
"""Cues that a response may lead in any file."""
CAUSES = {
    "no cue": "is `cue` the right column (cultures.<name>.columns)?",
    "repeated trial": "two downloads joined, or the wrong column for participants?",
    "over-long": "sentences in place of words, or a wrong column?",
    "symbols only": "another program's sign for missing? Add it to languages.<name>.missing",
    "repeats the cue": "is the column of the cue one of the responses' too?",
    "repeated in the trial": "is one column named for several responses?",
}
"""Reason -> likely cause of a large loss. Filters and missing tokens are meant to drop many."""


def leading(responses: pl.DataFrame) -> list[str]:
    """A sentence for each response that is the most frequent one of too many cues.

    Args:
        responses: ``cue, response``, text or categorical.
    """
    counts = responses.group_by("cue", "response").len()
    most = counts.filter(pl.col("len") == pl.col("len").max().over("cue"))
    words = most.with_columns(pl.col("cue", "response").cast(pl.String))
    first = words.group_by("cue").agg(pl.col("response").max())
    cues = len(first)
    often = first["response"].value_counts(name="cues").sort("cues", descending=True)
    return [
        f"{response!r} is the most frequent response to {n:,} of {cues:,} cues: a missing token? "
        "Then add it to languages.<name>.missing"
        for response, n in often.iter_rows()
        if n > max(FEW, LEADS * cues)
    ]


def refuse_losses(
    accounts: Sequence[Account], sample: pl.DataFrame, path: Path, *, most: float
) -> None:
    """Refuse a file of which one of :data:`CAUSES` dropped more than a share.

    Args:
        accounts: Of the trials and of the responses.
        sample: Some that were dropped: :data:`culturalign.files.ledger.SAMPLE_SCHEMA`.
        path: The user's file, for errors.
        most: The share, of those that reasons outside :data:`CAUSES` left, 0 to 1.

    Raises:
        UserError: With the count, three samples and the likely cause.
    """
    for account in accounts:
        blamed = {why: n for why, n in account.dropped.items() if why in CAUSES}
        total = account.kept + sum(blamed.values())
        for why, n in blamed.items():
            if n > most * total:
                rows = sample.filter(unit=account.unit, reason=why)
                shown = "; ".join(
                    f"row {row}: {cue!r}, {(text or '')[:60]!r}"
                    for row, cue, text in rows.select("row", "cue", "text").head(3).iter_rows()
                )
                raise UserError(
                    f"{path}: {n:,} of {total:,} {account.unit} ({n / total:.0%}) are dropped: "
                    f"{why} ({shown}); {CAUSES[why]} Or raise data.most_dropped ({most:g})"
                )
