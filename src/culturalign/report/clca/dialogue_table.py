"""Table of role-played dialogues: how they ended, what was kept, and why the rest was dropped."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import polars as pl

from culturalign.clca.decontamination import Guard, without_quotes
from culturalign.clca.judge import QUESTIONS
from culturalign.files.jsonl import read_jsonl
from culturalign.report.tables import write_table

NOTE = (
    "Undecided: the judge gave no verdict in the form asked for, even when asked again. "
    "The setting clca.filter.undecided decides whether such dialogues are kept."
)


Rows = list[tuple[str, str, str, float]]
"""``culture, part, what, value``."""


def read_rows(
    cultures: Sequence[str], parts: Sequence[str], intents: Sequence[str], guard: Guard
) -> Rows:
    """Rows of all cultures.

    Args:
        cultures: Labels.
        parts: For each culture its dialogues, their verdicts, and the dropped dialogues.
        intents: Intents of the cultures that learn them, next to their dialogues.
        guard: The questions that the run evaluates.
    """
    rows: Rows = []
    learned = {Path(file).parent: Path(file) for file in intents}
    for culture, *files in zip(cultures, parts[::3], parts[1::3], parts[2::3], strict=True):
        dialogues, verdicts, dropped = (read_jsonl(Path(file)) for file in files)
        found = learned.get(Path(files[0]).parent)
        own = without_quotes(read_jsonl(found), guard) if found else []
        rows += dialogue_rows(culture, dialogues, verdicts, dropped, own)
    return rows


def dialogue_rows(
    culture: str,
    dialogues: Sequence[Mapping[str, Any]],
    verdicts: Sequence[Mapping[str, Any]],
    dropped: Sequence[Mapping[str, Any]],
    intents: Sequence[Mapping[str, Any]],
) -> Rows:
    """Counts and means of a culture's dialogues.

    Args:
        culture: Its label.
        dialogues: All transcripts.
        verdicts: Verdicts on all of them.
        dropped: Transcripts with ``dropped``, all their reasons.
        intents: Intents of the kept ones, after ``decontamination.without_quotes``; none if
            they are not learned.

    Returns:
        Rows. A dialogue dropped for several reasons counts under
        each.
    """
    turns = [turn for dialogue in dialogues for turn in dialogue["turns"]]
    malformed = Counter[str]()
    for dialogue in dialogues:
        malformed.update(dialogue["malformed"])
    rows: list[tuple[str, str, float]] = [
        ("dialogues", "simulated", len(dialogues)),
        ("dialogues", "kept", len(dialogues) - len(dropped)),
        ("turns", "a dialogue, mean", mean(len(d["turns"]) for d in dialogues)),
    ]
    undecided = {v["id"] for v in verdicts if any(v[q]["good"] is None for q in QUESTIONS)}
    undecided -= {dialogue["id"] for dialogue in dropped}
    rows += [("dialogues", "kept, with an undecided verdict", len(undecided))]
    rows += _counted("ended", [dialogue["ending"] for dialogue in dialogues])
    rows += _counted("turns", [turn["kind"] for turn in turns])
    rows += [("answers", "asked for", len(turns) + malformed.total())]
    rows += [("malformed answers", why, n) for why, n in sorted(malformed.items())]
    for question in QUESTIONS:
        named = {True: "good", False: "bad", None: "undecided"}
        rows += _counted(question, [named[verdict[question]["good"]] for verdict in verdicts])
    rows += _counted("dropped", [why for dialogue in dropped for why in dialogue["dropped"]])
    if intents:
        found = sum(row["intent"] is not None for row in intents)
        quotes = sum(row["repeats"] is not None for row in intents)
        rows += [
            ("intents", "found", found),
            ("intents", "missing", len(intents) - found - quotes),
            ("intents", "repeats a survey question", quotes),
        ]
    return [(culture, *row) for row in rows]


def _counted(part: str, values: Sequence[str]) -> list[tuple[str, str, float]]:
    return [(part, value, n) for value, n in sorted(Counter(values).items())]


def write_dialogues(stem: str, rows: Sequence[tuple[str, str, str, float]]) -> None:
    """Write the rows of all cultures."""
    names = ["culture", "part", "what", "value"]
    shown = [
        [*row[:3], f"{row[3]:g}" if row[3] == int(row[3]) else f"{row[3]:.1f}"] for row in rows
    ]
    schema = dict.fromkeys(names[:3], pl.String) | {"value": pl.Float64}
    numbers = pl.DataFrame(list(rows), schema=schema, orient="row")
    write_table(stem, numbers, shown, ["Culture", "part", "what", "value"], note=NOTE)
