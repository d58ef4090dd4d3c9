"""Scripts of words, and words that were decoded twice."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError

WRONG_CODES = ("cp1252", "gb18030")
"""Encodings that UTF-8 is mistaken for: Windows-1252 (Latin-1 where it has no sign), GB18030."""
MOST_TWICE = 0.2
"""Share of the words beyond ASCII that may look as if decoded twice; ours. In Chinese about one in
fifty does by chance."""


def share_in_scripts(texts: pl.Series, scripts: Sequence[str]) -> float | None:
    """The share of all letters that are of some scripts; None without any letter.

    Args:
        texts: Any texts.
        scripts: Unicode names of scripts.
    """
    classes = "".join(rf"\p{{{script}}}" for script in scripts)
    letters = int(texts.str.count_matches(r"\p{L}").sum())
    inside = int(texts.str.count_matches(rf"[[{classes}]&&\p{{L}}]").sum())
    return inside / letters if letters else None


def is_decoded_twice(text: str) -> bool:
    """Whether a text is UTF-8 that was read as something else: ``Ã¡rbol``, ``å±±``, ``鐏北``.

    A text of one character is not: a Chinese one in eight would be, by chance.

    >>> is_decoded_twice("Ã¡rbol"), is_decoded_twice("árbol")
    (True, False)
    """
    if text.isascii() or len(text) < 2:
        return False
    return any(_undone(text, code) for code in WRONG_CODES)


def _undone(text: str, code: str) -> bool:
    try:
        return b"".join(_byte(sign, code) for sign in text).decode("utf-8") != text
    except UnicodeError:
        return False


def _byte(sign: str, code: str) -> bytes:
    try:
        return sign.encode(code)
    except UnicodeEncodeError:
        return sign.encode("latin-1")


def check_decoding(words: Iterable[str], path: Path, what: str, *, least: int = 0) -> None:
    """Refuse a file whose words were decoded twice.

    Args:
        words: Distinct, as they stand in the file.
        path: The user's file, for errors.
        what: What they are: cues, responses.
        least: A number that may be, whatever the share: of responses, people type some.

    Raises:
        UserError: With the number and three of them.
    """
    foreign = [word for word in words if not word.isascii() and len(word) > 1]
    twice = sorted(word for word in foreign if is_decoded_twice(word))
    if len(twice) > max(least, MOST_TWICE * len(foreign)):
        raise UserError(
            f"{path}: {len(twice)} of {len(foreign)} {what} beyond ASCII ({three_of(twice)}) are "
            "UTF-8 that a program read as another encoding and saved again; download the file "
            "again, or save the original as UTF-8"
        )


def three_of(words: Sequence[str] | pl.Series) -> str:
    """Three words, for an error."""
    return ", ".join(repr(word[:40]) for word in words[:3])
