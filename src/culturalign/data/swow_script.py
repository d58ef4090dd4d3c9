"""Check that a SWOW file is in its language's script, and was decoded only once."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError
from culturalign.files.scripts import is_decoded_twice, share_in_scripts

LEAST = 0.5
"""Share of the letters of the words that must be of the language's scripts; ours."""
MOST_TWICE = 0.2
"""Share of the words beyond ASCII that may look as if decoded twice; ours. In Chinese about one in
fifty does by chance."""


def check_decoding(words: pl.Series, path: Path, what: str, *, least: int = 0) -> None:
    """Refuse a file whose words were decoded twice.

    Args:
        words: Distinct, as they stand in the file.
        path: The user's file, for errors.
        what: ``cues`` or ``responses``.
        least: A number that may be, whatever the share: of responses, people type some.

    Raises:
        UserError: With the number and three of them.
    """
    foreign = [word for word in words.drop_nulls() if not word.isascii() and len(word) > 1]
    twice = sorted(word for word in foreign if is_decoded_twice(word))
    if len(twice) > max(least, MOST_TWICE * len(foreign)):
        raise UserError(
            f"{path}: {len(twice)} of {len(foreign)} {what} beyond ASCII ({_some(twice)}) are "
            "UTF-8 that a program read as another encoding and saved again; download the file "
            "again, or save the original as UTF-8"
        )


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
    words = words.drop_nulls().sort()
    share = share_in_scripts(words, scripts) if scripts else None
    if share is not None and share < LEAST:
        raise UserError(
            f"{path}: {share:.0%} of the letters of its {what} ({_some(words)}) are "
            f"{' or '.join(scripts)}, in its language at least {LEAST:.0%}; name the file of that "
            "language, or correct `language` of the culture or `scripts` of the language"
        )


def _some(words: Sequence[str] | pl.Series) -> str:
    return ", ".join(repr(word[:40]) for word in words[:3])
