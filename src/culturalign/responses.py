"""From trials to clean responses, with an account of everything on the way."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from culturalign.ledger import Account, sample_rows
from culturalign.vocabulary import REASONS, Pieces, count_kinds, encode, take_apart

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
