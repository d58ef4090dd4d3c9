"""From a model's answer to a ranking.

A ranking is a run of numbered words: the numbers go from 1 up, or down to 1, without a gap. Words
are numbered as "Rank 1: word", "Platz 1: Wort", or "第1名：词", or by bare numbers. A list without
numbers is not a ranking, so candidates copied from the prompt do not count.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from culturalign.config.rank_words import RANK_WORDS
from culturalign.data.normalize import normalize

HAN_NUMBERS = "一二三四五六七八九十"
WRAP = "*_`~[]【】<>|#\"'“”‘’ \t"
"""May surround a word without being part of it, in addition to what the normalizer removes."""

_MARKUP = re.compile(r"[*`]+")
_CIRCLED = re.compile(r"[①-⑩]")
_NUMBER = rf"(?P<number>\d{{1,3}}|十?[{HAN_NUMBERS[:9]}]|十)"
_CHINESE = "|".join(RANK_WORDS["zh"])  # without spaces around
_ALPHABETIC = "|".join(
    sorted({w for name, words in RANK_WORDS.items() if name != "zh" for w in words}, reverse=True)
)
# "Rank 1:", "rank #1 (strongest) -", "排名1:", "第1名:", "第一:"
_WORDED = re.compile(
    rf"(?P<word>(?<![^\W\d_])(?:{_ALPHABETIC})|{_CHINESE})\s?(?:[#第]\s?)?"
    rf"{_NUMBER}\s?(?P<unit>[名位级等]?)"
    r"(?:\s?\([^()\n]{0,30}\))?\s?(?:[:.)=、|]|[-–—>]{1,2})",
    re.IGNORECASE,
)
_OPENING = r"^[\s\-•·>|#(\[_]{0,12}"
_LINE_START = re.compile(_OPENING + r"(?P<number>\d{1,3})_{0,2}\s?(?:[:.)\]=、|]|[-–—]\s)(?!\d)")
_LINE_WORDED = re.compile(
    _OPENING + rf"(?:(?:{_ALPHABETIC})\s|第){_NUMBER}[名位]?\s", re.IGNORECASE
)
_UNIT = re.compile(rf"^(?:{_ALPHABETIC})\s?[:–-]\s*(?=\S)", re.IGNORECASE)
"""After a number: "1. Platz: Wort"."""
_INLINE = r"(?:^|(?<=[\s,;:、(\[|#]))(?P<number>{numbers})\s?[:.)\]=、](?!\d)"
_GLOSS = re.compile(r"\s?(?:[(\[:;,=|。—–→]|\s-|->|\.\s)")

Normalizer = Callable[[str], str]
"""A culture's normalizer, the same as for human responses."""


@dataclass(frozen=True)
class Ranking:
    """The ranking of an answer.

    Attributes:
        words: Best first: candidates as they were given, other words normalized. Words ranked
            twice are kept twice. Empty if the answer has no ranking with any candidate.
        complete: Whether they include every candidate.
    """

    words: tuple[str, ...]
    complete: bool


def parse_ranking(
    text: str, candidates: Sequence[str], normalizer: Normalizer = normalize
) -> Ranking:
    """Find the ranking in an answer: the last one that names every candidate.

    If none does, the last of those that name the most. Never fails.

    Args:
        text: The raw answer, with or without reasoning before the ranking.
        candidates: Distinct words.
        normalizer: Words with one normal form are the same word.
    """
    known = _known(candidates, normalizer)
    best, most = Ranking((), complete=False), (1, 0)
    for number, (end, run) in enumerate(_runs(text)):
        words = tuple(_word(item, known, normalizer) for item in run)
        named = len({word for word in words if word in known.values()})
        complete = named == len(candidates)
        value = named, end if complete else number
        if value >= most:
            best, most = Ranking(words, complete), value
    return best


def _known(candidates: Sequence[str], normalizer: Normalizer) -> dict[str, str]:
    """Normal form -> candidate; the plainer one if two have the same form."""
    known: dict[str, str] = {}
    for form in (normalizer, normalize):
        known |= {form(_MARKUP.sub("", word)): word for word in candidates}
        known |= {form(word): word for word in candidates}
    return known


def _word(item: str, known: Mapping[str, str], normalizer: Normalizer) -> str:
    """The candidate that an item names, else the item, normalized."""
    bare = _UNIT.sub("", _WORDED.sub("", item, count=1)).strip(WRAP)  # "1. Rank 1: word"
    glossed = [_GLOSS.split(text, maxsplit=1)[0].strip(WRAP) for text in (item, bare)]
    for text in (item, bare, *glossed):
        for form in (normalize(text), normalizer(text)):
            if form in known:
                return known[form]
    return normalizer(bare)


def _runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """The end and the words, best first, of each run of numbers down to 1, or from 1 up.

    Runs down to 1 come first, since a list cut short at 2 and the 1 of the next one look like one.
    """
    numbered = [(place, *found) for place, found in enumerate(_numbered(text))]
    for run in [*list(_from_one(numbered[::-1]))[::-1], *_from_one(numbered)]:
        yield max(place for place, _ in run), [item for _, item in run]


def _from_one(numbered: Sequence[tuple[int, int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Places and words of each run of numbers from 1 up; none is empty."""
    run: list[tuple[int, str]] = []
    for place, number, item in numbered:
        if run and number != len(run) + 1:
            yield run
            run = []
        if number == len(run) + 1:
            run.append((place, item))
    if run:
        yield run


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """Numbers and the words after them, as in the text."""
    for line in _plain(text).splitlines():
        bare = _LINE_START.match(line)
        marks = [] if bare else _worded_marks(line)
        marks = marks or list(_bare_marks(line))
        ends = [mark.start() for mark in marks[1:]] + [len(line)]
        for mark, end in zip(marks, ends, strict=False):
            if item := line[mark.end() : end].strip():
                yield _value(mark), item


def _worded_marks(line: str) -> list[re.Match[str]]:
    """Worded numbers of a line, all in the style of the first.

    Others are words, and so is one right after another: candidates such as "第一" look like it.
    """
    marks: list[re.Match[str]] = []
    for mark in _WORDED.finditer(line):
        if not marks or (
            _style(mark) == _style(marks[0]) and line[marks[-1].end() : mark.start()].strip()
        ):
            marks.append(mark)
    return marks


def _style(mark: re.Match[str]) -> tuple[str, bool, str]:
    """Style of a worded number: "第1名" and "第一" differ."""
    return mark["word"].casefold(), mark["number"].isdigit(), mark["unit"]


def _bare_marks(line: str) -> Iterator[re.Match[str]]:
    """Bare numbers of a line: the first opens it or is 1; each next one differs by 1, or is 1."""
    mark = _LINE_START.match(line) or _LINE_WORDED.match(line) or _inline(1).search(line)
    while mark:
        yield mark
        number = _value(mark)
        mark = _inline(number + 1, number - 1, 1).search(line, mark.end())


def _inline(*numbers: int) -> re.Pattern[str]:
    return re.compile(_INLINE.format(numbers="|".join(map(str, numbers))))


def _plain(text: str) -> str:
    """Half-width, without bold; circled numbers as digits."""
    text = _CIRCLED.sub(lambda found: f" {ord(found.group()) - ord('①') + 1}. ", text)
    return unicodedata.normalize("NFKC", _MARKUP.sub("", text))


def _value(mark: re.Match[str]) -> int:
    """The number of a mark, in digits or in Chinese."""
    text = mark["number"]
    return int(text) if text.isdigit() else sum(HAN_NUMBERS.index(digit) + 1 for digit in text)
