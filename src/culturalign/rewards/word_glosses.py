"""Lines of the form ``Leash: to walk it`` or ``Objects: leash, bone``, also with a dash."""

import re
from collections.abc import Sequence
from statistics import mean, median

from culturalign.data.normalize import split_responses

_VALUE = re.compile(r"(?<=[^\W\d])\s*[:：=]\s*\d[\d.]*\s*%?\s*$")  # "leash: 0.4"
_PAIR = re.compile(
    r"(?P<mark>\s*(?:[^\w\s\"]\s+)?(?:\d{1,3}[.)]\s*)?)(?P<bold>\**)"
    r"(?P<word>(?!\d+\s*[:：])\w[^:：,，、;；*\"]{0,40}?)"
    r"\**(?:[:：]\**(?:(?<=：)|\s)|\s(?:[-–—]+|[-=]>)\s)\s*(?P<rest>\S.*)"
)
_BOLD = re.compile(
    r"(?P<mark>\s*(?:[^\w\s\"*]\s+|\*\s+)?(?:\d{1,3}[.)]\s*)?)(?P<sign>\*{1,2}|__)(?=[^\s*_])"
    r"(?P<word>[^*_:：]+)(?P=sign)(?P<rest>\s*[^*\s:：,，、;；–—-][^*]*|\s*)"
)
_DASH = re.compile(r"[:：]\s|\s[-–—]")
_APART = re.compile(r"\s+[\u4e00-\u9fff]")  # no word of Chinese has a space
_HAN = re.compile(r"[\u4e00-\u9fff]")


def unexplained(lines: Sequence[str]) -> list[str]:
    """Lines without what explains their words, or without their headings, if all are such.

    Entries of a heading are short and several; an explanation has more words. Where neither is
    clear, lines stay as they are. Numbers after all of the words, as ``leash: 0.4``, go.
    """
    lines = _bold_only(_unvalued(lines))
    pairs = [_PAIR.fullmatch(line) for line in lines if not _is_plain(line)]
    found = [pair for pair in pairs if pair]
    parts = [split_responses(pair["rest"]) for pair in found]
    if len(pairs) == len(found) == 1 and len(parts[0]) > 2 and not _DASH.search(found[0]["rest"]):
        return [found[0]["rest"]]  # "Dog - leash, bone, puppy"
    if len(found) < 2 or len(found) < len(pairs):
        return lines
    size = median(_size(part) for each in parts for part in each)
    if size < 2 and mean(map(len, parts)) >= 2:
        return [pair["rest"] for pair in found]
    if all(pair["bold"] for pair in found) or any(_size(p) >= 3 for each in parts for p in each):
        return [pair["mark"] + pair["word"] for pair in found]
    return lines


def _unvalued(lines: Sequence[str]) -> list[str]:
    """Lines without the number after each word; the words must differ."""
    said = [line for line in lines if not _is_plain(line)]
    pieces = [piece for line in said for piece in split_responses(line)]
    words = {_VALUE.sub("", piece) for piece in pieces if _VALUE.search(piece)}
    if len(words) < max(2, len(pieces)):
        return list(lines)
    return [", ".join(_VALUE.sub("", piece) for piece in split_responses(line)) for line in lines]


def _bold_only(lines: Sequence[str]) -> list[str]:
    """The bold words of lines or pieces that all begin with one, if more words follow most.

    One word that follows may belong to it: ``**ice** cream``.
    """
    said = [line for line in lines if not _is_plain(line)]
    for parts in (said, [piece for line in said for piece in split_responses(line)]):
        found = [_BOLD.fullmatch(part) for part in parts]
        rests = [each["rest"] for each in found if each and each["rest"].strip()]
        sizes = [_size(rest) + bool(_APART.match(rest)) for rest in rests]
        if all(found) and len(sizes) > 1 and 2 * len(sizes) > len(parts) and mean(sizes) >= 1.5:
            return [each["mark"] + each["word"] for each in found if each]
    return list(lines)


def _is_plain(line: str) -> bool:
    """Whether a line says nothing: it is empty, or announces the list."""
    return not line.strip() or line.rstrip(" *_").endswith((":", "："))


def _size(text: str) -> float:
    """Words; in Chinese, half the characters."""
    return max(len(text.split()), len(_HAN.findall(text)) / 2)
