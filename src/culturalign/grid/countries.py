"""The survey: which cultures are compared with which country, in which language."""

from collections.abc import Mapping

from culturalign.artifacts import paths
from culturalign.config.root import Config
from culturalign.config.survey import Survey
from culturalign.grid.evaluations import Evaluations


class Countries:
    """Cultures of the run with a country, the two poles, and their survey files."""

    def __init__(self, config: Config, evaluations: Evaluations) -> None:
        self._config, self._evaluations = config, evaluations
        self._cultures = config.cultures

    @property
    def settings(self) -> Survey:
        """Settings of the survey stage of a run that has one."""
        assert self._config.survey is not None
        return self._config.survey

    def survey_cultures(self) -> dict[str, str]:
        """Cultures of the run that are compared with a country -> that country."""
        if self._config.survey is None:
            return {}
        found = {culture: self._cultures[culture].country for culture in self._config.run.cultures}
        return {culture: country for culture, country in found.items() if country}

    def built_poles(self) -> list[str]:
        """Poles whose arms the run builds."""
        poles = self._config.survey.poles if self._config.survey else []
        return [pole for pole in poles if pole in self.survey_cultures()]

    def pole_countries(self) -> list[str]:
        """The two countries whose difference defines the tension set; none without a survey."""
        poles = self._config.survey.poles if self._config.survey else []
        return [str(self._cultures[pole].country) for pole in poles]

    def other_countries(self) -> list[str]:
        """Countries of the run besides the poles."""
        poles = self.pole_countries()
        return [c for c in self.survey_cultures().values() if c not in poles]

    def country_labels(self) -> dict[str, str]:
        """Countries whose answers are read -> label of their culture, the poles first."""
        cultures = self.survey_cultures()
        names = [*(self.settings.poles if cultures else []), *cultures]
        return {str(self._cultures[name].country): self._cultures[name].label for name in names}

    def languages(self) -> list[str]:
        """Languages in which models are asked."""
        return list(dict.fromkeys(self._cultures[c].language for c in self.survey_cultures()))

    def questionnaires(self) -> list[str]:
        """Questionnaires of the run, one a language; training examples must not repeat them."""
        return [paths.QUESTIONNAIRE.format(language=language) for language in self.languages()]

    def of_culture(self, template: str, culture: str) -> list[str]:
        """A survey file of each arm of a culture, in its language."""
        return self._evaluations.of_arms("survey", template, culture)

    def of_all(self, template: str) -> list[str]:
        """Survey files of all arms, culture by culture."""
        cultures = self.survey_cultures()
        return [file for culture in cultures for file in self.of_culture(template, culture)]

    def references(self) -> list[str]:
        """Zero-knowledge answers in the language of each of :meth:`survey_cultures`."""
        return [self.references_of(culture) for culture in self.survey_cultures()]

    def references_of(self, culture: str) -> str:
        """Zero-knowledge answers in the language of a culture."""
        return paths.SURVEY_REFERENCES.format(language=self._cultures[culture].language)

    def asked_of_all(self) -> list[str]:
        """The culture that each of the files of :meth:`of_all` is about."""
        return [
            culture
            for culture in self.survey_cultures()
            for _ in self.of_culture(paths.DIVERGENCE, culture)
        ]

    def questionnaire(self, culture: str) -> str:
        """The questionnaire in a culture's language."""
        return paths.QUESTIONNAIRE.format(language=self._cultures[culture].language)

    def translation_questionnaire(self) -> list[str]:
        """The first pole's questionnaire, to translate the second's; none in one language.

        Nor if the run asks nothing in the first pole's language.
        """
        first, second = map(self.questionnaire, self.settings.poles)
        return [first] if first != second and first in self.questionnaires() else []

    def leaning_culture(self, figure: str) -> str:
        """Figure 3 shows the second pole's arms, figure 11 the first's (section 5.3, app. H.3)."""
        return self.settings.poles[1 if figure == "fig3" else 0]

    def baselines(self) -> dict[str, str]:
        """Models whose vanilla arm is tested against another model's -> the other."""
        found: Mapping[str, str | None] = {
            name: self._config.models[name].baseline for name in self._config.run.models
        }
        return {name: other for name, other in found.items() if other}
