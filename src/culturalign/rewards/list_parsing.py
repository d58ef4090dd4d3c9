"""From a model's answer to a list of words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from culturalign.data.normalize import is_prose, is_word, split_responses

_MARKER = re.compile(r"\[[^\]\n,，、\"]{0,40}\]")  # section headings of the prompt, echoed
_HEADING = re.compile(r"^[^,，、;；\n]{0,80}[:：]\s*(?=\S|$)")  # "Here are the words:"
# "Sure, here are the words:" has a comma, but begins like an answer and not like a list
_COURTESY = re.compile(
    r"^\W*(?:(?:sure|certainly|of course|ok|okay|yes|absolutely|here)\b"
    r"|好的|当然|可以|没问题|以下|下面|这里)"
    r"[^:：\n]{0,160}[:：]\s*(?=\S|$)",
    re.IGNORECASE,
)
# "1." "1)" "(1)" "1、" before an item, and "-", "*", "•", "·" bullets
_NUMBER = re.compile(r"^\s*(?:[-*–—]\s+|[•·]\s*|[(（]?\d{1,3}\s*[.)．）:：](?!\d)\s*)+")
_INLINE_NUMBER = re.compile(r"(?<=\S)\s+(?=[(（]?\d{1,3}[.)．）、](?!\d)\s*\S)")
_LISTED = re.compile(r"^(\s*\d{1,3})、(?=\s*\S)", re.MULTILINE)  # "1、word"
_LEAD = re.compile(r"^(\s*)[*_]{1,3}(\d{1,3}[.)．）])[*_]{0,3}")  # "**1.** word", "**1. word**"
_GLOSS = re.compile(r"^(\*\*[^*]+\*\*)\s*(?:[:：]|[-–—]\s).*$")
_BARE_NUMBER = re.compile(r"^\s*[(（]?\d{1,3}\s*[.)．）]\s*$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WRAP = "[]*_\"'`“”‘’「」《》 \t."


@dataclass(frozen=True)
class ParsedList:
    """Items of an answer, in order.

    Attributes:
        items: As written, without numbering, bullets and quotes, but with duplicates.
        prose: Pieces too long to be associations; they are not items.
    """

    items: tuple[str, ...]
    prose: tuple[str, ...]

    @property
    def parsable(self) -> bool:
        """Whether the answer is a list: at least two items, and more items than prose."""
        return len(self.items) >= 2 and len(self.items) > len(self.prose)


def parse_list(text: str, *, truncated: bool = False) -> ParsedList:
    """Extract the items of a list.

    Understands commas of both scripts, enumeration commas, semicolons, new lines, numbering,
    bullets, quotes, bold and a heading before the list. Never fails.

    Args:
        text: The raw answer.
        truncated: True if the answer was cut at the token limit: its last item may be half a
            word and is left out.
    """
    body = _MARKER.sub("\n", text)
    lines = [_INLINE_NUMBER.sub("\n", _without_heading(line)) for line in body.splitlines()]
    lines = [_LISTED.sub(r"\1. ", line) for line in lines]
    pieces = [_bare(piece) for line in lines for piece in split_responses(line)]
    pieces = [piece for piece in pieces if piece]
    if truncated:
        pieces = pieces[:-1]
    prose = tuple(piece for piece in pieces if is_prose(piece))
    return ParsedList(tuple(piece for piece in pieces if not is_prose(piece)), prose)


def _without_heading(line: str) -> str:
    """Drop "Here are some words:" but keep "1: fire" and the first word of "fire: hot"."""
    if line.rstrip(" *_").endswith((":", "：")):
        return ""
    courtesy, heading, numbered = (p.match(line) for p in (_COURTESY, _HEADING, _NUMBER))
    if courtesy and not numbered:
        return line[courtesy.end() :]
    text = heading.group() if heading else ""
    long = len(_HAN.findall(text)) > 4 or (len(text.split()) > 2 and not numbered)
    return line[len(text) :] if long else line


def _bare(piece: str) -> str:
    if _BARE_NUMBER.match(piece):
        return ""
    piece = _NUMBER.sub("", _LEAD.sub(r"\1\2 ", piece))
    piece = _GLOSS.sub(r"\1", piece).strip(_WRAP)
    return piece if is_word(piece) else ""


def distinct_responses(
    items: Sequence[str], cue: str, normalize: Callable[[str], str]
) -> list[str]:
    """Normalize items like human responses: duplicates count once, the cue not at all.

    Args:
        items: As from :func:`parse_list`.
        cue: Normalized cue.
        normalize: The culture's normalizer.

    Returns:
        Distinct normalized words, in order of first mention.
    """
    words = dict.fromkeys(normalize(item) for item in items)
    return [word for word in words if word and word != cue]


def read_answer(sample: Mapping[str, Any], normalize: Callable[[str], str]) -> dict[str, Any]:
    """Turn a generated sample into a normalized list.

    Args:
        sample: With ``cue``, ``text`` and ``truncated``.
        normalize: The culture's normalizer.

    Returns:
        ``cue``; ``words``, distinct and normalized, even of an unparsable answer; ``parsable``;
        ``truncated``, as in the sample; ``n_items`` as written; ``n_prose``, pieces that are not
        items.
    """
    parsed = parse_list(sample["text"], truncated=sample["truncated"])
    return {
        "cue": sample["cue"],
        "words": distinct_responses(parsed.items, sample["cue"], normalize),
        "parsable": parsed.parsable,
        "truncated": sample["truncated"],
        "n_items": len(parsed.items),
        "n_prose": len(parsed.prose),
    }
