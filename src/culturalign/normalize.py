"""The one normalizer of words, for human responses and model output alike."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

VERSION = 1
"""Raise when a change makes any word come out differently; recorded with every result."""

EDGES = " \t\"'`“”‘’«»「」『』《》.,;:!?。、…"
"""Punctuation that may surround a word but is not part of it (after NFKC)."""


def normalize(word: str, *, simplify_chinese: bool = False) -> str:
    """Bring a word into the form in which words are compared.

    NFKC (full-width to half-width), case folding, white space collapsed, surrounding
    punctuation removed unless nothing else is there, and for Mandarin traditional characters
    mapped to simplified ones. Words are not segmented.

    Args:
        word: Any text; may be empty.
        simplify_chinese: True for languages with that setting.

    Returns:
        The normalized word; empty for white space alone.
    """
    folded = " ".join(unicodedata.normalize("NFKC", word).casefold().split())
    bare = folded.strip(EDGES) or folded
    return _to_simplified()(bare) if simplify_chinese else bare


def normalize_all(words: Iterable[str], *, simplify_chinese: bool = False) -> dict[str, str]:
    """Map every distinct word to its normal form; each is computed once."""
    return {word: normalize(word, simplify_chinese=simplify_chinese) for word in set(words)}


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # only Mandarin needs its dictionaries

    converter = OpenCC("t2s")
    return lambda text: str(converter.convert(text))
