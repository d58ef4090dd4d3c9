"""Turns of a role-play: one line, a keyword and a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from culturalign.clca.chat import Reply
from culturalign.clca.prompts import Words

COLONS = r"[ \t　]*[:：][ \t　]*"
"""Between keyword and text, on one line."""


def plain(text: str) -> str:
    """A text without spaces and markdown's asterisks around it."""
    return text.strip(" \t　*")


def after(keyword: str, text: str) -> str | None:
    """What follows a keyword and a colon at the beginning of a line; None without such a line.

    Bullets and markdown's asterisks around keyword and text are no part of either.
    """
    line = rf"^\W*{re.escape(keyword)}\**{COLONS}(.*)$"
    found = re.search(line, text, re.IGNORECASE | re.MULTILINE)
    return plain(found[1]) if found else None


Kind = Literal["speak", "act", "leave"]
KINDS: tuple[Kind, ...] = ("speak", "act", "leave")


@dataclass(frozen=True)
class Turn:
    """What one person does when it is their turn.

    Attributes:
        speaker: 0 or 1, a person of the scenario.
        kind: Says something, does something without words, or leaves.
        text: What; may be empty for ``leave`` alone.
        attempts: How often the model was asked.
    """

    speaker: int
    kind: Kind
    text: str
    attempts: int = 1

    def written(self, words: Words) -> str:
        """The turn as models read and write it."""
        keyword = str(getattr(words, self.kind))
        return f"{keyword}{words.colon}{self.text}".strip() if self.text else keyword

    def record(self) -> dict[str, Any]:
        """Plain values, for an artifact."""
        return vars(self).copy()


class MalformedError(ValueError):
    """An answer is no turn; the message is the reason that is counted."""


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
        speaker: Whose turn it is.
        names: Of both people.
        words: The language's keywords.
        before: The turns so far.
        plain_text: ``speak``: a line without a keyword is said; ``refuse``: it is malformed.

    Raises:
        MalformedError: Saying why: ``empty``, ``cut short``, ``no keyword``, ``plays the other``
            or ``repeats``.
    """
    lines = [line.strip() for line in reply.text.splitlines() if line.strip()]
    if not lines:
        raise MalformedError("empty")
    if reply.truncated and len(lines) == 1:
        raise MalformedError("cut short")
    line = _without(names[speaker], lines[0])
    if re.match(re.escape(names[1 - speaker]) + COLONS, line):
        raise MalformedError("plays the other")
    turn = _keyword_turn(line, speaker, words)
    if turn is None:
        if plain_text == "refuse":
            raise MalformedError("no keyword")
        turn = Turn(speaker, "speak", line)
    if turn.kind != "leave" and not turn.text:
        raise MalformedError("empty")
    if turn.text and any(turn.text.casefold() == old.text.casefold() for old in before):
        raise MalformedError("repeats")
    return turn


def _without(name: str, line: str) -> str:
    """A line without the speaker's own name in front."""
    return re.sub(r"^" + re.escape(name) + COLONS, "", line)


def _keyword_turn(line: str, speaker: int, words: Words) -> Turn | None:
    for kind in KINDS:
        keyword = re.escape(getattr(words, kind))
        if found := re.fullmatch(rf"{keyword}(?:{COLONS}(.*)|[.。!！]?)", line, re.IGNORECASE):
            return Turn(speaker, kind, (found[1] or "").strip())
    return None


def ending_of(turn: Turn, words: Words) -> Literal["goal", "left"] | None:
    """Whether a turn ends the dialogue: with the goal reached, or by leaving without."""
    if turn.kind != "leave":
        return None
    return "goal" if words.reached.casefold() in turn.text.casefold() else "left"
