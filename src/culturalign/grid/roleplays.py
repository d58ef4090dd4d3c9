"""CLCA: role-play, the examples made of it, prompt-only methods, and persona answers."""

from typing import Any

from culturalign.arms import parse_arm
from culturalign.artifacts import paths
from culturalign.config.clca import Clca, PromptOnly
from culturalign.config.named_files import CLCA_PROMPTS
from culturalign.config.root import Config
from culturalign.grid.countries import Countries
from culturalign.grid.evaluations import Evaluations
from culturalign.grid.locations import Locations
from culturalign.grid.run_arms import VANILLA, Arms


class Roleplays:
    """Cultures of the run with role-play or persona answers, and their files."""

    def __init__(
        self,
        config: Config,
        arms: Arms,
        evaluations: Evaluations,
        countries: Countries,
        locations: Locations,
    ) -> None:
        self._config, self._arms, self._evaluations = config, arms, evaluations
        self._countries, self._locations = countries, locations

    @property
    def settings(self) -> Clca:
        """Settings of CLCA in a run that has it."""
        assert self._config.clca is not None
        return self._config.clca

    def materials(self, culture: str, *, system: bool = False) -> dict[str, Any]:
        """Files of a culture's role-play, and with ``system`` the language's system message."""
        settings, language = self._config.cultures[culture], self._evaluations.language(culture)
        located, country = self._locations.located, str(settings.country)
        found = {
            "scenarios": [located(file) for file in self.settings.scenarios[country]],
            "card": located(self.settings.cards[country]),
            "prompts": located(str(language.clca_prompts)),
            "country": country,
            "language": settings.language,
        }
        return found | ({"system": language.system} if system else {})

    def texts(self, culture: str) -> list[str]:
        """Files that a culture's role-play is made of."""
        found = self.materials(culture)
        prompts = [f"{found['prompts']}/{name}" for name in CLCA_PROMPTS]
        return [found["card"], *found["scenarios"], *prompts]

    def joined_examples(self, template: str, culture: str, method: str) -> list[str]:
        """Association examples that a method mixes with role-play."""
        options = self._arms.clca(method)
        if options.associations is None or options.order == "sequential":
            return []
        return [template.format(culture=culture, method=options.associations)]

    def learned_intents(self, culture: str, method: str) -> list[str]:
        """Intents of a culture's dialogues, if a method learns them."""
        return [paths.INTENTS.format(culture=culture)] if self._arms.clca(method).intents else []

    def cultures(self) -> list[str]:
        """Cultures of the run with role-played dialogues."""
        run = self._config.run
        return list(run.cultures) if set(run.methods) & set(self._arms.clca_methods) else []

    def all_intents(self) -> list[str]:
        """Intents of all cultures, if a method of the run learns them."""
        methods = [m for m in self._config.run.methods if m in self._arms.clca_methods]
        learned = any(self._arms.clca(method).intents for method in methods)
        return [paths.INTENTS.format(culture=c) for c in self.cultures() if learned]

    def persona_cultures(self) -> list[str]:
        """Cultures of the run with persona answers."""
        asked = self._config.clca and self._config.clca.personas
        return list(self._countries.survey_cultures()) if asked else []

    def as_persona(self, arm: str) -> bool:
        """Whether an arm is asked as a respondent: trained arms, and some prompt-only ones."""
        return self._method_as_persona(parse_arm(arm).method)

    def _method_as_persona(self, method: str) -> bool:
        if method == VANILLA:
            return False
        options = self._config.methods[method]
        return options.persona if isinstance(options, PromptOnly) else True

    def persona_system(self, culture: str, arm: str) -> str:
        """System message of an arm asked for persona answers, without the persona."""
        system = self._evaluations.language(culture).system
        return system if self.as_persona(arm) else self._arms.system(arm, system)

    def persona_scores(self) -> list[str]:
        """Scores of the persona answers of all cultures, models, and arms."""
        return [
            file
            for culture in self.persona_cultures()
            for file in self._evaluations.of_arms("personas", paths.PERSONA_SCORES, culture)
        ]

    def asked_as(self) -> dict[str, str]:
        """Vanilla and the run's methods -> as whom their arms are asked."""
        named = {
            method: "respondent" if self._method_as_persona(method) else "nobody"
            for method in [VANILLA, *self._config.run.methods]
        }
        prompted = [method for method in named if method in self._arms.prompt_methods]
        return named | {m: "country" for m in prompted if not self._method_as_persona(m)}

    def tables(self) -> list[str]:
        """Names of the tables of role-play and persona answers."""
        names = ["dialogues"] if self.cultures() else []
        return names + (["personas", "personas_contrasts"] if self.persona_cultures() else [])
