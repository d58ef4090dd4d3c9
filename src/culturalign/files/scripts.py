"""Scripts of words, and words that were decoded twice."""

from collections.abc import Sequence

import polars as pl

WRONG_CODES = ("cp1252", "gb18030")
"""Encodings that UTF-8 is mistaken for: Windows-1252 (Latin-1 where it has no sign), GB18030."""


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
