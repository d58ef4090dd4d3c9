"""New scenarios by a model: those of another country, set in the culture's own.

What comes out is a draft in the form of ``clca.scenarios``, for people to read and correct.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from culturalign.clca.cards import Card
from culturalign.clca.chat import Ask, Messages, seed_of
from culturalign.clca.prompts import Prompts
from culturalign.clca.scenarios import FIELDS, Scenario
from culturalign.clca.turns import after

KEYS = ("SETTING", *(f"{field.upper()} {place}" for place in (1, 2) for field in FIELDS))
"""Keywords of the lines, the same in every language."""


def written(scenario: Scenario, language: str) -> str:
    """A scenario as lines, each with its keyword."""
    return "\n".join(
        f"{key}: {text}" for key, text in zip(KEYS, scenario.texts(language), strict=True)
    )


def parse_scenario(text: str, source: Scenario, language: str, prefix: str) -> Scenario | None:
    """Read an adapted scenario.

    Args:
        text: The answer.
        source: What was adapted; its topic and the rest of its id are kept.
        language: Of the texts.
        prefix: Of the new id.

    Returns:
        None if a line is missing or empty, both people have one name, or nothing was changed.
    """
    lines = {key: said for key in KEYS if (said := after(key, text))}
    unchanged = [lines.get(key) for key in KEYS] == list(source.texts(language))
    if len(lines) < len(KEYS) or unchanged:
        return None
    people = [
        {field: {language: lines[f"{field.upper()} {place}"]} for field in FIELDS}
        for place in (1, 2)
    ]
    try:
        return Scenario.model_validate(
            {
                "id": f"{prefix}-{source.id}",
                "topic": source.topic,
                "setting": {language: lines["SETTING"]},
                "people": people,
            }
        )
    except ValidationError:
        return None


def adapt(
    sources: Sequence[Scenario],
    ask: Ask,
    card: Card,
    prompts: Prompts,
    *,
    system: str,
    retries: int,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Set scenarios in another country.

    Args:
        sources: Of another country, in the language of the prompts.
        ask: The model.
        card: The country they are set in.
        prompts: In its language.
        system: System message.
        retries: How often an answer that is no scenario is asked for again.

    Returns:
        The new scenarios, plain values in the order of the sources; ids of sources without one.
    """
    language, prefix = prompts.language, f"adapted-{card.country.lower()}"
    found: dict[str, Scenario] = {}
    for attempt in range(1, retries + 2):
        waiting = [source for source in sources if source.id not in found]
        if not waiting:
            break
        chats = [_chat(source, card, prompts, system) for source in waiting]
        replies = ask(chats, seed_of("adapt", attempt), again=attempt > 1)
        for source, reply in zip(waiting, replies, strict=True):
            if adapted := parse_scenario(reply.text, source, language, prefix):
                found[source.id] = adapted
    new = [found[source.id].model_dump() for source in sources if source.id in found]
    return new, [source.id for source in sources if source.id not in found]


def _chat(source: Scenario, card: Card, prompts: Prompts, system: str) -> Messages:
    text = prompts.filled(
        "adapt",
        scenario=written(source, prompts.language),
        country=card.name[prompts.language],
        culture="\n".join(card.described(prompts.language)),
    )
    return [{"role": "system", "content": system}, {"role": "user", "content": text}]
