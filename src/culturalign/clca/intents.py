"""Intents: what the speaker of a turn intends, given what the culture expects."""

from collections.abc import Mapping, Sequence
from typing import Any

from culturalign.clca.chat import Ask, Messages, Reply, ask_until_valid
from culturalign.clca.materials import Materials
from culturalign.clca.prompts import Words
from culturalign.clca.turns import HAN, after, plain


def parse_intent(reply: Reply, words: Words, max_words: int) -> str | None:
    """Read an intent: the first line with the keyword; without one, the first that is not empty.

    Returns:
        None if it is empty, cut short, longer than allowed, or only repeats the keyword.
    """
    lines = [line for line in reply.text.splitlines() if line.strip()]
    marked = [after(words.intent, line) for line in lines]
    place = next((i for i, text in enumerate(marked) if text is not None), 0)
    if not lines or (reply.truncated and place == len(lines) - 1):
        return None
    found = marked[place]
    text = plain(lines[place]) if found is None else found
    length = len(HAN.findall(text)) or len(text.split())
    return text if text and length <= max_words else None


def intent_chat(dialogue: Mapping[str, Any], place: int, materials: Materials) -> Messages:
    """Ask for the intent of the turn at a place; later turns are not shown."""
    turns = dialogue["turns"][: place + 1]
    name = dialogue["names"][turns[-1]["speaker"]]
    return materials.question("intent", dialogue, turns, name=name)


def find_intents(
    dialogues: Sequence[Mapping[str, Any]],
    materials: Materials,
    ask: Ask,
    *,
    retries: int,
    max_words: int,
) -> list[dict[str, Any]]:
    """The intent of every turn of a group of dialogues.

    Args:
        dialogues: Transcripts; sampling is seeded by the id of the first.
        materials: The materials of the culture.
        ask: The model.
        retries: Most repetitions of a question without a valid answer.
        max_words: Longest intent; in Han script characters.

    Returns:
        For each dialogue and turn ``id, turn`` (from 0), ``intent`` (None without a valid answer)
        and ``attempts``.
    """
    places = [(d, place) for d in dialogues for place in range(len(d["turns"]))]
    outcomes = ask_until_valid(
        ask,
        [intent_chat(*place, materials) for place in places],
        lambda _, reply: parse_intent(reply, materials.prompts.words, max_words),
        retries=retries,
        name=f"intent:{dialogues[0]['id']}",
    )
    return [
        {"id": dialogue["id"], "turn": place, "intent": intent, "attempts": attempts}
        for (dialogue, place), (intent, _, attempts) in zip(places, outcomes, strict=True)
    ]
