"""Intents: what the speaker of a turn intends, given what the culture expects."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from culturalign.clca.cards import Card
from culturalign.clca.chat import Ask, Messages, Reply, seed_of
from culturalign.clca.judge import talk
from culturalign.clca.prompts import Prompts, Words
from culturalign.clca.scenarios import Scenario
from culturalign.clca.turns import after, plain

HAN = re.compile(r"[㐀-鿿]")


def parse_intent(reply: Reply, words: Words, max_words: int) -> str | None:
    """Read an intent: the first line with the keyword; without one, the first that is not empty.

    Returns:
        None if it is empty, cut short, longer than allowed, or only repeats the keyword.
    """
    lines = [line for line in reply.text.splitlines() if line.strip()]
    said = [after(words.intent, line) for line in lines]
    place = next((i for i, text in enumerate(said) if text is not None), 0)
    if not lines or (reply.truncated and place == len(lines) - 1):
        return None
    named = said[place]
    text = plain(lines[place]) if named is None else named
    return text if text and length(text) <= max_words else None


def length(text: str) -> int:
    """Words; in Han script characters."""
    return len(HAN.findall(text)) or len(text.split())


def intent_chat(
    dialogue: Mapping[str, Any],
    place: int,
    scenario: Scenario,
    card: Card,
    prompts: Prompts,
    system: str,
) -> Messages:
    """Ask for the intent of the turn at a place; later turns are not shown."""
    language, turns = prompts.language, dialogue["turns"][: place + 1]
    text = prompts.filled(
        "intent",
        setting=scenario.setting[language],
        country=card.name[language],
        culture="\n".join(card.described(language)),
        talk=talk(turns, dialogue["names"], prompts.words),
        name=dialogue["names"][turns[-1]["speaker"]],
    )
    return [{"role": "system", "content": system}, {"role": "user", "content": text}]


def find_intents(
    dialogues: Sequence[Mapping[str, Any]],
    scenarios: Mapping[str, Scenario],
    ask: Ask,
    card: Card,
    prompts: Prompts,
    *,
    system: str,
    retries: int,
    max_words: int,
) -> list[dict[str, Any]]:
    """The intent of every turn.

    Returns:
        For each dialogue and turn ``id, turn`` (from 0), ``intent`` (None if no answer was
        usable within the bound) and ``attempts``.
    """
    places = [(d, place) for d in dialogues for place in range(len(d["turns"]))]
    chats = [
        intent_chat(d, place, scenarios[d["scenario"]], card, prompts, system)
        for d, place in places
    ]
    rows: list[dict[str, Any]] = [
        {"id": d["id"], "turn": place, "intent": None, "attempts": 0} for d, place in places
    ]
    for attempt in range(1, retries + 2):
        waiting = [i for i, row in enumerate(rows) if row["intent"] is None]
        if not waiting:
            break
        name = dialogues[0]["id"]
        seed = seed_of("intent", name, attempt)
        replies = ask([chats[i] for i in waiting], seed, again=attempt > 1)
        for i, reply in zip(waiting, replies, strict=True):
            rows[i]["intent"] = parse_intent(reply, prompts.words, max_words)
            rows[i]["attempts"] = attempt
    return rows
