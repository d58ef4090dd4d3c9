"""What a role-play needs: scenarios, culture card and prompts of one culture."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.clca.cards import Card, read_card
from culturalign.clca.decontamination import Guard
from culturalign.clca.prompts import Prompts, read_prompts
from culturalign.clca.scenarios import Scenario, read_scenarios


class Stage(NamedTuple):
    """Scenarios by id in their order, the card, the prompts, and the language's system message.

    Role-play has system messages of its own and needs none.
    """

    scenarios: Mapping[str, Scenario]
    card: Card
    prompts: Prompts
    system: str


def read_stage(
    *,
    scenarios: Sequence[str],
    card: str,
    prompts: str,
    country: str,
    language: str,
    system: str = "",
) -> Stage:
    """Read everything.

    Args:
        scenarios: Files.
        card: File.
        prompts: Folder.
        country: Of card and scenarios.
        language: Spoken.
        system: The language's system message, for judge and intents.

    Raises:
        UserError: If a file breaks a rule.
    """
    found = read_scenarios([Path(file) for file in scenarios], language)
    return Stage(
        {scenario.id: scenario for scenario in found},
        read_card(Path(card), country, language),
        read_prompts(Path(prompts), language),
        system,
    )


def read_guard(questionnaires: Sequence[str]) -> Guard:
    """The questions that the run evaluates; none without a survey."""
    return Guard([pl.read_parquet(file) for file in questionnaires])


def check_scenarios(stage: Stage, guard: Guard) -> None:
    """Refuse scenarios, a card and prompts that repeat a question which the run evaluates.

    Raises:
        UserError: Naming the text and the question.
    """
    guard.refuse(_texts(stage), "word it in another way")


def _texts(stage: Stage) -> Iterator[tuple[str, str]]:
    """What and where a text is, and the text."""
    language = stage.prompts.language
    for scenario in stage.scenarios.values():
        yield from ((f"scenario {scenario.id!r}", text) for text in scenario.texts(language))
    yield from (("the culture card", text) for text in stage.card.described(language))
    yield from ((f"the prompt {name!r}", text) for name, text in stage.prompts.templates.items())
