"""Samples and scores of all arms that a table, a figure, or the report needs."""

from collections.abc import Iterable
from itertools import product

from culturalign.artifacts import paths
from culturalign.config.data import Language
from culturalign.config.ppo import Ppo
from culturalign.config.root import Config
from culturalign.config.sft import Sft
from culturalign.grid.run_arms import VANILLA, Arms


class Evaluations:
    """Files of associations, rankings, and multiple-choice questions, culture by culture."""

    def __init__(self, config: Config, arms: Arms) -> None:
        self._config, self._run, self._arms = config, config.run, arms

    def language(self, culture: str) -> Language:
        """Settings of a culture's language."""
        return self._config.languages[self._config.cultures[culture].language]

    def prompt_settings(
        self, culture: str, arm: str = VANILLA, prompt: str | None = None
    ) -> dict[str, str]:
        """System message of an arm, for a prompt if named, and separator of the language."""
        language = self.language(culture)
        own = language.systems.get(prompt) if prompt else None
        system = self._arms.system(arm, own or language.system)
        return {"system": system, "separator": language.separator}

    def example_settings(self, culture: str, method: str) -> dict[str, str]:
        """The same for the prompt of a method's examples."""
        found = self._config.methods[method]
        assert isinstance(found, Sft | Ppo), method
        return self.prompt_settings(culture, prompt=found.examples.prompt)

    def of_kind(self, kind: str) -> list[str]:
        """Cultures whose SWOW file holds ``trials``, or ``strengths``."""
        return [name for name, each in self._config.cultures.items() if each.kind == kind]

    def responses(self, culture: str) -> list[str]:
        """Responses of a culture's participants; none of a strength table."""
        return [paths.RESPONSES.format(culture=c) for c in self.of_kind("trials") if c == culture]

    def lists(
        self, template: str, culture: str, prompt: str | None = None, decodings: Iterable[str] = ()
    ) -> list[str]:
        """Files of all arms of a culture that follow from generated lists.

        Args:
            template: A path with ``{model}, {arm}, {culture}, {prompt}, {decoding}``.
            culture: Whose test cues.
            prompt: The tables' if not given.
            decodings: The tables' if not given.
        """
        chosen = {"culture": culture, "prompt": prompt or self._run.prompts[0]}
        pairs = product(
            self._arms.evaluated("associations", culture), decodings or self._run.decodings[:1]
        )
        return [
            template.format(model=model, arm=arm, decoding=decoding, **chosen)
            for (model, arm), decoding in pairs
        ]

    def asked_of(self, culture: str, prompt: str) -> list[str]:
        """Associations of a culture, if questions about its cues depend on them."""
        evaluation = self._config.evaluation
        needed = evaluation.bounds == "cue" or evaluation.shots.get(prompt)
        return [paths.ASSOCIATIONS.format(culture=culture)] if needed else []

    def all_precision(self, culture: str) -> list[str]:
        """Precision of all arms of a culture under every prompt and decoding."""
        return [
            file
            for prompt in self._run.prompts
            for file in self.lists(paths.PRECISION, culture, prompt, self._run.decodings)
        ]

    def of_arms(self, task: str, template: str, culture: str) -> list[str]:
        """A file of each arm of a culture that is given a task."""
        names = {"culture": culture, "language": self._config.cultures[culture].language}
        pairs = self._arms.evaluated(task, culture)
        return [template.format(model=model, arm=arm, **names) for model, arm in pairs]

    def mcq_cultures(self) -> list[str]:
        """Cultures of the run whose models get multiple-choice questions."""
        return [
            c for c in self._run.cultures if self._config.ranking and self.language(c).mcq_prompt
        ]

    def mcq(self, template: str) -> list[str]:
        """Multiple-choice files of all cultures; of vanilla arms only, unless configured."""
        ranking = self._config.ranking
        return [
            template.format(model=model, arm=arm, culture=culture)
            for culture in self.mcq_cultures()
            for model, arm in self._arms.evaluated("mcq", culture)
            if arm == VANILLA or (ranking and ranking.mcq == "all")
        ]

    def mcq_prompts(self) -> list[str]:
        """Prompts of multiple-choice questions, one a culture."""
        return [str(self.language(culture).mcq_prompt) for culture in self.mcq_cultures()]

    def report_lists(self) -> list[str]:
        """Generated lists and their provenance, which the report quotes."""
        templates = (paths.LIST_PROVENANCE, paths.LIST_SAMPLES)
        return [f for c in self._run.cultures for t in templates for f in self.lists(t, c)]

    def report_rankings(self, cultures: Iterable[str]) -> list[str]:
        """Rankings and their provenance, which the report quotes."""
        templates = (paths.RANKING_PROVENANCE, paths.RANKING_SAMPLES)
        return [f for c in cultures for t in templates for f in self.of_arms("ranking", t, c)]
