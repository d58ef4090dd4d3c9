"""Training examples of CLCA: both sides of the dialogues, and intents."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from culturalign.clca.chat import Messages
from culturalign.clca.decontamination import Guard
from culturalign.clca.intents import intent_chat
from culturalign.clca.materials import Materials
from culturalign.clca.roleplay import chat
from culturalign.clca.turns import Turn
from culturalign.errors import UserError
from culturalign.files.jsonl import read_jsonl, write_jsonl

Examples = list[dict[str, Any]]


def example(messages: Messages, completion: str, **about: Any) -> dict[str, Any]:
    """An example in the form that SFT reads: one target "word", no bounds of a list."""
    return {**about, "lower": 0, "upper": 0, "messages": messages, "words": [completion],
            "completion": completion}  # fmt: skip


def dialogue_examples(
    dialogue: Mapping[str, Any], materials: Materials, sides: Literal["both", "first"]
) -> Iterator[dict[str, Any]]:
    """An example for each turn: what its speaker knew and heard, and the turn.

    Args:
        dialogue: A kept transcript.
        materials: The materials of the culture.
        sides: Learn the turns of both people, or only those of the scenario's first.
    """
    scenario = materials.scenarios[dialogue["scenario"]]
    turns = [Turn(**turn) for turn in dialogue["turns"]]
    for place, turn in enumerate(turns):
        if sides == "both" or turn.speaker == 0:
            messages = chat(scenario, turns[:place], turn.speaker, materials)
            yield example(messages, turn.written(materials.prompts.words), task="dialogue",
                          id=dialogue["id"], turn=place)  # fmt: skip


def intent_examples(
    dialogue: Mapping[str, Any], intents: Sequence[Mapping[str, Any]], materials: Materials
) -> Iterator[dict[str, Any]]:
    """An example for each turn of a kept transcript that has an intent."""
    words = materials.prompts.words
    for row in intents:
        if row["id"] == dialogue["id"] and row["intent"] is not None:
            messages = intent_chat(dialogue, row["turn"], materials)
            text = f"{words.intent}{words.colon}{row['intent']}"
            yield example(messages, text, task="intent", id=row["id"], turn=row["turn"])


def held_out(scenarios: Sequence[str], share: float, seed: int) -> set[str]:
    """Scenarios whose dialogues are for validation.

    The share is rounded; of two or more at least one is held out, and not all. A scenario's rank
    depends only on its id and the seed.
    """
    known = sorted(set(scenarios))
    order = sorted(known, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
    if len(order) < 2:
        return set()
    return set(order[: min(max(1, round(share * len(order))), len(order) - 1)])


def all_examples(
    dialogues: Sequence[Mapping[str, Any]],
    intents: Sequence[Mapping[str, Any]],
    materials: Materials,
    *,
    sides: Literal["both", "first"],
    validation: float,
    seed: int,
) -> tuple[Examples, Examples]:
    """Training and validation examples of a culture; no scenario is in both.

    Args:
        dialogues: Kept transcripts.
        intents: Rows of :func:`culturalign.clca.intents.find_intents`; none if they are not
            learned.
        materials: The materials of the culture.
        sides: As for :func:`dialogue_examples`.
        validation: Share of the scenarios that are held out.
        seed: Seed of that split.

    Raises:
        UserError: If training or validation has no example.
    """
    held = held_out([dialogue["scenario"] for dialogue in dialogues], validation, seed)
    found: tuple[Examples, Examples] = [], []
    for dialogue in dialogues:
        rows = found[dialogue["scenario"] in held]
        rows += dialogue_examples(dialogue, materials, sides)
        rows += intent_examples(dialogue, intents, materials)
    if not all(found):
        scenarios = {dialogue["scenario"] for dialogue in dialogues}
        raise UserError(
            f"the kept dialogues are of {len(scenarios)} scenario(s) only, which leaves nothing to "
            "train on or to validate; loosen clca.filter, or play more scenarios (clca.roleplay)"
        )
    return found


def read_rows(files: Sequence[str]) -> Examples:
    """Rows of several jsonl files."""
    return [row for file in files for row in read_jsonl(Path(file))]


def write_checked(rows: Examples, guard: Guard, path: Path) -> None:
    """Write training examples, unless one repeats a question that is then evaluated.

    Raises:
        UserError: Naming the example and the question.
    """
    name = path.name.removeprefix(".partial-")
    texts = (
        (f"{name}: example {number}", text)
        for number, row in enumerate(rows, start=1)
        for text in (*(message["content"] for message in row["messages"]), row["completion"])
    )
    guard.refuse(texts, "train on other data, or leave the question out of the survey")
    write_jsonl(rows, path)
