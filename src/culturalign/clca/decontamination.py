"""Contamination guard: nothing learned may repeat a question that is then evaluated."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.clca.turns import HAN
from culturalign.errors import UserError

WORDS, CHARACTERS = 8, 12
"""A text repeats a wording if they share a run of this many words (in Han script, characters), or
if it holds the whole of a shorter wording that is at least half as long."""


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
        questionnaires: Each with ``question, wording``, in any language.
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
            texts: The place of each text, for the error, and the text.
            remedy: The user's way out.

        Raises:
            UserError: Naming the first such text and the question.
        """
        for where, text in texts:
            if question := self.repeated(text):
                raise UserError(
                    f"{where} repeats the wording of {question}, which the run evaluates: {remedy}"
                )


def read_guard(questionnaires: Sequence[str]) -> Guard:
    """The questions that the run evaluates, from parquet files; none without a survey."""
    return Guard(pl.read_parquet(file) for file in questionnaires)


def quoting(dialogues: Iterable[Mapping[str, Any]], guard: Guard) -> dict[str, str]:
    """Dialogues with a turn that repeats a question: id -> question."""
    return {
        dialogue["id"]: question
        for dialogue in dialogues
        for turn in dialogue["turns"]
        if (question := guard.repeated(turn["text"]))
    }


def without_quotes(intents: Iterable[Mapping[str, Any]], guard: Guard) -> list[dict[str, Any]]:
    """Intents, each with ``repeats``: the question whose wording it repeats, or None.

    The ``intent`` of one that does is set to None, so that it does not stop the training.
    """
    rows = []
    for row in intents:
        question = guard.repeated(row["intent"] or "")
        rows.append({**row, "intent": None if question else row["intent"], "repeats": question})
    return rows
