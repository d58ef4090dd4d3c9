"""Losses of a file: what one fault may drop, and the refusal of more."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from culturalign.errors import UserError
from culturalign.files.ledger import Account

NEARLY_ALL = 0.9
"""Share dropped from which on a higher limit is no remedy; ours."""
SHOWN = 3
"""Samples in a refusal."""


def refuse_losses(
    account: Account,
    causes: Mapping[str, str],
    samples: Mapping[str, Sequence[str]],
    path: Path,
    *,
    most: float,
) -> None:
    """Refuse a file of which one fault dropped more than a share.

    Args:
        account: What was read, kept, and dropped.
        causes: Reason -> likely cause, of the reasons that are faults; others, such as filters,
            are meant to drop many.
        samples: Reason -> some of what it dropped.
        path: The user's file, for errors.
        most: The share, of those that the other reasons left, 0 to 1.

    Raises:
        UserError: With the count, three samples, and the likely cause.
    """
    blamed = {why: n for why, n in account.dropped.items() if why in causes}
    total = account.kept + sum(blamed.values())
    for why, n in blamed.items():
        if n > most * total:
            way_out = f" Or raise data.most_dropped ({most:g})" if n < NEARLY_ALL * total else ""
            raise UserError(
                f"{path}: {n:,} of {total:,} {account.unit} ({n / total:.0%}) are dropped: {why} "
                f"({'; '.join(samples[why][:SHOWN])}); {causes[why]}{way_out}"
            )
