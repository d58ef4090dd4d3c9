"""The materials of a role-play: scenarios, culture card and prompts of one culture."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from culturalign.clca.cards import Card, read_card
from culturalign.clca.chat import Messages
from culturalign.clca.prompts import Prompts, read_prompts
from culturalign.clca.scenarios import Person, Scenario, read_scenarios
from culturalign.clca.turns import Turn


class Materials(NamedTuple):
    """Scenarios by id in their order, the card, the prompts, and the language's system message.

    The system message is that of judge and intents; role-play has its own.
    """

    scenarios: Mapping[str, Scenario]
    card: Card
    prompts: Prompts
    system: str = ""

    def filled(self, prompt: str, scenario: Scenario, **values: str) -> str:
        """A prompt about a scenario: setting, country and culture are filled in."""
        language = self.prompts.language
        return self.prompts.filled(
            prompt,
            setting=scenario.setting[language],
            country=self.card.name[language],
            culture="\n".join(self.card.described(language)),
            **values,
        )

    def question(
        self, prompt: str, dialogue: Mapping[str, Any], turns: Sequence[Any], **values: str
    ) -> Messages:
        """A chat that asks about the first turns of a transcript."""
        written = [Turn(**turn).written(self.prompts.words) for turn in turns]
        speakers = [dialogue["names"][turn["speaker"]] for turn in turns]
        talk = "\n".join(f"{who} | {what}" for who, what in zip(speakers, written, strict=True))
        scenario = self.scenarios[dialogue["scenario"]]
        text = self.filled(prompt, scenario, talk=talk, **values)
        return [{"role": "system", "content": self.system}, {"role": "user", "content": text}]

    def introductions(self, people: Sequence[Person]) -> list[str]:
        """What both people know of each other, a line for each."""
        language, colon = self.prompts.language, self.prompts.words.colon
        return [
            f"{p.name[language]}{colon}{p.background[language]} {p.occupation[language]}"
            for p in people
        ]

    def topics(self) -> dict[str, str]:
        """Scenario -> topic."""
        return {name: scenario.topic for name, scenario in self.scenarios.items()}

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the language with its place, for errors."""
        language = self.prompts.language
        for scenario in self.scenarios.values():
            yield from ((f"scenario {scenario.id!r}", text) for text in scenario.texts(language))
        yield from (("the culture card", text) for text in self.card.described(language))
        yield from ((f"the prompt {name!r}", text) for name, text in self.prompts.templates.items())


def read_materials(
    *,
    scenarios: Sequence[str],
    card: str,
    prompts: str,
    country: str,
    language: str,
    system: str = "",
) -> Materials:
    """Read the materials of a culture.

    Args:
        scenarios: Files.
        card: File.
        prompts: Folder.
        country: Country of card and scenarios.
        language: Language of the role-play.
        system: The language's system message.

    Raises:
        UserError: If a file is missing or malformed.
    """
    found = read_scenarios([Path(file) for file in scenarios], language)
    return Materials(
        {scenario.id: scenario for scenario in found},
        read_card(Path(card), country, language),
        read_prompts(Path(prompts), language),
        system,
    )
