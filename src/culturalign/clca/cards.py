"""Culture cards: where a culture lies on the Inglehart-Welzel axes and Hofstede's dimensions.

A card is a yaml file; a new culture is a new file. Texts are given in every language of the run.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from culturalign.config.strict import Strict
from culturalign.errors import UserError

Text = Annotated[str, Field(min_length=1)]
Texts = dict[str, Text]
"""Language -> text."""
AXES = ("secular_rational", "self_expression")
"""Inglehart and Welzel (2005): against traditional and against survival values."""
DIMENSIONS = (
    "power_distance",
    "individualism",
    "masculinity",
    "uncertainty_avoidance",
    "long_term_orientation",
    "indulgence",
)
"""Hofstede, Hofstede and Minkov (2010): 0 to about 100."""


class Trait(Strict):
    """A culture's place on one axis or dimension."""

    value: Annotated[float, Field(ge=0, le=120)] | Literal["low", "middle", "high"]
    """Hofstede's index, 0 to about 100; a place in words on an Inglehart-Welzel axis."""
    source: Text
    """A public, citable source of the value."""
    text: Texts
    """What the agents are told, ours."""


class Card(Strict):
    """One culture."""

    country: Text
    """As in the survey's column B_COUNTRY_ALPHA."""
    name: Texts
    """The country's name."""
    people: Texts
    """What its people are called."""
    traits: dict[str, Trait]
    """All of ``AXES`` and ``DIMENSIONS``."""

    @model_validator(mode="after")
    def _complete(self) -> "Card":
        wanted = [*AXES, *DIMENSIONS]
        if lacking := [name for name in wanted if name not in self.traits]:
            raise ValueError(f"traits lacks {', '.join(lacking)}; give all eight")
        if extra := [name for name in self.traits if name not in wanted]:
            raise ValueError(f"traits has {', '.join(extra)}; known: {', '.join(wanted)}")
        for name in DIMENSIONS:
            if isinstance(self.traits[name].value, str):
                raise ValueError(f"traits.{name}.value must be Hofstede's index, a number")
        return self

    def languages(self) -> set[str]:
        """Languages in which every text is given."""
        texts = [self.name, self.people, *(trait.text for trait in self.traits.values())]
        return set.intersection(*map(set, texts))

    def described(self, language: str) -> list[str]:
        """What the agents are told, a sentence a trait, the axes first."""
        return [self.traits[name].text[language] for name in (*AXES, *DIMENSIONS)]


def read_card(path: Path, country: str, language: str) -> Card:
    """Read a culture card.

    Args:
        path: Yaml.
        country: The country it must be of.
        language: A language that it must have.

    Raises:
        UserError: If it breaks a rule.
    """
    try:
        card = Card.model_validate(read_yaml(path, "clca.cards"))
    except ValidationError as invalid:
        raise UserError(f"{path}: {first_fault(invalid)}") from None
    if card.country != country:
        raise UserError(f"{path}: country is {card.country!r}, but clca.cards names it {country!r}")
    if language not in card.languages():
        raise UserError(f"{path}: a text lacks the language {language!r}; add it to every text")
    return card


def read_yaml(path: Path, key: str) -> Any:
    """Read plain yaml.

    Args:
        path: The file.
        key: The setting that names it, for errors.

    Raises:
        UserError: If it is missing or no yaml.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; correct {key}") from None
    except UnicodeDecodeError as bad:
        raise UserError(f"{path}: not UTF-8 at byte {bad.start}; save it as UTF-8") from None
    except yaml.YAMLError as bad:
        mark = getattr(bad, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise UserError(f"{path}: {place}not yaml; correct the file") from None


def first_fault(invalid: ValidationError) -> str:
    """The first of pydantic's faults, in a sentence."""
    problem = invalid.errors()[0]
    where = ".".join(str(part) for part in problem["loc"]) or "the file"
    text = problem["msg"].removeprefix("Value error, ")
    given = "" if problem["type"] in ("missing", "value_error") else f" (got {problem['input']!r})"
    return f"{where}: {text}{given}"[:400]
