"""Check that a SWOW file is in its language's script."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError
from culturalign.files.entities import decoded
from culturalign.files.scripts import share_in_scripts, three_of

LEAST = 0.5
"""Share of the letters of the words that must be of the language's scripts; ours."""


def check_script(words: pl.Series, path: Path, scripts: Sequence[str], what: str) -> None:
    """Refuse a file whose words are in another script.

    Args:
        words: Distinct.
        path: The user's file, for errors.
        scripts: Those of the language; without any, nothing is checked.
        what: ``cues`` or ``responses``.

    Raises:
        UserError: With the share and three of them.
    """
    words = pl.Series([decoded(word) for word in words.drop_nulls()], dtype=pl.String).sort()
    share = share_in_scripts(words, scripts) if scripts else None
    if share is not None and share < LEAST:
        raise UserError(
            f"{path}: {share:.0%} of the letters of its {what} ({three_of(words)}) are "
            f"{' or '.join(scripts)}, in its language at least {LEAST:.0%}; name the file of that "
            "language, or correct `language` of the culture or `scripts` of the language"
        )
