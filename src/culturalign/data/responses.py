"""From trials to clean responses, with an account of everything on the way."""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from culturalign.config.language_facts import PLATFORM
from culturalign.data.normalize import (
    ENTITIES,
    KINDS,
    changes,
    is_prose,
    is_word,
    normalize,
    split_responses,
)
from culturalign.files.entities import decoded
from culturalign.files.ledger import Account, sample_rows

MASKED = re.compile(r"[0-9a-f]{32}")
"""A response that SWOW-ZH masks: the digits of a checksum."""
REASONS = (
    *("missing token", "over-long", "symbols only"),
    *("repeats the cue", "repeated in the trial"),
)
"""Why an entry is not a response, in the order in which they are applied."""
RESPONSE, MISSED, OVERLONG, SYMBOLS, REPEATS_CUE, REPEATED = range(6)
"""What becomes of a piece: a response, or 1 + the place of the reason."""
LATIN = "no Han character"
"""Noted of responses in Mandarin data: English and numbers, kept as they are."""
NO_ENTRY = ("NA", "<NA>", "N/A", "#N/A", "NaN", "#NULL!", "\\N")
"""What programs write for nothing, in this case: R, pandas, Excel, SPSS, databases. ``null`` and
``nan`` may be words."""
NAMELESS = ("", "NA")
"""A missing participant; NA is R's."""
SPLIT = "several responses in a cell"
MOST_PIECES = 32
"""Pieces of a trial up to which they are compared pairwise."""


class Pieces(NamedTuple):
    """What became of each distinct entry.

    Attributes:
        first: The place of each entry's first piece; at the end their number. Shape (entries + 1,).
        normal: The number of each piece's normal form in ``words``. Shape (pieces,).
        verdict: ``RESPONSE``, or why the piece is not one. Shape (pieces,).
        kinds: A bit for each of :data:`KINDS`, and a last one for :data:`LATIN`. Shape (pieces,).
        words: Distinct normal forms.
    """

    first: np.ndarray
    normal: np.ndarray
    verdict: np.ndarray
    kinds: np.ndarray
    words: pl.Series


class Judged(NamedTuple):
    """The pieces of all cells.

    Attributes:
        pieces: Of the distinct entries.
        cell: The cell of each piece. Shape (pieces,), as the others.
        piece: Its place in ``pieces``.
        word: The number of its normal form in ``pieces.words``.
        verdict: ``RESPONSE``, or why it is not one.
    """

    pieces: Pieces
    cell: np.ndarray
    piece: np.ndarray
    word: np.ndarray
    verdict: np.ndarray


class Cleaned(NamedTuple):
    """Clean responses and what happened to the others.

    Attributes:
        responses: ``cue, response, position`` (1-3), ``participant``, in the order of the file;
            words and participants are categorical, so that they are counted by number.
        accounts: Accounts of trials and of responses.
        dropped: A sample for each reason: :data:`culturalign.files.ledger.SAMPLE_SCHEMA`.
    """

    responses: pl.DataFrame
    accounts: list[Account]
    dropped: pl.DataFrame


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


def take_apart(
    entries: pl.Series,
    rules: Mapping[str, bool],
    missing: Collection[str] = PLATFORM,
    *,
    whole: bool = False,
) -> Pieces:
    """Split, classify and normalize distinct entries.

    Args:
        entries: Distinct entries, as they stand in the file.
        rules: As for :func:`culturalign.data.normalize.normalize`.
        missing: Entries that stand for no response, in any case.
        whole: Do not split, and look for nothing but missing tokens: for cues.
    """
    tokens = {normalize(token, **rules) for token in missing} | {"", "."}  # Stata writes a point
    pieces, counts = [], [0]
    for entry in entries:
        parts = [entry] if whole else split_responses(entry) or [entry]
        known = 0 if whole or decoded(entry) == entry else 1 << KINDS.index(ENTITIES)
        for word, verdict, bits in (_classify(part, rules, tokens, whole) for part in parts):
            pieces.append((word, verdict, bits | known))
        counts.append(len(parts))
    words, verdicts, kinds = zip(*pieces, strict=True) if pieces else ((), (), ())
    normal, distinct = encode(pl.Series("word", words, dtype=pl.String))
    first = np.cumsum(counts, dtype=np.int32)
    return Pieces(first, normal, np.array(verdicts, np.uint8), np.array(kinds, np.uint16), distinct)


def _classify(
    piece: str, rules: Mapping[str, bool], tokens: Collection[str], whole: bool
) -> tuple[str, int, int]:
    """Normal form, verdict and kinds of a piece."""
    word, kinds = changes(piece, **rules)
    if piece.strip() in NO_ENTRY or word in tokens or MASKED.fullmatch(word):
        return "", MISSED, 0
    bits = sum(1 << KINDS.index(kind) for kind in kinds)
    if rules.get("simplify_chinese") and not any("\u3400" <= c <= "\u9fff" for c in word):
        bits |= 1 << len(KINDS)
    if whole:
        return word, RESPONSE, bits
    return word, OVERLONG if is_prose(word) else RESPONSE if is_word(word) else SYMBOLS, bits


def count_kinds(kinds: np.ndarray, times: np.ndarray | int = 1) -> dict[str, int]:
    """How many words took each kind of change, each counted so many times; without zeros."""
    names = (*KINDS, LATIN)
    counts = {name: int(((kinds >> bit & 1) * times).sum()) for bit, name in enumerate(names)}
    return {name: count for name, count in counts.items() if count}


def clean_responses(
    trials: pl.DataFrame, missing: Collection[str] = PLATFORM, **rules: bool
) -> Cleaned:
    """Turn trials into normalized responses, one a row.

    A second trial of one participant on one cue is dropped. Several responses in one cell are
    taken apart. Entries that are not words, that are too long or symbols only, a response that
    repeats the cue, and one given twice in a trial are dropped.

    Args:
        trials: ``participant, cue, R1, R2, R3``, text or categorical, of the respondents to
            keep; with ``row``, the row in the file, if it is to be named in the sample.
        missing: Entries that stand for no response or an unknown cue, in any case.
        rules: As for :func:`culturalign.data.normalize.normalize`.
    """
    if "row" not in trials.columns:
        trials = trials.with_row_index("row", offset=1)
    codes, entries = encode(trials["cue"])
    cues = take_apart(entries, rules, missing, whole=True)
    first, of_trials, samples = _first_trials(trials, cues, codes)
    cue = cues.normal[codes[first]]
    table, of_responses, more = _clean(trials, first, cue, cues.words, rules, missing)
    return Cleaned(table, [of_trials, of_responses], pl.concat([*samples, *more]))


def _first_trials(
    trials: pl.DataFrame, cues: Pieces, codes: np.ndarray
) -> tuple[np.ndarray, Account, list[pl.DataFrame]]:
    """Places of the trials to keep: with a cue, and the first of a participant on it."""
    cue, lacking = cues.normal[codes], no_cue(cues)[codes]
    participant, people = encode(trials["participant"])
    # Without a participant there is no telling who answered, so no trial can be a repeat.
    nameless = people.str.strip_chars().is_in(NAMELESS).to_numpy()[participant]
    places = np.flatnonzero(~lacking).astype(np.uint32)
    is_first = _first_distinct(participant[places], cue[places]) | nameless[places]
    first, again = places[is_first], places[~is_first]
    dropped = {"no cue": np.flatnonzero(lacking), "repeated trial": again}
    account = Account(
        "trials",
        read=len(trials),
        kept=len(first),
        dropped={reason: len(where) for reason, where in dropped.items()},
        noted={f"cue with {k}": n for k, n in count_kinds(cues.kinds[codes[first]]).items()},
    )
    cells = pl.col("R1", "R2", "R3").cast(pl.String)
    text = pl.concat_str(cells, separator=" | ").alias("text")
    samples = [
        sample_rows(trials[_some(where).tolist()].with_columns(text), "trials", reason)
        for reason, where in dropped.items()
    ]
    return first, account, samples


def no_cue(cues: Pieces) -> np.ndarray:
    """Whether each distinct entry is no cue."""
    return cues.words.is_in(["", "na"]).to_numpy()[cues.normal] | (cues.verdict != RESPONSE)


def _first_distinct(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether each pair of numbers is the first of its kind."""
    key = one.astype(np.uint64) << np.uint64(32) | other
    return pl.Series(key).is_first_distinct().to_numpy()


def _some(places: np.ndarray, most: int = 20_000) -> np.ndarray:
    """Thin out places, so that a sample is not drawn from a copy of half the file."""
    return places[:: max(1, len(places) // most)]


def _clean(
    trials: pl.DataFrame,
    first: np.ndarray,
    cue: np.ndarray,
    cues: pl.Series,
    rules: Mapping[str, bool],
    missing: Collection[str],
) -> tuple[pl.DataFrame, Account, list[pl.DataFrame]]:
    """Responses of the trials at some places, whose normalized cues' numbers are given."""
    codes, entries = encode(pl.concat([trials[name].rename("raw") for name in ("R1", "R2", "R3")]))
    codes = codes.reshape(3, -1)[:, first].T.ravel()  # trial by trial
    pieces, cell, piece, word, verdict = judge(
        take_apart(entries, rules, missing), codes, cues, cue, cells=3
    )
    kept = np.flatnonzero(verdict == RESPONSE).astype(np.uint32)
    account = Account(
        "responses",
        read=len(codes),
        kept=len(kept),
        dropped={reason: int((verdict == n).sum()) for n, reason in enumerate(REASONS, 1)},
        added={SPLIT: len(cell) - len(codes)},
        noted=count_kinds(pieces.kinds[piece[kept]]),
    )
    samples = []
    for number, reason in enumerate(REASONS, 1):
        where = _some(cell[verdict == number])
        rows = trials[first[where // 3].tolist()].select("row", "participant", "cue")
        text = entries.gather(codes[where]).alias("text")
        samples.append(sample_rows(rows.with_columns(text), "responses", reason))
    kind = pl.Categorical(pl.Categories.random())
    table = pl.DataFrame(
        {
            "cue": cues.cast(kind).gather(cue[cell[kept] // 3]),
            "response": pieces.words.cast(kind).gather(word[kept]),
            "position": pl.Series((cell[kept] % 3 + 1).astype(np.int8)),
            "participant": trials["participant"].cast(kind).gather(first[cell[kept] // 3]),
        }
    )
    return table, account, samples


def judge(
    pieces: Pieces, codes: np.ndarray, cues: pl.Series, cue: np.ndarray, *, cells: int
) -> Judged:
    """Take cells apart, and tell which pieces are responses to the cue of their row.

    Of a word given twice in a row, the first is one.

    Args:
        pieces: Of the distinct entries.
        codes: The entry of each cell, row by row. Shape (rows * cells,).
        cues: Distinct normalized cues.
        cue: The number of each row's cue among them. Shape (rows,).
        cells: Cells of a row.
    """
    cell, piece = _pieces_of(pieces, codes)
    word, verdict = pieces.normal[piece], pieces.verdict[piece]
    same = _numbers_among(pieces.words, cues)[cue][cell // cells]
    verdict[(verdict == RESPONSE) & (word == same)] = REPEATS_CUE
    verdict[_repeated(cell // cells, word, verdict == RESPONSE)] = REPEATED
    return Judged(pieces, cell, piece, word, verdict)


def _repeated(trial: np.ndarray, word: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Whether a valid piece has the word of an earlier valid piece of its trial.

    Pieces of a trial are neighbors, so each is compared with those before it, which takes a third
    of the memory of looking words up; where a trial has a great many, they are looked up.
    """
    again = np.zeros(len(trial), dtype=bool)
    starts = np.flatnonzero(np.diff(trial, prepend=-1))
    longest = int(np.diff(starts, append=len(trial)).max(initial=0))
    if longest > MOST_PIECES:
        again[valid] = ~_first_distinct(trial[valid], word[valid])
        return again
    for lag in range(1, longest):
        alike = (trial[lag:] == trial[:-lag]) & (word[lag:] == word[:-lag])
        again[lag:] |= alike & valid[lag:] & valid[:-lag]
    return again


def _pieces_of(pieces: Pieces, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cell of each piece, and its place among the pieces; cells are given by their entries."""
    counts = np.diff(pieces.first)[codes]
    cell = np.repeat(np.arange(len(codes), dtype=np.int32), counts)
    before = np.cumsum(counts, dtype=np.int32) - counts
    return cell, (pieces.first[codes] - before)[cell] + np.arange(len(cell), dtype=np.int32)


def _numbers_among(words: pl.Series, cues: pl.Series) -> np.ndarray:
    """The number of each cue among the words; one above all if it is not one of them."""
    numbers = pl.DataFrame({"word": words}).with_row_index("number")
    found = pl.DataFrame({"word": cues}).join(numbers, on="word", how="left", maintain_order="left")
    return found["number"].fill_null(len(words)).to_numpy()
