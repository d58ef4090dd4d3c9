"""An answer without what chat models put around words: thoughts, tags, fences, tables, pictures."""

import re
from collections.abc import Sequence

from culturalign.data.normalize import is_word
from culturalign.files.entities import decoded
from culturalign.rewards.json_lists import without_json

_NAMES = r"(?:\w+:)?(?:think|thinking|thoughts?|reasoning|reflection)"
_OPENED = rf"<{_NAMES}>|◁think▷|(?-i:\[THINK\])|<\|(?:begin_of_thought|start_thinking)\|>"
_CLOSED = rf"</{_NAMES}>|◁/think▷|(?-i:\[/THINK\])|<\|(?:end_of_thought|end_thinking)\|>"
_THOUGHTS = re.compile(
    rf"^.*(?:{_CLOSED}|<\|channel\|>final)|(?:{_OPENED}|<\|channel\|>analysis).*$",
    re.DOTALL | re.IGNORECASE,
)
"""Closed, cut off, or opened by the chat template."""
_TAG = re.compile(
    r"<\|(?:im_start|start|start_header_id)\|>[a-z]*|<\|[^|<>\n]{1,40}\|>|</?[a-zA-Z][^<>\n]{0,40}>"
)
_FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$", re.MULTILINE)
_LATEX = re.compile(r"\\[a-z]+\{([^{}]*)\}")
_KEY = re.compile(r"\d\ufe0f?\u20e3")  # a number drawn as a key
_PICTURES = re.compile(
    "(?:[\U0001f000-\U0001faff\u25a0-\u27bf\u2190-\u21ff\u2023\u2043\u2219][\ufe0e\ufe0f\u200d]*)+"
)
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_BARS = re.compile(r"(?<=\S)\s+[/|&•·→]\s+(?=\S)")
_DASHES = re.compile(r"(?<=\S)\s+[-–—]\s+(?=\S)")
_TIGHT = re.compile(r"(?<=\S{2})[/|](?=\S{2})")
_TITLE = re.compile(r"\s*#{1,6}\s+(?=\S)")
_TAGGED = re.compile(r"(?<!\S)#(?=[^\W\d])")


def plain_answer(text: str) -> str:
    """A raw answer as lines of words.

    Tags and tokens of a chat template end a line; of JSON, its words stay; of a table, the first
    cell of a row that is a word; words between bars or slashes get commas.
    """
    text = _FENCE.sub("", _TAG.sub("\n", _THOUGHTS.sub("", text)))
    text = decoded(without_json(text))
    text = _LATEX.sub(r"\1", _LATEX.sub(r"\1", text))  # \boxed{\text{leash}}
    lines = _KEY.sub("\n", text).splitlines()
    lines = [_without_pictures(line) for line in _without_titles(lines)]
    lines = _without_table("\n".join(lines).splitlines())
    alone = sum(map(is_word, lines)) == 1
    return "\n".join(_with_commas(line, alone=alone) for line in lines)


def _without_titles(lines: Sequence[str]) -> list[str]:
    """Lines that are no headings of markdown; if all are, they are items. ``#word`` is a word."""
    titles = [bool(_TITLE.match(line)) for line in lines]
    if all(title or not line.strip() for title, line in zip(titles, lines, strict=True)):
        lines = [_TITLE.sub("", line) for line in lines]
    else:
        lines = ["" if title else line for title, line in zip(titles, lines, strict=True)]
    return [_TAGGED.sub("\n", line) for line in lines]


def _without_pictures(line: str) -> str:
    """Pictures are bullets if a line begins with one and has nothing else between words."""
    bullets = _PICTURES.match(line.lstrip()) and not re.search("[,，、;；]", line)
    return _PICTURES.sub("\n" if bullets else " ", line)


def _without_table(lines: list[str]) -> list[str]:
    """Rows of a table as their words, without its head."""
    rules = {number for number, line in enumerate(lines) if "|" in line and _RULE.fullmatch(line)}
    if not rules:
        return lines
    heads = rules | {number - 1 for number in rules}
    head = _cells(lines[min(rules) - 1]) if min(rules) else []
    several = len({cell.strip("0123456789-– ") for cell in head}) == 1 < len(head)
    rows = {n: _words(line) for n, line in enumerate(lines) if n not in heads and "|" in line}
    column = 0 if several else _column([row for row in rows.values() if row])
    for number, words in rows.items():
        lines[number] = ", ".join(words if several else words[column : column + 1] or words[:1])
    return [line for number, line in enumerate(lines) if number not in heads]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _words(line: str) -> list[str]:
    """The cells of a row that are words and not its number."""
    return [cell for cell in _cells(line) if is_word(cell) and not cell.strip(".) ").isdecimal()]


def _column(rows: Sequence[Sequence[str]]) -> int:
    """The first column without a repeated word, such as a category; else the first."""
    for column in range(min(map(len, rows), default=0)):
        if len({row[column] for row in rows}) == len(rows):
            return column
    return 0


def _with_commas(line: str, *, alone: bool) -> str:
    """``a / b / c`` as ``a, b, c``, where nothing else separates; dashes, a/b/c if it is alone."""
    if re.search("[,，、;；]", line):
        return line
    for sign in (_BARS, _DASHES, _TIGHT) if alone else (_BARS,):
        if len(sign.findall(line)) > 1:
            return sign.sub(", ", line)
    return line
