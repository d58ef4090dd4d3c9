"""From a model's answer to a list of words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Any

from culturalign.data.normalize import is_prose, is_word, split_responses
from culturalign.rewards.answer_markup import plain_answer
from culturalign.rewards.list_numbering import numbered
from culturalign.rewards.word_glosses import unexplained

_MARKER = re.compile(r"\[[^\]\n,，、\"]{0,40}\]")  # section headings of the prompt, echoed
_HEADING = re.compile(r"^[^,，、;；\n]{0,80}[:：]\s*(?=\S|$)")  # "Here are the words:"
# "1." "1)" "(1)" "1、" before an item, and "-", "*", "•", "·" bullets
_NUMBER = re.compile(r"^\s*(?:[-*+–—]\s+|[•·]\s*|[(（]?\d{1,3}\s*[.)．）:：](?!\d)\s*)+")
_INLINE_NUMBER = re.compile(r"(?<=\S)\s+(?=[(（]?\d{1,3}[.)．）、](?!\d)\s*\S)")
_LISTED = re.compile(r"^(\s*\d{1,3})、(?=\s*\S)", re.MULTILINE)  # "1、word"
_LEAD = re.compile(r"^(\s*)[*_]{1,3}(\d{1,3}[.)．）])[*_]{0,3}")  # "**1.** word", "**1. word**"
_GLOSS = re.compile(r"^(\*\*[^*]+\*\*)\s*(?:[:：]|[-–—]\s).*$")
_BARE_NUMBER = re.compile(r"^\s*[(（]?\d{1,3}\s*[.)．）]\s*$")
_MARKED = re.compile(r"^\s*(?:[-*+–—•·]\s*|[(（]?\d{1,3}\s*[.)．）:：、](?!\d))\s*\S")
_EXPLAINED = re.compile(r"(?<=\S)(?:\s+[-–—]+\s|——).*$")  # "leash - to walk it"
# "leash (to walk it)", but not the number of an item
_BRACKETS = re.compile(r"(?<=[^\s,，、;；.])\s*[(（](?!\s*\d+\s*[)）])[^()（）\n]{0,80}[)）]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BOLD = re.compile(r"\s*\*\*(?!\d)[^*]+\*\*\W*")  # a heading between items
_TRANSLATED = re.compile(  # "leash / 狗链"
    r"(?<=[a-zA-Z])\s*[/／]\s*[\u4e00-\u9fff]+|(?<=[\u4e00-\u9fff])\s*[/／]\s*[a-zA-Z][a-zA-Z' -]*"
)
_COLUMNS = re.compile(r"(?<=\S) {3,}(?=\S)")
_SENTENCE = re.compile(r"(?<=\w{3})[.!?]\s+(?=[A-Z]\S*\s+\S+\s+\S).*$")  # "puppy. I hope it helps"
_EMPHASIS = re.compile(r"(?<!\*)\*\*(?!\*)")
_WRAP = "[]{}*_\"'`“”‘’「」《》 \t."


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


def parse_list(
    text: str,
    *,
    truncated: bool = False,
    joining: Sequence[str] = (),
    openings: Sequence[str] = (),
    closings: Sequence[str] = (),
    wishes: Sequence[str] = (),
) -> ParsedList:
    """Extract the items of a list.

    Understands commas of any script, enumeration commas, semicolons, new lines, numbering,
    bullets, quotes, bold, reasoning or a heading before the list, glosses after a dash, a colon,
    or in brackets, a joined last item, and markup
    (:func:`culturalign.rewards.answer_markup.plain_answer`). Never fails.

    Args:
        text: The raw answer.
        truncated: True if the answer was cut at the token limit: its last item may be half a
            word and is left out.
        joining: The language's words that join a last item to the one before: and, 和.
        openings: How a courteous answer begins that is not yet the list: sure, 好的.
        closings: How a list says that it could go on: etc., 等等.
        wishes: How a courtesy behind the last item begins: hope this, 希望对.
    """
    courtesy = _courtesy(tuple(openings))
    body = _MARKER.sub("\n", _BRACKETS.sub("", _TRANSLATED.sub("", numbered(plain_answer(text)))))
    body = _without_wishes(body, _courtesies(tuple(wishes)))
    lines = _listed(_INLINE_NUMBER.sub("\n", body))
    lines = [_LISTED.sub(r"\1. ", _without_heading(line, courtesy)) for line in lines]
    lines = [_COLUMNS.sub(", ", line) for line in lines]
    written = [piece for line in lines for piece in _parted(split_responses(line), (*joining, "&"))]
    pieces = [piece for piece in map(_bare, written) if piece]
    if truncated or (len(pieces) > 1 and pieces[-1].casefold() in closings):
        pieces = pieces[:-1]
    prose = tuple(piece for piece in pieces if is_prose(piece))
    return ParsedList(tuple(piece for piece in pieces if not is_prose(piece)), prose)


def _listed(body: str) -> list[str]:
    """Lines; if several are numbered or bulleted, without what is said before and after them.

    Lists of three and more words before them stay. Glosses after a dash go.
    """
    lines = body.splitlines()
    marked = [number for number, line in enumerate(lines) if _MARKED.match(line)]
    if len(marked) < 2:
        return unexplained(lines)
    before = [line for line in lines[: marked[0]] if len(split_responses(line)) > 2]
    after = takewhile(str.strip, lines[marked[-1] :])
    listed = unexplained([*lines[marked[0] : marked[-1]], *after])
    plain = [line for line in listed if not _BOLD.fullmatch(line)]
    bulleted = [line for line in plain if _MARKED.match(line) and not line.startswith("**")]
    return before + [_EXPLAINED.sub("", line) for line in (plain if len(bulleted) > 1 else listed)]


def _without_wishes(body: str, courtesies: re.Pattern[str]) -> str:
    """A list without a last paragraph or sentence such as "Hope this helps!"."""
    listed, _, last = body.rstrip().rpartition("\n\n")
    wish = last.endswith(("!", "！", "?", "？")) and len(split_responses(last)) == 1
    body = listed if wish and len(split_responses(listed)) > 1 else body
    found = courtesies.search(body)
    if not found or len(split_responses(_INLINE_NUMBER.sub("\n", body[: found.start()]))) < 2:
        return body
    return body[: found.start()]


@cache
def _courtesies(wishes: tuple[str, ...]) -> re.Pattern[str]:
    """What stands behind the last item: a sentence, a line, or a clause that ends in "!".

    A line or a clause has several words, for a short one may be an item.
    """
    begun = "|".join(re.escape(word) + ("" if _HAN.match(word[-1]) else r"\b") for word in wishes)
    begun = rf"[¡¿*_\"(]*(?:{begun or '(?!)'})"
    several = r"(?=[^\n]*(?:\S\s+\S+\s+\S|[\u4e00-\u9fff]{4}))"
    return re.compile(
        rf"(?:(?<=[^\W\d])[*_\"”]*[.!?…。！？]+[*_\"”]*(?:\s+|(?<=[…。！？])){begun}[^\n]*"
        rf"|\n[^\S\n]*{several}{begun}[^\n]*"
        rf"|[,，;；]\s*{several}{begun}[^\n]*[!！])\s*(?:\n(?!\s*(?:[-*•]|\d+[.)]))[^\n]*\s*)?$",
        re.IGNORECASE,
    )


def _parted(pieces: Sequence[str], joining: Sequence[str]) -> Iterator[str]:
    """Pieces of a line, the last of several without the word that joins it to the others."""
    yield from pieces[:-1]
    for piece in pieces[-1:]:
        yield from _joined(piece, joining) if len(pieces) > 1 else [piece]


def _joined(piece: str, joining: Sequence[str]) -> list[str]:
    """ "and puppy" as puppy, "bone and puppy" as bone and puppy, 骨头和小狗 as 骨头 and 小狗."""
    for word in joining:
        han = _HAN.match(word)  # written without spaces
        side, space = (r"[\u4e00-\u9fff]{2,}", "") if han else (r"\S.*", r"\s+")
        pattern = rf"\s*(?:({side}){space})?{word}{space}({side})\s*"
        if found := re.fullmatch(pattern, piece, re.IGNORECASE):
            if _HAN.fullmatch(word) and not found[1]:  # a part of a word: 和平
                continue
            return [part for part in found.groups() if part]
    return [piece]


@cache
def _courtesy(openings: tuple[str, ...]) -> re.Pattern[str]:
    """ "Sure, here are the words:", which has a comma but begins like an answer; "Sure!"."""
    begun = [re.escape(word) + ("" if _HAN.match(word[-1]) else r"\b") for word in openings]
    return re.compile(
        rf"^\W*(?:{'|'.join(begun) or '(?!)'})"
        r"(?:[^:：\n]{0,160}[:：]\s*(?=\S|$)|[!！]\s*(?=\S))",
        re.I,
    )


def _without_heading(line: str, courtesy: re.Pattern[str]) -> str:
    """Drop "Here are some words:" and "Words: hot, red" but keep "1: fire" and "fire: hot"."""
    if line.rstrip(" *_").endswith((":", "：")):
        return ""
    polite, heading, mark = (p.match(line) for p in (courtesy, _HEADING, _NUMBER))
    if polite and not mark:
        return line[polite.end() :]
    text = heading.group() if heading else ""
    long = len(_HAN.findall(text)) > 4 or len(text.split()) > 2
    several = len(split_responses(line[len(text) :])) > 1
    return line[len(text) :] if (long or several) and not mark else line


def _bare(piece: str) -> str:
    if _BARE_NUMBER.match(piece):
        return ""
    piece = _NUMBER.sub("", _LEAD.sub(r"\1\2 ", piece))
    piece = _SENTENCE.sub("", _EXPLAINED.sub("", _GLOSS.sub(r"\1", piece)))
    piece = _EMPHASIS.sub("", piece).strip(_WRAP)
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


def read_answer(
    sample: Mapping[str, Any], normalize: Callable[[str], str], **forms: Sequence[str]
) -> dict[str, Any]:
    """Turn a generated sample into a normalized list.

    Args:
        sample: With ``cue``, ``text`` and ``truncated``.
        normalize: The culture's normalizer.
        forms: ``joining``, ``openings``, ``closings``, ``wishes`` of the language; see
            :func:`parse_list`.

    Returns:
        ``cue``; ``words``, distinct and normalized, even of an unparsable answer; ``parsable``;
        ``truncated``, as in the sample; ``n_items`` as written; ``n_prose``, pieces that are not
        items.
    """
    parsed = parse_list(sample["text"], truncated=sample["truncated"], **forms)
    return {
        "cue": sample["cue"],
        "words": distinct_responses(parsed.items, sample["cue"], normalize),
        "parsable": parsed.parsable,
        "truncated": sample["truncated"],
        "n_items": len(parsed.items),
        "n_prose": len(parsed.prose),
    }
