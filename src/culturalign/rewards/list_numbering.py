"""Numbers of a list in any style, written as ``1.``: letters, Roman, Chinese, circled, worded."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from culturalign.rewards.ranking_parsing import HAN_NUMBERS

_HAN = rf"[{HAN_NUMBERS}]{{1,2}}"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CIRCLED = re.compile(rf"[^\S\n]*([{_CIRCLES}])[^\S\n]*(?=[^\s{_CIRCLES}])")
_COUNTED = re.compile(rf"(?<![^\s，,；;。.])第({_HAN})[个名位]?[，,、：:]\s*(?=[^\s第])")
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
_ROMAN += [f"x{ones}" for ones in _ROMAN]


def _han(label: str) -> int:
    """十二 as 12; 0 for what is no number."""
    tens, ten, ones = label.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    count = HAN_NUMBERS.index(tens) + 1 if tens else int(bool(ten))
    return 10 * count + (HAN_NUMBERS.index(ones) + 1 if ones else 0)


def _roman(label: str) -> int:
    return _ROMAN.index(label.lower()) + 1 if label.lower() in _ROMAN else 0


def _letter(label: str) -> int:
    return ord(label.lower()) - ord("a") + 1


_STYLES: list[tuple[re.Pattern[str], Callable[[str], int]]] = [
    # "1 leash", "1 - leash", "#1 leash", "1st: leash", "Word 1: leash"
    (
        re.compile(
            r"\s*(?:第|[^\W\d_]{2,12}\s)?#?\s?(\d{1,3})[a-zº°ª名位个]{0,2}"
            r"(?:\s*[-–—:：.．)）、](?!\d)\s*|\s+)(?=\S)"
        ),
        int,
    ),
    (re.compile(r"\s*[(（]?([a-z])[.)）]\s*(?=\S)", re.IGNORECASE), _letter),
    (re.compile(r"\s*[(（]?([ivx]{1,5})[.)）]\s*(?=\S)", re.IGNORECASE), _roman),
    (re.compile(rf"\s*[(（]?第?({_HAN})[个名位]?\s*[、.．:：，,)）]\s*(?=\S)"), _han),
]
"""How a line may begin, its number as the group; and the value of that."""


def numbered(text: str) -> str:
    """A text with numbers of one style at the starts of lines as ``1.``, and ①, 第一 on lines.

    Only numbers that count from 1 are: a line may begin with 7 for another reason.
    """
    text = _CIRCLED.sub(lambda found: f"\n{_CIRCLES.index(found[1]) + 1}. ", text)
    if _count([_han(label) for label in _COUNTED.findall(text)]):
        text = _COUNTED.sub(lambda found: f"\n{_han(found[1])}. ", text)
    lines = text.splitlines()
    for style, value in _STYLES:
        marks = {place: mark for place, line in enumerate(lines) if (mark := style.match(line))}
        values = [value(mark[1]) for mark in marks.values()]
        if _count(values):
            for (place, mark), number in zip(marks.items(), values, strict=True):
                lines[place] = f"{number}. {lines[place][mark.end() :]}"
            break
    return "\n".join(lines)


def _count(values: Sequence[int]) -> bool:
    """Whether numbers go 1, 2, 3, and so on, perhaps again from 1."""
    steps = all(then in (1, before + 1) for before, then in pairwise(values))
    return values[:1] == [1] and 2 in values and steps
