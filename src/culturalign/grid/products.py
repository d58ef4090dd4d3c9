"""What a run builds: its tables, figures, and releases by name."""

import re
from itertools import product
from typing import Any

from culturalign.artifacts import paths
from culturalign.config.root import Config
from culturalign.grid.attributes import Attributes
from culturalign.grid.countries import Countries
from culturalign.grid.evaluations import Evaluations
from culturalign.grid.roleplays import Roleplays
from culturalign.grid.run_arms import Arms

CAPTIONS = {
    "thresholds": ("fig2", "fig10"),
    "leanings": ("fig3", "fig11"),
    "topics": ("fig12", "fig13"),
}
"""Captions in workflow/report that figures of one kind share."""
DEBIASED = "_debiased"
"""Ending of what shows answers averaged over the orders of the options."""
PLACES = {("USA", "en"): "US", ("CHN", "zh"): "ZH"}
"""Country and language of the paper's two cultures, and the paper's names for them."""
LISTS = {"US": "table1", "ZH": "table2"}
"""The paper's table of generated lists of each; as run, that of the US is of all countries."""


class Products:
    """Names of tables and figures, and the files behind them."""

    def __init__(
        self,
        config: Config,
        arms: Arms,
        evaluations: Evaluations,
        countries: Countries,
        attributes: Attributes,
        roleplays: Roleplays,
    ) -> None:
        self._config, self._run, self._arms = config, config.run, arms
        self._evaluations, self._countries = evaluations, countries
        self._attributes, self._roleplays = attributes, roleplays

    def orders(self) -> list[str]:
        """Endings of plain results and of their companions averaged over orders, if any."""
        survey = self._config.survey
        return ["", DEBIASED] if survey and survey.orders != 1 else [""]

    def _in_orders(self, names: list[str]) -> list[str]:
        return [f"{name}{order}" for name in names for order in self.orders()]

    def generation_tables(self) -> dict[str, str]:
        """Name of each table of generated lists -> its culture."""
        cultures = self._config.cultures
        return {cultures[c].generation_table or f"generation_{c}": c for c in self._run.cultures}

    def ranking_tables(self) -> dict[str, str]:
        """Name of each table of rankings -> its culture."""
        cultures = self._config.cultures
        return {
            cultures[c].ranking_table or f"ranking_{c}": c
            for c in self._run.cultures
            if self._config.ranking and self._evaluations.language(c).ranking_prompt
        }

    def planted_cultures(self) -> list[str]:
        """Synthetic cultures of the run, whose effect is known."""
        return [c for c in self._run.cultures if self._config.cultures[c].planted]

    def domains(self, *cultures: str) -> list[str]:
        """Tables that put the cues of synthetic cultures in domains; none of real ones."""
        found = (self._config.cultures[culture].planted for culture in cultures)
        return [file for file in found if file]

    def tables(self) -> list[str]:
        """Names of all tables of the run."""
        return [*self.tables_of_claims(), "claims", "readings"]

    def tables_of_claims(self) -> list[str]:
        """Names of the tables that the paper's claims are checked against: all but theirs."""
        return [
            *self._association_tables(),
            *self._survey_tables(),
            *self._attribute_tables(),
            *self._roleplays.tables(),
            *("ledger", "sources"),
            *self._hyperparameter_tables(),
        ]

    def _association_tables(self) -> list[str]:
        parts = ("", "_contrasts", "_ceiling", "_lists", "_decoding")
        names = [f"{table}{part}" for table, part in product(self.generation_tables(), parts)]
        names += [f"planted_{culture}" for culture in self.planted_cultures()]
        names += [f"{table}{part}" for table, part in product(self.ranking_tables(), parts[:3])]
        return names + (["table9", "table9_accuracy"] if self._evaluations.mcq_cultures() else [])

    def _survey_tables(self) -> list[str]:
        if not self._countries.survey_cultures():
            return []
        names = ["table7", "table7_contrasts", "survey_questions", "survey_ledger"]
        names += [f"tension_{pole}" for pole in self._countries.built_poles()]
        return names + (self._in_orders(["table8", "table14"]) if self._has_pole(1) else [])

    def _has_pole(self, place: int) -> bool:
        return self._countries.settings.poles[place] in self._countries.built_poles()

    def _attribute_tables(self) -> list[str]:
        cultures = self._attributes.cultures()
        parts = product(self._attributes.tables(), ("", "_tests", "_contrasts"))
        names = [f"{name}{part}" for name, part in parts]
        names += [f"humans_{culture}" for culture in cultures]
        return names + (["norms"] if cultures else [])

    def _hyperparameter_tables(self) -> list[str]:
        trained = set(self._arms.trained_methods)
        names = (
            ["table10"] if trained & set(self._arms.sft_methods) - set(self._arms.controls) else []
        )
        return names + (["table11"] if trained & set(self._arms.ppo_methods) else [])

    def figures(self) -> list[str]:
        """Names of all figures of the run; the paper's in the order of their numbers."""
        trained = set(self._run.methods if self._arms.trained_models else [])
        names = ["precision"]
        names += ["training"] if trained & set(self._arms.sft_methods) else []
        names += ["ppo"] if trained & set(self._arms.ppo_methods) else []
        names += self._survey_figures()
        names += self._attributes.figures()
        spotlight = any(self._config.cultures[c].spotlight for c in self._run.cultures)
        names += ["fig1"] if spotlight else []
        return sorted(names, key=lambda name: int(re.sub(r"\D", "", name) or 0))

    def _survey_figures(self) -> list[str]:
        if not self._countries.survey_cultures():
            return []
        names = ["fig2", "fig10"]
        names += ["fig11"] if self._has_pole(0) else []
        names += ["fig3", "fig12", "fig13"] if self._has_pole(1) else []
        return self._in_orders(names)

    def caption(self, figure: str) -> str:
        """Name of a figure's caption in workflow/report; figures of one kind share it."""
        figure = figure.removesuffix(DEBIASED)
        if figure in self._attributes.figures():
            return "attributes"
        return next((name for name, shared in CAPTIONS.items() if figure in shared), figure)

    def targets(self) -> dict[str, list[str]]:
        """Name of each table and figure of the run -> its files, and its companion's."""
        kinds = ((paths.tables, self.tables()), (paths.figures, self.figures()))
        return {
            name: files(*[each for each in (name, f"{name}{DEBIASED}") if each in names])
            for files, names in kinds
            for name in names
        }

    def paper_counterparts(self) -> dict[str, dict[str, Any]]:
        """The paper's US and ZH -> the run's culture of that country and language, if there is one.

        Of two cultures of a country, a real one is preferred to a synthetic one.
        """
        found: dict[str, dict[str, Any]] = {}
        survey = self._config.survey
        synthetic_survey = survey is not None and survey.file.startswith(paths.DEMO)
        for culture in self._run.cultures:
            settings = self._config.cultures[culture]
            place = PLACES.get((settings.country or "", settings.language))
            synthetic = synthetic_survey or settings.planted is not None
            if place and (place not in found or not synthetic):
                found[place] = {
                    "label": settings.label,
                    "name": culture,
                    **self._list_tables(place, culture),
                    "attributes": self._first_attribute_table(culture),
                    "synthetic": synthetic,
                }
        return found

    def _list_tables(self, place: str, culture: str) -> dict[str, str | None]:
        """Tables of lists and rankings for a place of the paper, and whose they are: of the culture
        that has the paper's table, if it has the language and real people; else of its own."""
        lists, cultures = self.generation_tables(), self._config.cultures
        owner = lists.get(LISTS[place], culture)
        if cultures[owner].planted or cultures[owner].language != cultures[culture].language:
            owner = culture
        table, ranking = (
            next((name for name, each in tables.items() if each == owner), None)
            for tables in (lists, self.ranking_tables())
        )
        return {"table": table, "ranking": ranking, "lists": cultures[owner].label}

    def _first_attribute_table(self, culture: str) -> str:
        tables = self._attributes.tables().items()
        named = (name for name, (owner, _) in tables if owner == culture)
        return next(named, f"attributes_{culture}")

    def release_tables(self, culture: str) -> list[str]:
        """Tables that an adapter's model card quotes: precision, and survey if there is one."""
        names = [name for name, owner in self.generation_tables().items() if owner == culture]
        names += ["table7"] if culture in self._countries.survey_cultures() else []
        return [paths.table_csv(name) for name in names]

    def releases(self) -> list[str]:
        """Released folders of all adapters, with vLLM's loading test if the run has vLLM."""
        templates = [paths.RELEASE]
        if any(self._config.models[model].engine == "vllm" for model in self._run.models):
            templates.append(paths.RELEASE_CHECK)
        without = {*self._arms.full_methods, *self._arms.untrained_methods}
        methods = [method for method in self._run.methods if method not in without]
        grid = product(self._arms.trained_models, self._run.cultures, methods, self._run.seeds)
        return [
            template.format(model=model, culture=culture, method=method, seed=seed)
            for model, culture, method, seed in grid
            for template in templates
        ]
