"""Training examples of CLCA: both sides of the dialogues, and intents."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from culturalign.clca.cards import Card
from culturalign.clca.chat import Messages
from culturalign.clca.decontamination import Guard
from culturalign.clca.intents import intent_chat
from culturalign.clca.materials import Stage
from culturalign.clca.prompts import Prompts
from culturalign.clca.roleplay import chat
from culturalign.clca.scenarios import Scenario
from culturalign.clca.turns import Turn
from culturalign.errors import UserError


def example(messages: Messages, completion: str, **about: Any) -> dict[str, Any]:
    """An example in the form that SFT reads: one target "word", no bounds of a list."""
    return {**about, "lower": 0, "upper": 0, "messages": messages, "words": [completion],
            "completion": completion}  # fmt: skip


def dialogue_examples(
    dialogue: Mapping[str, Any],
    scenario: Scenario,
    card: Card,
    prompts: Prompts,
    sides: Literal["both", "first"],
) -> Iterator[dict[str, Any]]:
    """An example a turn: what its speaker knew and heard, and the turn.

    Args:
        dialogue: A kept transcript.
        scenario: Its scenario.
        card: The culture.
        prompts: In its language.
        sides: Learn the turns of both people, or of the scenario's first alone.
    """
    turns = [Turn(t["speaker"], t["kind"], t["text"]) for t in dialogue["turns"]]
    for place, turn in enumerate(turns):
        if sides == "both" or turn.speaker == 0:
            messages = chat(scenario, turns[:place], turn.speaker, card, prompts)
            yield example(messages, turn.written(prompts.words), task="dialogue",
                          id=dialogue["id"], turn=place)  # fmt: skip


def intent_examples(
    dialogue: Mapping[str, Any],
    intents: Mapping[int, str],
    scenario: Scenario,
    card: Card,
    prompts: Prompts,
    system: str,
) -> Iterator[dict[str, Any]]:
    """An example a turn that has an intent.

    Args:
        dialogue: A kept transcript.
        intents: Place of the turn -> intent.
        scenario: Its scenario.
        card: The culture.
        prompts: In its language.
        system: System message.
    """
    for place, intent in sorted(intents.items()):
        messages = intent_chat(dialogue, place, scenario, card, prompts, system)
        text = f"{prompts.words.intent}{prompts.words.colon}{intent}"
        yield example(messages, text, task="intent", id=dialogue["id"], turn=place)


def held_out(scenarios: Sequence[str], share: float, seed: int) -> set[str]:
    """Scenarios whose dialogues are for validation.

    A share of them, rounded; of two or more at least one, and not all. A scenario's rank depends on
    its id and the seed alone.
    """
    known = sorted(set(scenarios))
    order = sorted(known, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
    if len(order) < 2:
        return set()
    return set(order[: min(max(1, round(share * len(order))), len(order) - 1)])


def check_examples(rows: Sequence[Mapping[str, Any]], guard: Guard, where: str) -> None:
    """Refuse training examples that repeat a question which is then evaluated.

    Raises:
        UserError: Naming the example and the question.
    """
    texts = (
        (f"{where}: example {number}", text)
        for number, row in enumerate(rows, start=1)
        for text in (*(message["content"] for message in row["messages"]), row["completion"])
    )
    guard.refuse(texts, "train on other data, or leave the question out of the survey")


def all_examples(
    dialogues: Sequence[Mapping[str, Any]],
    intents: Sequence[Mapping[str, Any]],
    stage: Stage,
    *,
    sides: Literal["both", "first"],
    validation: float,
    seed: int,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Training and validation examples of a culture; no scenario is in both.

    Args:
        dialogues: Kept transcripts.
        intents: Rows of :func:`culturalign.clca.intents.find_intents`; none if they are not
            learned.
        stage: Scenarios, card, prompts.
        sides: As for :func:`dialogue_examples`.
        validation: Share of the scenarios that are held out.
        seed: Of that split.

    Raises:
        UserError: If a side has no example.
    """
    known: dict[str, dict[int, str]] = {}
    for row in intents:
        if row["intent"] is not None:
            known.setdefault(row["id"], {})[row["turn"]] = row["intent"]
    held = held_out([dialogue["scenario"] for dialogue in dialogues], validation, seed)
    found: tuple[list[dict[str, Any]], list[dict[str, Any]]] = [], []
    for dialogue in dialogues:
        about = stage.scenarios[dialogue["scenario"]], stage.card, stage.prompts
        rows = found[dialogue["scenario"] in held]
        rows += dialogue_examples(dialogue, *about, sides)
        rows += intent_examples(dialogue, known.get(dialogue["id"], {}), *about, stage.system)
    if not all(found):
        scenarios = {dialogue["scenario"] for dialogue in dialogues}
        raise UserError(
            f"the kept dialogues are of {len(scenarios)} scenario(s) only, which leaves nothing to "
            "train on or to validate; loosen clca.filter, or play more scenarios (clca.roleplay)"
        )
    return found
