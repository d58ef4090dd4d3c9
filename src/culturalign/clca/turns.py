"""Turns of a role-play: one line, a keyword and a text."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from culturalign.clca.chat import Reply
from culturalign.clca.prompts import Words

HAN = re.compile(r"[㐀-鿿]")
COLONS = r"[ \t　]*[:：][ \t　]*"
"""Between keyword and text, on one line."""
Kind = Literal["speak", "act", "leave"]
KINDS: tuple[Kind, ...] = ("speak", "act", "leave")


def plain(text: str) -> str:
    """A text without spaces and markdown's asterisks around it."""
    return text.strip(" \t　*")


def after(keyword: str, text: str) -> str | None:
    """The rest of the first line that begins with a keyword and a colon; None without one.

    Bullets and markdown's asterisks around keyword and text are ignored.
    """
    line = rf"^\W*{re.escape(keyword)}\**{COLONS}(.*)$"
    found = re.search(line, text, re.IGNORECASE | re.MULTILINE)
    return plain(found[1]) if found else None


class Turn(NamedTuple):
    """What one person does in a turn.

    Attributes:
        speaker: 0 or 1, a person of the scenario.
        kind: Says something, does something without words, or leaves.
        text: The words or the action; may be empty only for ``leave``.
        attempts: Number of answers it took.
    """

    speaker: int
    kind: Kind
    text: str
    attempts: int = 1

    def written(self, words: Words) -> str:
        """The turn as models read and write it."""
        keyword = str(getattr(words, self.kind))
        return f"{keyword}{words.colon}{self.text}".strip() if self.text else keyword


class MalformedError(ValueError):
    """An answer that is not a turn; the message is the reason, which is counted."""


def parse_turn(
    reply: Reply,
    speaker: int,
    names: Sequence[str],
    words: Words,
    before: Sequence[Turn],
    *,
    plain_text: str,
) -> Turn:
    """Read an answer as a turn: its first line that is not empty; the rest is ignored.

    Args:
        reply: The answer.
        speaker: Whose turn it is, 0 or 1.
        names: Names of both people.
        words: The language's keywords.
        before: The turns so far.
        plain_text: ``speak``: a line without a keyword is spoken; ``refuse``: it is malformed.

    Raises:
        MalformedError: ``empty``, ``cut short``, ``no keyword``, ``plays the other`` or
            ``repeats``.
    """
    lines = [line.strip() for line in reply.text.splitlines() if line.strip()]
    if not lines:
        raise MalformedError("empty")
    if reply.truncated and len(lines) == 1:
        raise MalformedError("cut short")
    line = re.sub(r"^" + re.escape(names[speaker]) + COLONS, "", lines[0])
    if re.match(re.escape(names[1 - speaker]) + COLONS, line):
        raise MalformedError("plays the other")
    turn = _keyword_turn(line, speaker, words)
    if turn is None and plain_text == "refuse":
        raise MalformedError("no keyword")
    turn = turn or Turn(speaker, "speak", line)
    if turn.kind != "leave" and not turn.text:
        raise MalformedError("empty")
    if turn.text and any(turn.text.casefold() == old.text.casefold() for old in before):
        raise MalformedError("repeats")
    return turn


def _keyword_turn(line: str, speaker: int, words: Words) -> Turn | None:
    for kind in KINDS:
        keyword = re.escape(getattr(words, kind))
        if found := re.fullmatch(rf"{keyword}(?:{COLONS}(.*)|[.。!！]?)", line, re.IGNORECASE):
            return Turn(speaker, kind, (found[1] or "").strip())
    return None


def ending_of(turn: Turn, words: Words) -> Literal["goal", "left"] | None:
    """How a turn ends the dialogue: with the goal reached or without; None if it goes on."""
    if turn.kind != "leave":
        return None
    return "goal" if words.reached.casefold() in turn.text.casefold() else "left"
