"""From trials to clean responses, with an account of everything on the way."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from culturalign.data.normalize import (
    EDGES,
    KINDS,
    MAX_LENGTH,
    changes,
    is_prose,
    is_word,
    split_responses,
)
from culturalign.files.ledger import Account, sample_rows

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


NAMELESS = ("", "NA")
"""No participant, but a missing value; NA is R's."""
SPLIT = "several responses in a cell"
MOST_PIECES = 32
"""Pieces of a trial up to which comparing them pairwise is faster than looking them up."""


class Cleaned(NamedTuple):
    """Clean responses and what happened to the others.

    Attributes:
        responses: ``cue, response, position`` (1-3), ``participant``, in the order of the file;
            words and participants are categorical, so that counting needs no second look at text.
        accounts: Of trials and of responses.
        dropped: A sample for each reason: :data:`culturalign.ledger.SAMPLE_SCHEMA`.
    """

    responses: pl.DataFrame
    accounts: list[Account]
    dropped: pl.DataFrame


def clean_responses(trials: pl.DataFrame, **rules: bool) -> Cleaned:
    """Turn trials into normalized responses, one a row.

    A second trial of one participant on one cue is dropped. Several responses in one cell are
    taken apart. Entries that are not words, that are too long or symbols only, a response that
    repeats the cue, and one given twice in a trial are dropped.

    Args:
        trials: ``participant, cue, R1, R2, R3``, text or categorical, of the respondents to
            keep; with ``row``, the row in the file, if it is to be named in the sample.
        rules: Of :func:`culturalign.normalize.normalize`.
    """
    if "row" not in trials.columns:
        trials = trials.with_row_index("row", offset=1)
    cue_codes, cue_entries = encode(trials["cue"])
    cues = take_apart(cue_entries, rules, whole=True)
    named = cues.normal[cue_codes]
    first, account, samples = _first_trials(trials, named, cues, cue_codes)
    table, of_responses, more = _clean(trials, first, named[first], cues.words, rules)
    return Cleaned(table, [account, of_responses], pl.concat([*samples, *more]))


def _first_trials(
    trials: pl.DataFrame, named: np.ndarray, cues: Pieces, codes: np.ndarray
) -> tuple[np.ndarray, Account, list[pl.DataFrame]]:
    """Places of the trials to keep: with a cue, and the first of a participant on it."""
    na = (cues.words.is_in(["", "na"])).to_numpy()[named] | (cues.why[codes] > 0)
    participant, people = encode(trials["participant"])
    # Without a participant there is no telling who answered, so no trial can be a repeat.
    nameless = people.str.strip_chars().is_in(NAMELESS).to_numpy()[participant]
    places = np.flatnonzero(~na).astype(np.uint32)
    key = participant[places].astype(np.uint64) << np.uint64(32) | named[places]
    is_first = pl.Series(key).is_first_distinct().to_numpy() | nameless[places]
    first, again = places[is_first], places[~is_first]
    account = Account(
        "trials",
        read=len(trials),
        kept=len(first),
        dropped={"no cue": int(na.sum()), "repeated trial": len(again)},
        noted={f"cue with {k}": n for k, n in count_kinds(cues.kinds[codes[first]]).items()},
    )
    cells = pl.col("R1", "R2", "R3").cast(pl.String)
    text = pl.concat_str(cells, separator=" | ").alias("text")
    samples = [
        sample_rows(trials[where.tolist()].with_columns(text), "trials", reason)
        for reason, where in (
            ("no cue", _some(np.flatnonzero(na))),
            ("repeated trial", _some(again)),
        )
    ]
    return first, account, samples


def _some(places: np.ndarray, most: int = 20_000) -> np.ndarray:
    """Thin out places, so that a sample is not drawn from a copy of half the file."""
    return places[:: max(1, len(places) // most)]


def _clean(
    trials: pl.DataFrame,
    first: np.ndarray,
    cue: np.ndarray,
    cues: pl.Series,
    rules: Mapping[str, bool],
) -> tuple[pl.DataFrame, Account, list[pl.DataFrame]]:
    """Responses of the trials at some places, whose normalized cues' numbers are given."""
    cells = len(first) * 3
    codes, entries = encode(pl.concat([trials[name].rename("raw") for name in ("R1", "R2", "R3")]))
    by_trial = codes.reshape(3, -1)[:, first].T.ravel()
    del codes
    pieces = take_apart(entries, rules)
    cell, piece = _pieces_of(pieces, by_trial)
    normal, why, kinds = pieces.normal[piece], pieces.why[piece], pieces.kinds[piece]
    del piece  # large, as are all arrays of the pieces
    trial = cell // 3
    why[(why == 0) & (normal == _same_numbers(cues, pieces.words)[cue][trial])] = len(REASONS) + 1
    why[_repeated(trial, normal, why == 0)] = len(REASONS) + 2
    reasons = [*REASONS, "repeats the cue", "repeated in the trial"]
    kept = why == 0
    dropped = {reason: int((why == n).sum()) for n, reason in enumerate(reasons, 1)}
    account = Account(
        "responses",
        read=cells,
        kept=int(kept.sum()),
        dropped=dropped,
        added={SPLIT: len(cell) - cells},
        noted=count_kinds(kinds[kept]),
    )
    samples = []
    for number, reason in enumerate(reasons, 1):
        where = _some(cell[why == number])
        rows = trials[first[where // 3].tolist()].select("row", "participant", "cue")
        text = entries.gather(by_trial[where]).alias("text")
        samples.append(sample_rows(rows.with_columns(text), "responses", reason))
    del why, kinds, by_trial
    position = (cell % 3 + 1).astype(np.int8)[kept]
    del cell
    trial, normal = trial[kept], normal[kept]
    kind = pl.Categorical(pl.Categories.random())
    table = pl.DataFrame(
        {
            "cue": cues.cast(kind).gather(cue[trial]),
            "response": pieces.words.cast(kind).gather(normal),
            "position": pl.Series(position),
            "participant": trials["participant"].cast(kind).gather(first[trial]),
        }
    )
    return table, account, samples


def _repeated(trial: np.ndarray, word: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Whether a valid piece has the word of an earlier valid piece of its trial.

    Pieces of a trial stand side by side, so each is held against those up to the longest trial's
    length before it; where a trial has a great many, words are looked up instead.
    """
    again = np.zeros(len(trial), dtype=bool)
    starts = np.flatnonzero(np.diff(trial, prepend=-1))
    longest = int(np.diff(starts, append=len(trial)).max(initial=0))
    if longest > MOST_PIECES:
        key = trial[valid].astype(np.uint64) << np.uint64(32) | word[valid]
        again[valid] = ~pl.Series(key).is_first_distinct().to_numpy()
        return again
    for lag in range(1, longest):
        alike = (trial[lag:] == trial[:-lag]) & (word[lag:] == word[:-lag])
        again[lag:] |= alike & valid[lag:] & valid[:-lag]
    return again


def _pieces_of(pieces: Pieces, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each piece, the place of its cell and its own place in the vocabulary."""
    starts = pieces.first[:-1].astype(np.int32)[codes]
    if pieces.first[-1] == len(pieces.first) - 1:  # one piece a cell, nearly always
        return np.arange(len(codes), dtype=np.int32), starts
    counts = np.diff(pieces.first).astype(np.int32)[codes]
    cell = np.repeat(np.arange(len(codes), dtype=np.int32), counts)
    piece = starts[cell]
    later = np.flatnonzero(cell[1:] == cell[:-1]) + 1  # few, so only they are counted on
    piece[later] += later - np.searchsorted(cell, cell[later])
    return cell, piece


def _same_numbers(cues: pl.Series, words: pl.Series) -> np.ndarray:
    """Of each cue, its number among the responses' words; one above all if it is none of them."""
    numbers = pl.DataFrame({"word": words}).with_row_index("number")
    found = pl.DataFrame({"word": cues}).join(numbers, on="word", how="left", maintain_order="left")
    return found["number"].fill_null(len(words)).to_numpy()
