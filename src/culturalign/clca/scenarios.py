"""Scenarios of role-plays: a setting and two people, each with a goal and a secret."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from culturalign.clca.cards import Text, Texts
from culturalign.config.strict import Strict
from culturalign.errors import UserError
from culturalign.files.validated_yaml import read_yaml

Topic = Literal[
    "family", "friends", "neighbors", "school", "work", "money",
    "health", "festival", "hospitality", "conflict", "travel", "community",
]  # fmt: skip


class Person(Strict):
    """One of the two people; every text in every language."""

    name: Texts
    background: Texts
    """Known to both."""
    occupation: Texts
    """Known to both."""
    goal: Texts
    """What the person wants from the other; the other does not know it."""
    secret: Texts
    """What the other must not learn easily."""


class Scenario(Strict):
    """One scenario of one culture."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z0-9]+)*$")]
    topic: Topic
    setting: Texts
    people: list[Person] = Field(min_length=2, max_length=2)

    @model_validator(mode="after")
    def _two_names(self) -> "Scenario":
        first, second = (person.name for person in self.people)
        if same := [n for n in first.values() if n in second.values()]:
            raise ValueError(f"both people are called {same[0]!r}; give them different names")
        return self

    def texts(self, language: str) -> Iterator[Text]:
        """Every text in a language, the setting first; KeyError if one is missing."""
        yield self.setting[language]
        for person in self.people:
            yield from (texts[language] for _, texts in person)

    def names(self, language: str) -> list[str]:
        """Names of both people."""
        return [person.name[language] for person in self.people]


def read_scenarios(paths: Sequence[Path], language: str) -> list[Scenario]:
    """Read all scenarios of a culture, in the order of the files.

    Raises:
        UserError: If a file is missing or malformed, a text lacks the language, or two scenarios
            share an id.
    """
    found = [scenario for path in paths for scenario in _read(path, language)]
    counts = Counter(scenario.id for scenario in found)
    if twice := [name for name, n in counts.items() if n > 1]:
        raise UserError(f"{paths[-1]}: the id {twice[0]!r} occurs twice; ids are unique")
    if not found:
        raise UserError(f"{', '.join(map(str, paths))}: no scenario; add some, or correct the path")
    return found


def _read(path: Path, language: str) -> list[Scenario]:
    scenarios = read_yaml(path, "clca.scenarios", list[Scenario], empty=[])
    for scenario in scenarios:
        try:
            list(scenario.texts(language))
        except KeyError:
            raise UserError(
                f"{path}: scenario {scenario.id!r} lacks the language {language!r} in a text; "
                "add it"
            ) from None
    return scenarios
