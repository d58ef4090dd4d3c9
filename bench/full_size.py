"""Files of the official size, made in seconds from a seed: SWOW-EN and WVS. No licensed content.

Words are invented syllables, so that nothing of a licensed file is in them; the sizes, the header,
the share of Americans and the long tail of responses are those of the real files.
"""

from pathlib import Path

import numpy as np
import polars as pl

TRIALS, CUES, PARTICIPANTS = 1_400_000, 12_282, 90_701
"""SWOW-EN: 4,163,001 responses before cleaning are some 1.4 million trials of three."""
TYPES, ASSOCIATES = 180_000, 400
RESPONDENTS, QUESTIONS = 97_000, 290
COUNTRIES = ("United States", "United Kingdom", "Canada", "Australia", "India", "Ireland")
SHARES = (0.5, 0.2, 0.1, 0.1, 0.06, 0.04)
TOKENS = ("No more responses", "Unknown word", "#Missing", "#Unknown", "NA", "")
SURVEYED = {"USA": (840, 2_596), "CHN": (156, 3_036)}
"""Country -> its number and its respondents, as in wave 7; the others share the rest."""
OTHERS = {"JPN": 392, "DEU": 276, "BRA": 76, "MEX": 484, "IND": 356, "EGY": 818, "NGA": 566}


def write_swow(path: Path, *, share: float = 1.0, seed: int = 0) -> None:
    """Write a file in the format of SWOW-EN.complete.

    Responses to a cue fall off like 1/rank over its own associates, as in real norms; a tenth
    comes from anywhere. Some are missing, in upper case, repeated, or hold several words.

    Args:
        path: Where.
        share: Share of the trials; cues and participants stay.
        seed: Equal seeds give equal files.
    """
    rng = np.random.default_rng(seed)
    rows = int(TRIALS * share)
    words = _words(rng, TYPES + CUES)
    cue = rng.integers(0, CUES, rows)
    who = rng.integers(0, PARTICIPANTS, rows)
    places = {name: _responses(rng, cue, words) for name in ("R1", "R2", "R3")}
    nation = rng.choice(len(COUNTRIES), PARTICIPANTS, p=SHARES)
    tongue = np.where(rng.random(PARTICIPANTS) < 0.95, nation, 0)
    number = np.arange(1, rows + 1)
    labels = pl.Series(COUNTRIES)
    pl.DataFrame(
        {
            "": number,
            "id": number,
            "participantID": who + 100_000,
            "age": (who % 60) + 16,
            "gender": pl.Series(["Fe", "Ma"])[who % 2],
            "nativeLanguage": labels[tongue[who]],
            "country": labels[nation[who]],
            "education": (who % 5) + 1,
            "created_at": pl.Series([f"2015-0{m}-11 12:00:00" for m in range(1, 10)])[who % 9],
            "cue": pl.Series(words[TYPES:])[cue],
            **{f"{name}Raw": series for name, series in places.items()},
            **places,
        }
    ).write_csv(path, quote_style="non_numeric")


def _words(rng: np.random.Generator, count: int) -> list[str]:
    """Different invented words; one in eight has two parts."""
    consonants = "b ch d f g h k l m n p r s st t tr v w z"
    parts = [a + b for a in consonants.split() for b in ("a", "ai", "e", "ee", "i", "o", "oo", "u")]
    picked = rng.integers(0, len(parts), (count, 4))
    lengths = rng.integers(2, 5, count)
    two = rng.random(count) < 0.125
    found: dict[str, None] = {}
    for index in range(count):
        chosen = [parts[part] for part in picked[index, : lengths[index]]]
        word = "".join(chosen)
        if two[index]:
            word = f"{word} {chosen[0]}"
        while word in found:
            word += parts[(len(found) * 7 + len(word)) % len(parts)]
        found[word] = None
    return list(found)


def _responses(rng: np.random.Generator, cue: np.ndarray, words: list[str]) -> pl.Series:
    rows = len(cue)
    weight = 1 / np.arange(1, ASSOCIATES + 1)
    rank = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(rows))
    # an associate's own place in the vocabulary falls off too: some words answer many cues
    mixed = ((cue.astype(np.uint64) * 2654435761 + rank * 40503) % 1_000_003) / 1_000_003
    place = (TYPES * mixed**2.5).astype(np.int64)
    anywhere = rng.random(rows) < 0.1
    place[anywhere] = rng.integers(0, TYPES, anywhere.sum())
    dirt = rng.random(rows)
    series = pl.Series(words[:TYPES])[place]
    token = pl.Series(TOKENS)[rng.integers(0, len(TOKENS), rows)]
    return pl.select(
        pl.when(pl.lit(pl.Series(dirt < 0.08)))
        .then(token)
        .when(pl.lit(pl.Series((dirt > 0.08) & (dirt < 0.10))))
        .then(series.str.to_uppercase())
        .when(pl.lit(pl.Series((dirt > 0.10) & (dirt < 0.11))))
        .then(" " + series + ".")
        .when(pl.lit(pl.Series((dirt > 0.11) & (dirt < 0.112))))
        .then(series + ", " + series.shift(1, fill_value="cat"))
        .otherwise(series)
    ).to_series()


def write_wvs(path: Path, *, share: float = 1.0, seed: int = 0) -> None:
    """Write a file in the format of the official wave-7 csv: nine countries, 290 questions."""
    rng = np.random.default_rng(seed)
    rows = int(RESPONDENTS * share)
    rest = (RESPONDENTS - sum(n for _, n in SURVEYED.values())) / len(OTHERS)
    sizes = np.array([*(n for _, n in SURVEYED.values()), *[rest] * len(OTHERS)])
    nation = rng.choice(len(sizes), rows, p=sizes / sizes.sum())
    numbers = [*(number for number, _ in SURVEYED.values()), *OTHERS.values()]
    codes = pl.Series([*SURVEYED, *OTHERS])
    answers = {
        f"Q{number}": rng.integers(-2, 5 + number % 6, rows, dtype=np.int8)
        for number in range(1, QUESTIONS + 1)
    }
    pl.DataFrame(
        {
            "version": pl.repeat("6-0-0 (2024-04-30)", rows, eager=True),
            "doi": pl.repeat("doi.org/10.14281/18241.24", rows, eager=True),
            "A_WAVE": pl.repeat(7, rows, eager=True),
            "B_COUNTRY": pl.Series(numbers)[nation],
            "B_COUNTRY_ALPHA": codes[nation],
            "W_WEIGHT": rng.normal(1, 0.1, rows).round(8),
            **answers,
        }
    ).write_csv(path)
