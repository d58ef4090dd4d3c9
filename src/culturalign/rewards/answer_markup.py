"""An answer without what chat models put around words: thoughts, tags, fences, tables, pictures."""

import re

from culturalign.data.normalize import is_word

_NAMES = "think|thinking|thoughts?|reasoning|reflection"
_THOUGHTS = re.compile(
    rf"^.*(?:</(?:{_NAMES})>|<\|channel\|>final)|(?:<(?:{_NAMES})>|<\|channel\|>analysis).*$",
    re.DOTALL | re.IGNORECASE,
)
"""Closed, cut off, or opened by the chat template."""
_TAG = re.compile(
    r"<\|(?:im_start|start|start_header_id)\|>[a-z]*|<\|[^|<>\n]{1,40}\|>|</?[a-zA-Z][^<>\n]{0,40}>"
)
_FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$", re.MULTILINE)
_LATEX = re.compile(r"\\[a-z]+\{([^{}]*)\}")
_KEY = re.compile(r"\d\ufe0f?\u20e3")  # a number drawn as a key
_PICTURES = re.compile("(?:[\U0001f000-\U0001faff\u2600-\u27bf][\ufe0e\ufe0f\u200d]*)+")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_BARS = re.compile(r"(?<=\S)\s+[/|]\s+(?=\S)")


def plain_answer(text: str) -> str:
    """A raw answer as lines of words.

    Tags and tokens of a chat template end a line; of a table, the first cell of a row that is a
    word stays; words between bars or slashes get commas.
    """
    text = _FENCE.sub("", _TAG.sub("\n", _THOUGHTS.sub("", text)))
    text = _LATEX.sub(r"\1", _LATEX.sub(r"\1", text))  # \boxed{\text{leash}}
    text = _PICTURES.sub(" ", _KEY.sub("\n", text))
    return "\n".join(map(_with_commas, _without_table(text.splitlines())))


def _without_table(lines: list[str]) -> list[str]:
    """Rows of a table as their first words, without its head."""
    rules = {number for number, line in enumerate(lines) if "|" in line and _RULE.fullmatch(line)}
    if not rules:
        return lines
    heads = rules | {number - 1 for number in rules}
    return [_first_word(line) for number, line in enumerate(lines) if number not in heads]


def _first_word(line: str) -> str:
    cells = [cell.strip() for cell in line.split("|")]
    words = [cell for cell in cells if is_word(cell) and not cell.strip(".) ").isdecimal()]
    return words[0] if len(cells) > 1 and words else line


def _with_commas(line: str) -> str:
    """``a / b / c`` as ``a, b, c``, where nothing else separates."""
    alone = not re.search("[,，、;；]", line)
    return _BARS.sub(", ", line) if alone and len(_BARS.findall(line)) > 1 else line
