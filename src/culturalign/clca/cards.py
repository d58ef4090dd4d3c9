"""Culture cards: a culture's place on the Inglehart-Welzel axes and Hofstede's dimensions.

A card is a yaml file with texts in every language of the run.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from culturalign.config.strict import Strict
from culturalign.errors import UserError
from culturalign.files.validated_yaml import read_yaml

Text = Annotated[str, Field(min_length=1)]
Texts = dict[str, Text]
"""Language -> text."""
Index = Annotated[float, Field(ge=0, le=120)]


class Axis(Strict):
    """A culture's place on an axis of Inglehart and Welzel (2005)."""

    value: Index | Literal["low", "middle", "high"]
    """The other end of each axis is traditional or survival values."""
    source: Text
    """A public, citable source of the value."""
    text: Texts
    """A sentence for the agents; ours."""


class Dimension(Axis):
    """A culture's place on a dimension of Hofstede, Hofstede and Minkov (2010)."""

    value: Index
    """Hofstede's index, 0 to about 100."""


class Traits(Strict):
    """Two axes and six dimensions, in the order in which agents read them."""

    secular_rational: Axis
    self_expression: Axis
    power_distance: Dimension
    individualism: Dimension
    masculinity: Dimension
    uncertainty_avoidance: Dimension
    long_term_orientation: Dimension
    indulgence: Dimension


class Card(Strict):
    """One culture."""

    country: Text
    """As in the survey's column B_COUNTRY_ALPHA."""
    name: Texts
    """The country's name."""
    people: Texts
    """The name of its people."""
    traits: Traits

    def languages(self) -> set[str]:
        """Languages in which every text is given."""
        texts = [self.name, self.people, *(trait.text for _, trait in self.traits)]
        return set.intersection(*map(set, texts))

    def described(self, language: str) -> list[str]:
        """A sentence for each trait."""
        return [trait.text[language] for _, trait in self.traits]


def read_card(path: Path, country: str, language: str) -> Card:
    """Read a culture card of a country, with texts in a language.

    Raises:
        UserError: If the file is missing or malformed, or has another country or no such language.
    """
    card = read_yaml(path, "clca.cards", Card)
    if card.country != country:
        raise UserError(f"{path}: country is {card.country!r}, but clca.cards names it {country!r}")
    if language not in card.languages():
        raise UserError(f"{path}: a text lacks the language {language!r}; add it to every text")
    return card
