"""Psycholinguistic attributes: norm files, tables, and figures."""

from itertools import product
from typing import Any

from culturalign.artifacts import paths
from culturalign.config.norms import NormFile
from culturalign.config.root import Config
from culturalign.grid.evaluations import Evaluations
from culturalign.grid.locations import Locations

RAW_TABLES = ("table13",)
"""Tables that print the norms' own scales (paper, table 13)."""
PAPER_FIGURES = {
    ("concreteness", 0): "fig4",
    ("valence", 0): "fig5",
    ("arousal", 0): "fig6",
    ("concreteness", 1): "fig7",
    ("valence", 1): "fig8",
    ("arousal", 1): "fig9",
}
"""Attribute and place of the prompt in ``norms.prompts`` -> the paper's figure."""


class Attributes:
    """Cultures whose language has norms, and what is made of them."""

    def __init__(self, config: Config, evaluations: Evaluations, locations: Locations) -> None:
        self._config, self._norms = config, config.norms
        self._evaluations, self._locations = evaluations, locations

    def _files(self) -> dict[str, list[NormFile]]:
        return self._norms.files if self._norms else {}

    def _prompts(self) -> list[str]:
        return self._norms.prompts if self._norms else []

    def language_of(self, culture: str) -> str:
        """A culture's language."""
        return self._config.cultures[culture].language

    def cultures(self) -> list[str]:
        """Cultures of the run whose language has norms configured."""
        return [c for c in self._config.run.cultures if self.language_of(c) in self._files()]

    def languages(self) -> list[str]:
        """Languages of the run with norms configured."""
        return list(dict.fromkeys(map(self.language_of, self.cultures())))

    def tables(self) -> dict[str, tuple[str, str]]:
        """Name of each table of attributes -> its culture and prompt."""
        named = {c: self._config.cultures[c].attribute_tables for c in self.cultures()}
        return {
            named[culture].get(prompt, f"attributes_{culture}_{prompt}"): (culture, prompt)
            for prompt in self._prompts()
            for culture in self.cultures()
        }

    def prints_raw_scales(self, table: str) -> bool:
        """Whether a table prints the norms' own scales."""
        return table in RAW_TABLES

    def figures(self) -> dict[str, tuple[str, str]]:
        """Name of each figure of attributes -> its attribute and prompt."""
        files = [
            file for culture in self.cultures() for file in self._files()[self.language_of(culture)]
        ]
        attributes = dict.fromkeys(name for file in files for name in file.attributes)
        pairs = product(attributes, enumerate(self._prompts()))
        return {
            PAPER_FIGURES.get((name, place), f"attributes_{name}_{prompt}"): (name, prompt)
            for name, (place, prompt) in pairs
        }

    def norm_files(self, language: str) -> list[tuple[dict[str, Any], str | None]]:
        """Settings of each norm file of a language and where it lies, if it is there."""
        where = self._locations
        return [
            (norm.model_dump(), where.located(norm.file) if where.is_there(norm.file) else None)
            for norm in self._files()[language]
        ]

    def found_norms(self, language: str) -> list[str]:
        """The norm files of a language that are there."""
        return [path for _, path in self.norm_files(language) if path]

    def norms(self, culture: str) -> str:
        """Ratings of words in a culture's language."""
        return paths.NORMS.format(language=self.language_of(culture))

    def norm_record(self, culture: str) -> str:
        """What became of the norm files of a culture's language."""
        return paths.NORM_RECORD.format(language=self.language_of(culture))

    def scores(self, culture: str, prompt: str) -> list[str]:
        """Attributes of a culture's arms; none if every norm file is missing."""
        if self._norms is None or not self.found_norms(self.language_of(culture)):
            return []
        decoding = self._norms.decodings.get(prompt, self._config.run.decodings[0])
        return self._evaluations.lists(paths.ATTRIBUTES, culture, prompt, [decoding])

    def figure_scores(self, figure: str) -> list[list[str]]:
        """Attributes of the arms that a figure draws, a list for each culture."""
        _, prompt = self.figures()[figure]
        return [self.scores(culture, prompt) for culture in self.cultures()]

    def human(self) -> list[str]:
        """Attributes of the humans of each culture."""
        return [paths.HUMAN_ATTRIBUTES.format(culture=culture) for culture in self.cultures()]

    def first_scores(self) -> list[str]:
        """Attributes of all cultures' arms under the first prompt."""
        return [file for c in self.cultures() for file in self.scores(c, self._prompts()[0])]

    def look_up(self) -> dict[str, dict[str, Any]]:
        """Culture of the run -> how its words are normalized and looked up in the norms.

        ``rules`` of the normalizer; ``language``; ``lemmatizer`` and ``norms`` (a file), or None.
        """
        lemmatizers = self._norms.lemmatizer if self._norms else {}
        return {
            culture: {
                "rules": self._config.languages[self.language_of(culture)].rules(),
                "language": self.language_of(culture),
                "lemmatizer": lemmatizers.get(self.language_of(culture)),
                "norms": self.norms(culture) if culture in self.cultures() else None,
            }
            for culture in self._config.run.cultures
        }
