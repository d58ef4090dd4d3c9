"""Contamination guard: nothing learned may repeat a question that is then evaluated."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from culturalign.clca.intents import HAN
from culturalign.errors import UserError

WORDS, CHARACTERS = 8, 12
"""A text repeats a wording if so many words in a row (in Han script, characters) are the same, or
the whole of a wording that is shorter than that but no shorter than half of it."""


def units(text: str) -> list[str]:
    """Words without case and punctuation; Han characters are units of their own."""
    return re.findall(r"[㐀-鿿]|[^\W_]+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of ``WORDS`` units (``CHARACTERS`` in Han script); the whole of a shorter text."""
    found = units(text)
    size = CHARACTERS if HAN.search(text) else WORDS
    if len(found) < size:
        return {tuple(found)} if len(found) >= size // 2 else set()
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


class Guard:
    """Wordings of the questions that a run evaluates.

    Args:
        questionnaires: Each ``question, wording``, in any language.
    """

    def __init__(self, questionnaires: Iterable[pl.DataFrame]) -> None:
        self.runs: dict[tuple[str, ...], str] = {}
        for table in questionnaires:
            for question, wording in table.select("question", "wording").unique().iter_rows():
                self.runs |= dict.fromkeys(runs(wording), question)
        self.sizes = sorted({len(run) for run in self.runs})

    def repeated(self, text: str) -> str | None:
        """A question whose wording a text repeats, or None."""
        found = units(text)
        for size in self.sizes:
            for i in range(len(found) - size + 1):
                if (run := tuple(found[i : i + size])) in self.runs:
                    return self.runs[run]
        return None

    def refuse(self, texts: Iterable[tuple[str, str]], remedy: str) -> None:
        """Refuse texts that repeat a question.

        Args:
            texts: What and where a text is, and the text.
            remedy: What the user can do.

        Raises:
            UserError: Naming the first such text and the question.
        """
        for where, text in texts:
            if question := self.repeated(text):
                raise UserError(
                    f"{where} repeats the wording of {question}, which the run evaluates: {remedy}"
                )


def quoting(dialogues: Iterable[Mapping[str, Any]], guard: Guard) -> dict[str, str]:
    """Dialogues with a turn that repeats a question: id -> question."""
    found = {}
    for dialogue in dialogues:
        for turn in dialogue["turns"]:
            if question := guard.repeated(turn["text"]):
                found[dialogue["id"]] = question
    return found


def without_quotes(intents: Iterable[Mapping[str, Any]], guard: Guard) -> list[dict[str, Any]]:
    """Intents, each with ``repeats``: the question whose wording it repeats, or None.

    One that does is left out, so that it stops no training: its ``intent`` is None.
    """
    rows = []
    for row in intents:
        question = guard.repeated(row["intent"] or "")
        rows.append({**row, "intent": None if question else row["intent"], "repeats": question})
    return rows
