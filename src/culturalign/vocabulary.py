"""Words as numbers: each distinct entry is judged and normalized once, however often it occurs."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from culturalign.normalize import (
    EDGES,
    KINDS,
    MAX_LENGTH,
    changes,
    is_prose,
    is_word,
    split_responses,
)

MISSING = (
    *("", "NA", "No more responses", "Unknown word", "#Missing", "#Unknown"),
    *("没有了", "不认识", "#Symbol", "#Long", "#Repeat"),
)
"""Entries that are not words: of SWOW-EN in the releases of 2018 and of 2019 and later; of SWOW-ZH
(Li et al. 2024, cleaning code), raw and cleaned."""
_TOKENS = frozenset(token.casefold() for token in MISSING if token != "NA")
"""Their normal forms; but NA counts only as it stands, since "na" and "Na" are words."""
REASONS = ("missing token", "over-long", "symbols only")
"""Why an entry is no response, in this order."""
LATIN = "no Han character"
"""Noted of responses in Mandarin data: English and numbers, kept as they are."""
_PLAIN = r"^[a-z0-9]+(?:[ '-][a-z0-9]+){0,4}$"
_ASCII = r"^[ -+\-.-:<-_a-~]*$"
"""Printable ASCII without what takes an entry apart (, ;) or is rewritten inside it (`)."""


class Pieces(NamedTuple):
    """What became of each distinct entry.

    Attributes:
        first: Of each code, the place of its first piece; one more at the end. Shape (codes + 1,).
        normal: Of each piece, its number in ``words``. Shape (pieces,).
        why: Of each piece, 0 if it is a response, else 1 + the place in :data:`REASONS`.
        kinds: Of each piece, a bit for each of :data:`KINDS`, and a last one for :data:`LATIN`.
        words: Distinct normal forms.
    """

    first: np.ndarray
    normal: np.ndarray
    why: np.ndarray
    kinds: np.ndarray
    words: pl.Series


def encode(entries: pl.Series) -> tuple[np.ndarray, pl.Series]:
    """Number the distinct entries, text or categorical.

    Returns:
        The number of each entry, and the entries, as text, in order of their numbers.
    """
    if not isinstance(entries.dtype, pl.Categorical):
        entries = entries.cast(pl.Categorical(pl.Categories.random()))
    given = entries.to_physical().to_numpy()
    place = np.full(int(given.max(initial=0)) + 1, -1)
    place[given[::-1]] = np.arange(len(given))[::-1]  # the first occurrence is written last
    used = place >= 0
    number = (np.cumsum(used) - 1).astype(np.uint32)
    return number[given], entries.gather(place[used]).cast(pl.String)


def take_apart(entries: pl.Series, rules: Mapping[str, bool], *, whole: bool = False) -> Pieces:
    """Split, judge and normalize distinct entries.

    Args:
        entries: Distinct entries, as they stand in the file.
        rules: Of :func:`culturalign.normalize.normalize`.
        whole: Do not split, nor judge anything but missing: for cues.
    """
    slow = rules.get("american_spelling") or rules.get("simplify_chinese")
    easy, words, bits = _easy(entries) if not slow else _none_easy(entries)
    hard = (~easy).arg_true()
    found = [_judge(entry, rules, whole) for entry in entries.gather(hard)]
    counts = np.ones(len(entries), dtype=np.int64)
    counts[hard.to_numpy()] = [len(parts) for parts in found]
    first = np.concatenate([[0], np.cumsum(counts)])
    of_hard = np.repeat(~easy.to_numpy(), counts)
    entry = np.repeat(np.arange(len(entries), dtype=np.uint32), counts)
    texts = words.gather(entry).rename("word")
    parts = [part for of_entry in found for part in of_entry]
    if parts:
        texts = texts.scatter(np.flatnonzero(of_hard), [part[0] for part in parts])
    why, kinds = np.zeros(len(texts), np.uint8), bits[entry]
    why[of_hard], kinds[of_hard] = [p[1] for p in parts], [p[2] for p in parts]
    normal, words = encode(texts)
    return Pieces(first, normal, why, kinds, words)


def _easy(entries: pl.Series) -> tuple[pl.Series, pl.Series, np.ndarray]:
    """Which entries are a plain word but for case, spaces and edges; their forms and kinds.

    Most are plain as they stand, so the others alone take the steps.
    """
    plain = _is_plain(entries)
    places = (~plain).arg_true()
    nearly, bare, kinds = _nearly_plain(entries.gather(places))
    bits = np.zeros(len(entries), np.uint16)
    bits[places] = kinds
    words = entries.clone().scatter(places, bare)  # scatter writes in place
    return plain.scatter(places, nearly), words, bits


def _is_plain(words: pl.Series) -> pl.Series:
    short = words.str.len_chars() <= MAX_LENGTH
    return words.str.contains(_PLAIN) & short & ~words.is_in(list(_TOKENS))


def _nearly_plain(entries: pl.Series) -> tuple[pl.Series, pl.Series, np.ndarray]:
    """The same steps as :func:`culturalign.normalize.changes`, for all entries at once."""
    lower = entries.str.to_lowercase()
    spaced = lower.str.replace_all(r" +", " ").str.strip_chars(" ")
    bare = spaced.str.strip_chars(EDGES)
    easy = entries.str.contains(_ASCII) & _is_plain(bare) & (entries.str.strip_chars() != "NA")
    steps = {"upper case": (entries, lower), "white space": (lower, spaced)}
    steps["surrounding punctuation"] = (spaced, bare)
    bits = np.zeros(len(entries), np.uint16)
    for kind, (before, after) in steps.items():
        changed = (easy & (before != after)).to_numpy()
        bits |= changed.astype(np.uint16) << np.uint16(KINDS.index(kind))
    return easy, bare, bits


def _none_easy(entries: pl.Series) -> tuple[pl.Series, pl.Series, np.ndarray]:
    none = pl.repeat(False, len(entries), dtype=pl.Boolean, eager=True)
    return none, entries, np.zeros(len(entries), np.uint16)


def _judge(entry: str, rules: Mapping[str, bool], whole: bool) -> list[tuple[str, int, int]]:
    """Normal form, reason and kinds of each piece of an entry."""
    pieces = [entry] if whole else split_responses(entry) or [entry]
    return [_judge_piece(piece, rules, whole) for piece in pieces]


def _judge_piece(piece: str, rules: Mapping[str, bool], whole: bool) -> tuple[str, int, int]:
    word, kinds = changes(
        piece,
        simplify_chinese=rules.get("simplify_chinese", False),
        merge_erhua=rules.get("merge_erhua", False),
        american_spelling=rules.get("american_spelling", False),
    )
    if piece.strip() == "NA" or word in _TOKENS:
        return "", 1, 0
    bits = sum(1 << KINDS.index(kind) for kind in kinds)
    if rules.get("simplify_chinese") and not any("\u3400" <= c <= "\u9fff" for c in word):
        bits |= 1 << len(KINDS)
    if whole:
        return word, 0, bits
    return word, 2 if is_prose(word) else 0 if is_word(word) else 3, bits


def count_kinds(kinds: np.ndarray) -> dict[str, int]:
    """How many words took each kind of change; kinds that none took are left out."""
    names = (*KINDS, LATIN)
    counts = {name: int((kinds >> bit & 1).sum()) for bit, name in enumerate(names)}
    return {name: count for name, count in counts.items() if count}
