"""Methods by their kind, and the arms of a run: models in the state in which they answer."""

from functools import cached_property
from itertools import product

from culturalign.arms import parse_arm, swapped_name
from culturalign.config.clca import PromptOnly
from culturalign.config.ppo import Ppo
from culturalign.config.published import Published, PublishedWeights
from culturalign.config.root import Config
from culturalign.config.sft import ClcaSft, Sft

VANILLA = "vanilla"
SWAPPED = ("associations", "ranking", "survey")
"""Tasks on which arms of other cultures are evaluated too, with ``evaluation.swapped``."""


class Arms:
    """Methods, models, and arms of a run.

    An arm is ``vanilla``, or ``{culture}-{method}-seed{seed}`` after training.
    """

    def __init__(self, config: Config) -> None:
        self._config, self._run, self._methods = config, config.run, config.methods

    def _of_kind(self, *kinds: type) -> list[str]:
        return [name for name, method in self._methods.items() if isinstance(method, kinds)]

    @cached_property
    def association_methods(self) -> list[str]:
        """Methods that fine-tune on associations, controls included."""
        return self._of_kind(Sft)

    @cached_property
    def clca_methods(self) -> list[str]:
        """Methods that fine-tune on role-played dialogues."""
        return self._of_kind(ClcaSft)

    @cached_property
    def sft_methods(self) -> list[str]:
        """All methods of supervised fine-tuning."""
        return [*self.association_methods, *self.clca_methods]

    @cached_property
    def prompt_methods(self) -> list[str]:
        """Methods that train nothing: another system message."""
        return self._of_kind(PromptOnly)

    @cached_property
    def published_methods(self) -> list[str]:
        """Methods of weights that others trained."""
        return self._of_kind(Published)

    @cached_property
    def untrained_methods(self) -> list[str]:
        """Methods that the run does not train."""
        return [*self.prompt_methods, *self.published_methods]

    @cached_property
    def ppo_methods(self) -> list[str]:
        """All methods of reinforcement learning."""
        return self._of_kind(Ppo)

    @cached_property
    def native_methods(self) -> list[str]:
        """PPO methods that train LoRA adapters here."""
        return [name for name in self.ppo_methods if self.ppo(name).engine == "native"]

    @cached_property
    def full_methods(self) -> list[str]:
        """PPO methods that train all weights with OpenRLHF."""
        return [name for name in self.ppo_methods if self.ppo(name).engine != "native"]

    @cached_property
    def controls(self) -> list[str]:
        """SFT methods whose lists belong to other cues."""
        found = {name: self._methods[name] for name in self.association_methods}
        return [n for n, m in found.items() if isinstance(m, Sft) and m.examples.shuffle_cues]

    @cached_property
    def trained_models(self) -> list[str]:
        """Models of the run that its methods train."""
        return [model for model in self._run.models if self._config.models[model].train]

    @cached_property
    def trained_methods(self) -> list[str]:
        """Methods that the run trains, including those they continue from."""
        chosen = set(self._run.methods)
        for name in self._run.methods:
            method = self._methods[name]
            chosen.add(method.start if isinstance(method, Ppo) else name)
            chosen.add((method.associations if isinstance(method, ClcaSft) else None) or name)
        return [n for n in self._methods if n in chosen and n not in self.untrained_methods]

    def ppo(self, method: str) -> Ppo:
        """Settings of a PPO method."""
        found = self._methods[method]
        assert isinstance(found, Ppo), method
        return found

    def published(self, method: str, culture: str, model: str) -> PublishedWeights | None:
        """Weights of a published method for a culture and model, if it has any."""
        found = self._methods[method]
        assert isinstance(found, Published), method
        return found.sources.get(culture, {}).get(model)

    def clca(self, method: str) -> ClcaSft:
        """Settings of a method of kind ``clca``."""
        found = self._methods[method]
        assert isinstance(found, ClcaSft), method
        return found

    def names(self, model: str, culture: str) -> list[str]:
        """Arms of a model that are evaluated on a culture; untrained ones once, not by seed."""
        methods = self._run.methods if self._config.models[model].train else []
        return [
            VANILLA,
            *(
                f"{culture}-{method}-seed{seed}"
                for method, seed in product(methods, self._run.seeds)
                if method not in self.untrained_methods or seed == self._run.seeds[0]
                if method not in self.published_methods or self.published(method, culture, model)
            ),
        ]

    def evaluated(self, task: str, culture: str) -> list[tuple[str, str]]:
        """(model, arm): models of the run that are given a task, with their arms of a culture."""
        models = [m for m in self._run.models if task in self._config.models[m].tasks]
        return [
            (model, arm)
            for model in models
            for arm in [*self.names(model, culture), *self.swapped(task, model, culture)]
        ]

    def swapped(self, task: str, model: str, culture: str) -> list[str]:
        """Arms trained on the run's other cultures that answer for this one, as its control."""
        if task not in SWAPPED:
            return []
        others = [other for other in self._run.cultures if other != culture]
        names = [name for other in others for name in self.names(model, other)]
        return [name for name in names if parse_arm(name).method in self.swapped_methods]

    @property
    def swapped_methods(self) -> list[str]:
        """Methods of the run whose arms also answer for other cultures."""
        without = {*self.controls, *self.prompt_methods}
        chosen = self._config.evaluation.swapped
        named = self._run.methods if isinstance(chosen, bool) else chosen
        return [x for x in self._run.methods if chosen and x in named and x not in without]

    def is_full(self, arm: str) -> bool:
        """Whether an arm has weights of its own instead of an adapter."""
        return parse_arm(arm).method in self.full_methods

    def system(self, arm: str, system: str) -> str:
        """An arm's system message: a prompt-only method puts its own before the language's."""
        parsed = parse_arm(arm)
        method = self._methods.get(parsed.method)
        if not isinstance(method, PromptOnly) or parsed.culture is None:
            return system
        return f"{method.system[parsed.culture]} {system}"

    def _averaged(self) -> str:
        """What answers averaged over the orders are called: debiased only if they are exactly."""
        orders = self._config.survey.orders if self._config.survey else "cyclic"
        return "debiased" if orders == "cyclic" else f"{orders} orders"

    def labels(self) -> dict[str, dict[str, str]]:
        """Names shown in tables and figures; methods in the run's order, then the others."""
        config = self._config
        names = dict.fromkeys([*self._run.methods, *self._methods])
        cultures = {name: culture.label for name, culture in config.cultures.items()}
        methods = {name: self._methods[name].label for name in names}
        methods |= {
            swapped_name(name, culture): f"{methods[name]}, trained on {cultures[culture]}"
            for name in self.swapped_methods
            for culture in self._run.cultures
        }
        return {
            "models": {name: model.label for name, model in config.models.items()},
            "methods": methods,
            "cultures": cultures,
            "scorings": {"plain": "plain", "debiased": self._averaged()},
        }
