"""The one normalizer of words, for human responses and model output alike.

Categories of Mandarin repairs follow the dictionaries of SWOW-ZH (Li et al. 2024): symbols,
several responses in one cell, over-long ones, English, traditional characters, erhua. The rules
are ours; docs/data.md says where they differ.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

from culturalign.files.entities import decoded

VERSION = 5
"""Raise when a change makes any word come out differently; recorded with every result."""

EDGES = " \t\"'`.,;:!?。、…«»「」『』《》¿¡‹›،؛؟۔।։፣፤።"
"""Punctuation that may surround a word but is not part of it (after NFKC and plain quotes)."""
ENTITIES = "HTML entities"
KINDS = (
    "invisible characters",
    "compatibility forms",
    ENTITIES,
    "quotes",
    "upper case",
    "white space",
    "surrounding punctuation",
    "surrounding symbols",
    "traditional characters",
    "erhua",
)
"""What the normalizer changes, in order; the ledger counts each."""

MAX_WORDS = 5
"""An item of more words than this is prose, not an association. Not the paper's."""
MAX_HAN = 12
"""An item of more Han characters than this is prose. Not the paper's."""

MAX_LENGTH = 100
"""An item of more characters than this is not an association. Not the paper's."""

_PLAIN = re.compile(r"[a-z0-9]+(?:[ '-][a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_QUOTES = str.maketrans("‘’‚‛`“”„‟", "'''''\"\"\"\"")
_SYMBOLS = "-=+*~^_|\\<>&@#$%/•·●★☆■□◆()[]{}"
_KEPT_BEHIND = "+%)]}"
_ERHUA = re.compile(r"(?<=[\u3400-\u9fff])儿$")
_CHILD = (
    "女儿 婴儿 幼儿 孤儿 男儿 胎儿 少儿 健儿 宠儿 患儿 小儿 侄儿 孙儿 孩儿 妻儿 弃儿 生儿 育儿 "
    "产儿 托儿 血儿 形儿 运儿 潮儿 浪儿 能儿 哑儿 乞儿 奈儿 聋儿 病儿 我儿 吾儿 皇儿 麟儿 "
    "这儿 那儿 哪儿"
)
"""Ends of words in which 儿 is a syllable of its own (child, names), and the three words that mean
another thing without it (here, there, where). From general knowledge of Mandarin."""
_KEEPS_ER = tuple(_CHILD.split())
_BREAKS = re.compile(
    r"[，﹐︐、﹑､︑;；﹔︔。｡︒،؛۔।፣፤።\n\r\t]+|,(?!(?<=\d,)\d{3}(?!\d))"
    r"|(?<=[\u3400-\u9fff])[\s/／|｜+＋﹢…]+(?=[\u3400-\u9fff])"
)
"""With full-width, half-width, small and upright forms: entries are taken apart before NFKC."""


def normalize(word: str, *, simplify_chinese: bool = False, merge_erhua: bool = False) -> str:
    """Bring a word into the form in which words are compared.

    Invisible characters removed, NFKC (full-width to half-width), HTML entities decoded (their
    characters likewise), plain quotes, case folding,
    white space collapsed, surrounding punctuation removed unless nothing else is there; around
    a word with Han characters, symbols too. Words are not segmented.

    Args:
        word: Any text; may be empty.
        simplify_chinese: Map traditional characters to simplified ones.
        merge_erhua: Drop a final 儿 that only colors the sound (花儿 is 花; 女儿 stays).

    Returns:
        The normalized word; empty for text of white space and invisible characters only.
    """
    return changes(word, simplify_chinese=simplify_chinese, merge_erhua=merge_erhua)[0]


def changes(
    word: str, *, simplify_chinese: bool = False, merge_erhua: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Normalize a word and name the :data:`KINDS` of changes made to it."""
    if _PLAIN.fullmatch(word):
        return word, ()
    steps: list[Callable[[str], str]] = [
        _visible, _compatible, _without_entities, _plain_quotes, _folded, _spaced, _bare,
        _without_symbols,
        _to_simplified() if simplify_chinese else str,
        _without_erhua if merge_erhua else str,
    ]  # fmt: skip
    kinds = []
    for kind, step in zip(KINDS, steps, strict=True):
        before, word = word, step(word)
        if word != before:
            kinds.append(kind)
    return word, tuple(kinds)


def normalize_all(words: Iterable[str], **rules: bool) -> dict[str, str]:
    """Map every distinct word to its normal form; each is computed once."""
    return {word: normalize(word, **rules) for word in set(words)}


def split_responses(cell: str) -> list[str]:
    """Take apart several responses in one cell or line.

    They are separated by commas of any script (but not in 1,000), enumeration commas, semicolons,
    full stops of other scripts than Latin, new lines and tabs; and, between Han characters, by
    spaces, slashes, bars and plus signs; all of these in any width. HTML entities are decoded
    before, so that their semicolons separate nothing.
    """
    return [piece for piece in _BREAKS.split(decoded(cell)) if piece.strip()]


def is_prose(word: str) -> bool:
    """Whether an item is too long to be an association."""
    return (
        len(word) > MAX_LENGTH or len(word.split()) > MAX_WORDS or len(_HAN.findall(word)) > MAX_HAN
    )


def is_word(word: str) -> bool:
    """Whether there is a letter or digit in it; symbols only are not an association."""
    return any(character.isalnum() for character in word)


def _visible(word: str) -> str:
    """Without control, formatting (also bidirectional) and private characters."""
    if word.isprintable():
        return word
    return "".join(c for c in word if c.isspace() or unicodedata.category(c)[0] != "C")


def _compatible(word: str) -> str:
    return unicodedata.normalize("NFKC", word.replace("´", "'"))  # else a space and an accent


def _without_entities(word: str) -> str:
    plain = decoded(word)
    return word if plain == word else _compatible(_visible(plain))


def _plain_quotes(word: str) -> str:
    return word.translate(_QUOTES)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word.casefold())


def _spaced(word: str) -> str:
    return " ".join(word.split())


def _bare(word: str) -> str:
    bare = word.removeprefix('="') if word.endswith('"') else word  # Excel's ="word"
    return bare.strip(EDGES) or word


def _without_symbols(word: str) -> str:
    """Around Han characters symbols are slips of the keyboard; in ``c++``, ``-ed`` they are not."""
    if word.isascii() or not _HAN.search(word):
        return word
    bare = word.lstrip(_SYMBOLS + EDGES)
    behind = bare.rstrip("".join(set(_SYMBOLS + EDGES) - set(_KEPT_BEHIND)))
    return behind.rstrip(")]}") if _closes_nothing(behind) else behind


def _closes_nothing(word: str) -> bool:
    return any(word.count(right) > word.count(left) for left, right in ("()", "[]", "{}"))


def _without_erhua(word: str) -> str:
    while not word.endswith(_KEEPS_ER) and _ERHUA.search(word):
        word = word[:-1]
    return word


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # only Mandarin needs its dictionaries

    converter = OpenCC("t2s")
    return lambda text: str(converter.convert(text))
