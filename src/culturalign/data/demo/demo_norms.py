"""Norms of the demo world: synthetic ratings of its lexicon, in the formats of the real files."""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook

from culturalign.config.scales import SPANS, to_raw
from culturalign.files.yaml_file import read_plain

SCALES = {"valence": (-3, 3), "arousal": (0, 4), "concreteness": (5, 1)}
"""Nominal ends of the Mandarin norms (paper, appendix G), see ``spans.to_common``."""
SPREAD = {"valence": 0.8, "arousal": 0.7, "concreteness": 0.5}
"""Standard deviation of words around their domain's mean."""
GAPS = {"en": {"affect": 0.12, "concreteness": 0.05}, "zh": {"affect": 0.35, "concreteness": 0.05}}
"""Share of words that a norm lacks."""


class Rated(NamedTuple):
    """A word of one language with its ratings on the common spans."""

    word: str
    valence: float
    arousal: float
    concreteness: float


def write_norms(lexicon: Sequence[Path], means: Path, paths: Sequence[Path], *, seed: int) -> None:
    """Write the norms of affect and of concreteness, in English and then in Mandarin."""
    words = rate_lexicon([read_plain(file) for file in lexicon], read_plain(means), seed=seed)
    write_english(words["en"], *paths[:2], seed=seed)
    write_chinese(words["zh"], *paths[2:], seed=seed)


def rate_lexicon(
    domains: Sequence[Mapping[str, Any]], means: Mapping[str, Any], *, seed: int
) -> dict[str, list[Rated]]:
    """Rate every word of the lexicon; translations of each other have the same ratings.

    Args:
        domains: Files of the lexicon (``resources/demo/README.md``).
        means: ``domains`` and ``words`` of ``resources/demo/norms.yaml``.
        seed: Seed of the words' deviations from their domain.

    Returns:
        ``en`` and ``zh`` -> words, sorted.
    """
    found: dict[str, dict[str, Rated]] = {"en": {}, "zh": {}}
    for domain in sorted(domains, key=lambda entry: entry["domain"]):
        for concept, language, word in _concepts(domain):
            ratings = _ratings(concept, means["domains"][domain["domain"]], means["words"], seed)
            found[language].setdefault(word, Rated(word, *ratings))
    return {language: sorted(words.values()) for language, words in found.items()}


def _concepts(domain: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Concept, language and word of all entries of a domain; a pair's concept is its English."""
    pairs = [*domain["common"], *(cue["cue"] for cue in domain["cues"])]
    pairs += [pair for cue in domain["cues"] for pair in cue["both"]]
    for pair in pairs:
        yield pair[0], "en", pair[0]
        yield pair[0], "zh", pair[1]
    for key, language in (("us", "en"), ("cn", "zh")):
        local = [*domain[key], *(entry for cue in domain["cues"] for entry in cue.get(key, []))]
        for word, _ in local:
            yield word, language, word


def _ratings(
    concept: str, mean: Sequence[float], words: Mapping[str, Sequence[float]], seed: int
) -> list[float]:
    if concept in words:
        return list(words[concept])
    rng = random.Random(f"{seed}:{concept}")
    drawn = [rng.gauss(m, spread) for m, spread in zip(mean, SPREAD.values(), strict=True)]
    ends = [SPANS[attribute] for attribute in SPREAD]
    return [round(min(max(x, s.low), s.high), 2) for x, s in zip(drawn, ends, strict=True)]


def write_english(words: Sequence[Rated], affect: Path, concreteness: Path, *, seed: int) -> None:
    """Write csv and tab-separated text with the headers of Warriner and of Brysbaert.

    With what real files hold: words such as "null" and "nan", a word twice in other case, an
    entry without a number, and one outside the scale.
    """
    header = ["", "Word", "V.Mean.Sum", "V.SD.Sum", "A.Mean.Sum", "A.SD.Sum"]
    rows = [
        [w.word, f"{w.valence:.2f}", f"{w.arousal:.2f}"] for w in _kept(words, "en", "affect", seed)
    ]
    rows += [["null", "3.90", "3.50"], ["nan", "5.20", "3.60"], ["Friend", "5.00", "4.00"]]
    rows += [["unrated", "NA", "NA"], ["typo", "66.20", "4.00"]]
    numbered = [[str(n), w, v, "1.50", a, "2.20"] for n, (w, v, a) in enumerate(rows, 1)]
    _write(affect, [header, *numbered], ",")
    header = ["Word", "Bigram", "Conc.M", "Conc.SD", "Unknown", "Total"]
    kept = [[w.word, f"{w.concreteness:.2f}"] for w in _kept(words, "en", "concreteness", seed)]
    kept += [["null", "2.10"], ["nan", "2.60"], ["typo", "44.00"]]
    lines = [[w, str(int(" " in w)), c, "1.00", "0", "28"] for w, c in kept]
    _write(concreteness, [header, *lines], "\t")


def write_chinese(words: Sequence[Rated], affect: Path, concreteness: Path, *, seed: int) -> None:
    """Write csv and xlsx as for Xu, Li and Chen (-3 to 3, 0 to 4) and Xu and Li (1 is concrete).

    As in the latter, only words of two characters have a concreteness.
    """
    header = ["Word", "Valence_Mean", "Valence_SD", "Arousal_Mean", "Arousal_SD"]
    rows = [
        [w.word, f"{_raw('valence', w.valence):.3f}", "1.000"]
        + [f"{_raw('arousal', w.arousal):.3f}", "0.900"]
        for w in _kept(words, "zh", "affect", seed)
    ]
    _write(affect, [header, *rows], ",")
    book = Workbook()
    book.active.title = "norms"
    book.active.append(["Synthetic ratings: 1 is very concrete, 5 very abstract"])
    book.active.append(["Word", "Mean", "SD"])
    for w in _kept(words, "zh", "concreteness", seed):
        if len(w.word) == 2:
            book.active.append([w.word, round(_raw("concreteness", w.concreteness), 3), 1.0])
    book.save(concreteness)


def _raw(attribute: str, value: float) -> float:
    return to_raw(value, SCALES[attribute], SPANS[attribute])


def _kept(words: Sequence[Rated], language: str, norm: str, seed: int) -> list[Rated]:
    rng = random.Random(f"{seed}:{language}:{norm}")
    return [word for word in words if rng.random() >= GAPS[language][norm]]


def _write(path: Path, rows: Sequence[Sequence[str]], separator: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
