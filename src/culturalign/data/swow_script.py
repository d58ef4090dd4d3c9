"""Check that a SWOW file is in its language's script, and was decoded only once."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError
from culturalign.files.scripts import is_decoded_twice, share_in_scripts

LEAST = 0.5
"""Share of the letters of the cues that must be of the language's scripts; ours."""
MOST_TWICE = 0.2
"""Share of the cues beyond ASCII that may look as if decoded twice; ours. In Chinese about one in
fifty does by chance."""


def check_script(cues: pl.Series, path: Path, scripts: Sequence[str]) -> None:
    """Refuse a file whose cues are in another script, or were decoded twice.

    Args:
        cues: Distinct cues, as they stand in the file.
        path: The user's file, for errors.
        scripts: Those of the language; without any, only the decoding is checked.

    Raises:
        UserError: With the share and three of the cues.
    """
    cues = cues.drop_nulls().sort()
    foreign = [cue for cue in cues if not cue.isascii() and len(cue) > 1]
    twice = [cue for cue in foreign if is_decoded_twice(cue)]
    if len(twice) > MOST_TWICE * len(foreign):
        raise UserError(
            f"{path}: {len(twice)} of {len(foreign)} cues beyond ASCII ({_some(twice)}) are UTF-8 "
            "that a program read as another encoding and saved again; download the file again, "
            "or save the original as UTF-8"
        )
    share = share_in_scripts(cues, scripts) if scripts else None
    if share is not None and share < LEAST:
        raise UserError(
            f"{path}: {share:.0%} of the letters of its cues ({_some(cues)}) are "
            f"{' or '.join(scripts)}, in its language at least {LEAST:.0%}; name the file of that "
            "language, or correct `language` of the culture or `scripts` of the language"
        )


def _some(words: Sequence[str] | pl.Series) -> str:
    return ", ".join(repr(word[:40]) for word in words[:3])
