"""The demo world: a synthetic lexicon, answered by simulated respondents.

Writes files in the official SWOW formats, with the faults real files have, so that the same
reading code serves demo and real data. Nothing here is human data.
"""

import csv
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culturalign.data.normalize import normalize
from culturalign.files.yaml_file import read_plain

Weights = dict[str, int]


@dataclass(frozen=True)
class Entry:
    """One cue of the lexicon, as one culture sees it.

    Attributes:
        domain: Semantic domain.
        cue: The cue word.
        weights: Associate -> weight; the chance of a response is proportional to it.
        planted: The associates shared by all cues of the domain in this culture only.
        elsewhere: The same cue for a respondent of another culture: nothing culture-specific.
    """

    domain: str
    cue: str
    weights: Weights
    planted: tuple[str, ...]
    elsewhere: Weights


@dataclass(frozen=True)
class Group:
    """Respondents of one country and native language, ``per_cue`` of them for each cue."""

    country: str
    native_language: str
    per_cue: int
    local: bool


GROUPS = {
    "us": (
        Group("United States", "United States", 48, local=True),
        Group("United Kingdom", "United Kingdom", 8, local=False),
        Group("Canada", "Canada", 5, local=False),
        Group("United States", "Spanish", 3, local=False),
    ),
    "cn": (Group("China", "PUTON", 48, local=True),),
}
LANGUAGE_COLUMN = {"us": 0, "cn": 1}
CUES_PER_RESPONDENT = 14
HEADERS = {
    "us": ["", "id", "participantID", "age", "gender", "nativeLanguage", "country", "education",
           "created_at", "cue", "R1Raw", "R2Raw", "R3Raw", "R1", "R2", "R3"],
    "cn": ["SequenceNumber", "TrialsID", "ParticipantID", "Created_at", "Age", "NativeLanguage",
           "Gender", "Education", "City", "Country", "Section", "Cue", "R1Raw", "R2Raw", "R3Raw",
           "R1", "R2", "R3"],
}  # fmt: skip
SKIP = ("No more responses", "#Missing", "")
UNKNOWN = ("Unknown word", "#Unknown")
TOKENS = {*SKIP, *UNKNOWN}
"""Missing tokens."""


def write_world(files: Sequence[Path], culture: str, swow: Path, planted: Path, seed: int) -> None:
    """Write a culture's SWOW file and its planted associates."""
    entries = read_lexicon(files, culture)
    trials = simulate_trials(entries, GROUPS[culture], seed=seed)
    write_swow(add_typing_noise(trials, culture, seed=seed), culture, swow)
    write_planted(entries, planted)


def read_lexicon(files: Sequence[Path], culture: str) -> list[Entry]:
    """Read the lexicon as one culture sees it.

    Args:
        files: One YAML file a domain; ``common``, ``us`` and ``cn`` hold for all its cues.
        culture: ``us`` or ``cn``.

    Returns:
        An entry a cue, ordered by domain and cue.
    """
    entries = []
    for path in files:
        domain = read_plain(path)
        entries += [_entry(domain, cue, culture) for cue in domain["cues"]]
    return sorted(entries, key=lambda entry: (entry.domain, entry.cue))


def _entry(domain: Mapping[str, Any], cue: Mapping[str, Any], culture: str) -> Entry:
    column = LANGUAGE_COLUMN[culture]
    both = {pair[column]: pair[2] for pair in [*cue["both"], *domain["common"]]}
    local = dict([*domain[culture], *cue.get(culture, [])])
    planted = tuple(word for word, _ in domain[culture])
    return Entry(domain["domain"], cue["cue"][column], both | local, planted, both)


def simulate_trials(
    entries: Sequence[Entry], groups: Sequence[Group], *, seed: int
) -> Iterator[dict[str, str]]:
    """Let simulated respondents answer.

    Each respondent answers up to 14 different cues with three different responses. Some
    responses are missing, unknown, off topic or untidily typed, and some trials are sent twice.

    Yields:
        ``participant, country, native_language, cue, R1, R2, R3``.
    """
    rng = random.Random(seed)
    everything = [word for entry in entries for word in entry.weights]
    participant = 1000
    for group in groups:
        for _ in range(group.per_cue):
            shuffled = rng.sample(entries, len(entries))
            for start in range(0, len(shuffled), CUES_PER_RESPONDENT):
                participant += 1
                for entry in shuffled[start : start + CUES_PER_RESPONDENT]:
                    trial = _trial(entry, group, participant, everything, rng)
                    yield from [trial] * (2 if rng.random() < 0.004 else 1)


def _trial(
    entry: Entry, group: Group, participant: int, everything: Sequence[str], rng: random.Random
) -> dict[str, str]:
    weights = entry.weights if group.local else entry.elsewhere
    words = draw_without_replacement(weights, 3, rng)
    words = [rng.choice(everything) if rng.random() < 0.03 else word for word in words]
    words = [_typed(word, rng) for word in words]
    if rng.random() < 0.015:
        words = [rng.choice(UNKNOWN)] * 3
    for place, chance in ((2, 0.10), (1, 0.04)):
        if rng.random() < chance:
            words[place:] = [rng.choice(SKIP)] * (3 - place)
    return {
        "participant": str(participant),
        "country": group.country,
        "native_language": group.native_language,
        "cue": entry.cue,
        **dict(zip(("R1", "R2", "R3"), words, strict=True)),
    }


def draw_without_replacement(weights: Weights, n: int, rng: random.Random) -> list[str]:
    """Draw n different words, each with chance proportional to its weight.

    Efraimidis and Spirakis (2006): the n largest of u^(1/w), u uniform in (0, 1).
    """
    keys = {word: rng.random() ** (1 / weight) for word, weight in weights.items()}
    return sorted(keys, key=keys.__getitem__, reverse=True)[:n]


def _typed(word: str, rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.02:
        return f" {word} "
    if chance < 0.04:
        return word.upper()
    return word.capitalize() if chance < 0.06 else word


def write_swow(trials: Iterable[Mapping[str, str]], culture: str, path: Path) -> None:
    """Write trials in the official format of a culture's file, one trial a row."""
    header = HEADERS[culture]
    rows = (_official(trial, str(number)) for number, trial in enumerate(trials, start=1))
    _write(path, header, ([row.get(column.lower(), "") for column in header] for row in rows))


def _official(trial: Mapping[str, str], number: str) -> dict[str, str]:
    words = {f"{r}{raw}": trial[r.upper()] for r in ("r1", "r2", "r3") for raw in ("", "raw")}
    numbers = dict.fromkeys(("", "id", "sequencenumber", "trialsid"), number)
    others = {"age": "30", "education": "4", "section": "demo"}
    return (
        words
        | numbers
        | others
        | {
            "participantid": trial["participant"],
            "nativelanguage": trial["native_language"],
            "country": trial["country"],
            "cue": trial["cue"],
            "created_at": "2026-01-01 12:00:00",
        }
    )


def write_planted(entries: Sequence[Entry], path: Path) -> None:
    """Write the planted associates: ``domain, cue, response``."""
    rows = ([entry.domain, entry.cue, word] for entry in entries for word in entry.planted)
    _write(path, ["domain", "cue", "response"], rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


JUNK = (
    "???",
    "…",
    "!!",
    "I really do not know what to say here",
    "我真的不知道应该在这里写些什么才好",
)
"""No responses: symbols and prose, in place of a missing token."""
TRADITIONAL = str.maketrans(
    "爱学国会动习书车长风马鸟鱼门问间开关东乐头饭钱银红绿蓝语说话读写电脑医药师妈爷亲节庆",
    "愛學國會動習書車長風馬鳥魚門問間開關東樂頭飯錢銀紅綠藍語說話讀寫電腦醫藥師媽爺親節慶",
)
SHAPES = {
    "us": (" {} ", "“{}”", "{}.", "{}\u200b"),
    "cn": ("{}。", "-{}", "{}儿", "（{}）", "traditional"),
}


def add_typing_noise(
    trials: Iterable[Mapping[str, str]], culture: str, *, seed: int
) -> Iterator[dict[str, str]]:
    """Type some responses untidily, put two into one cell, write junk for some missing ones.

    Args:
        trials: From :func:`simulate_trials`.
        culture: ``us`` or ``cn``.
        seed: For the dirt only.
    """
    rng = random.Random(seed)
    mandarin = culture == "cn"
    for trial in trials:
        found = dict(trial)
        for place in ("R1", "R2", "R3"):
            if rng.random() < 0.02:
                found[place] = _shaped(found[place], rng.choice(SHAPES[culture]), mandarin)
        if found["R3"] in TOKENS and rng.random() < 0.03:
            found["R3"] = rng.choice(JUNK)
        elif rng.random() < 0.005 and not {found["R2"], found["R3"]} & TOKENS:
            found["R2"] = ("、" if mandarin else ", ").join((found["R2"], found["R3"]))
            found["R3"] = "No more responses"
        yield found


def _shaped(word: str, shape: str, mandarin: bool) -> str:
    """A word in another shape, if it is the same word after normalizing."""
    if word in TOKENS:
        return word
    rules = {"simplify_chinese": mandarin, "merge_erhua": mandarin}
    other = word.translate(TRADITIONAL) if shape == "traditional" else shape.format(word)
    return other if normalize(other, **rules) == normalize(word, **rules) else word
