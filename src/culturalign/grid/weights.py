"""Weights, settings, and training data of a job, by model and arm."""

from itertools import product
from typing import Any

from culturalign.arms import Arm, parse_arm
from culturalign.config.root import Config
from culturalign.grid import paths
from culturalign.grid.methods import VANILLA, Arms
from culturalign.models.model_source import is_on_hub, is_packaged

ANSWERED_WITH = {"train", "tasks", "baseline"}
"""Settings of a model that its answers do not depend on."""
TRAINED_WITH = ANSWERED_WITH | {"engine", "tensor_parallel", "max_sequences", "max_model_length"}
"""Settings of a model that its training does not depend on: those of the answering engine too."""


class Weights:
    """Which files a job loads, and the settings that decide whether it runs again."""

    def __init__(self, config: Config, arms: Arms) -> None:
        self._config, self._run, self._arms = config, config.run, arms

    def _source(self, model: str) -> str:
        return self._config.models[model].source

    def access(self, *models: str) -> list[str]:
        """Records that models can be had, for those from the hub."""
        return [paths.ACCESS.format(model=m) for m in models if is_on_hub(self._source(m))]

    def packaged(self, *models: str) -> list[str]:
        """Folders of unpacked weights, for models that come inside a Python package."""
        return [paths.BASE.format(model=m) for m in models if is_packaged(self._source(m))]

    def base(self, model: str, arm: str = VANILLA) -> list[str]:
        """Weights that a job loads: the arm's own, the unpacked package's, or none to name."""
        if self._arms.is_full(arm):
            return [_trained(paths.WEIGHTS, model, parse_arm(arm))]
        return self.packaged(model)

    def adapter(self, model: str, arm: str) -> list[str]:
        """An arm's adapter; none for vanilla, prompt-only, and fully trained arms."""
        parsed = parse_arm(arm)
        without = [VANILLA, *self._arms.prompt_methods, *self._arms.full_methods]
        return [] if parsed.method in without else [_trained(paths.ADAPTER, model, parsed)]

    def start_adapter(self, model: str, culture: str, method: str, seed: str) -> list[str]:
        """The adapter that native PPO starts from; none if it starts from the vanilla model."""
        return self._start(paths.ADAPTER, model, culture, method, seed)

    def start_weights(self, model: str, culture: str, method: str, seed: str) -> list[str]:
        """The weights that full PPO starts from: merged ones if it starts from SFT."""
        return self._start(paths.MERGED, model, culture, method, seed) or self.base(model)

    def _start(self, template: str, model: str, culture: str, method: str, seed: str) -> list[str]:
        start = self._arms.ppo(method).start
        if start == VANILLA:
            return []
        return [template.format(model=model, culture=culture, method=start, seed=seed)]

    def continued_adapter(self, model: str, culture: str, method: str, seed: str) -> list[str]:
        """The SFT adapter that a CLCA method continues from; none for a new one."""
        if method not in self._arms.clca_methods:
            return []
        options = self._arms.clca(method)
        if options.associations is None or options.order != "sequential":
            return []
        names = {"model": model, "culture": culture, "seed": seed}
        return [paths.ADAPTER.format(method=options.associations, **names)]

    def ppo_examples(self, culture: str, method: str) -> str:
        """Training prompts of a PPO method's task."""
        ranks = self._arms.ppo(method).task == "ranking"
        template = paths.RANKING_TRAIN if ranks else paths.TRAIN_EXAMPLES
        return template.format(culture=culture, method=method)

    def ppo_associations(self, culture: str, method: str) -> list[str]:
        """Human associations that reward free lists; rankings carry their own counts."""
        ranks = self._arms.ppo(method).task == "ranking"
        return [] if ranks else [paths.ASSOCIATIONS.format(culture=culture)]

    def ppo_task(self, culture: str, method: str) -> dict[str, Any]:
        """What the reward of a PPO method depends on in addition to its data."""
        language = self._config.languages[self._config.cultures[culture].language]
        task: dict[str, Any] = {"rules": language.rules()}
        ranking = self._config.ranking
        if self._arms.ppo(method).task == "ranking" and ranking is not None:
            task["reward"] = ranking.reward.model_dump()
        return task

    def training_logs(self, methods: list[str]) -> list[str]:
        """Training logs of the run's arms that some methods trained."""
        chosen = [method for method in self._run.methods if method in methods]
        grid = product(self._arms.trained_models, self._run.cultures, chosen, self._run.seeds)
        return [
            paths.TRAINING_LOG.format(model=model, culture=culture, method=method, seed=seed)
            for model, culture, method, seed in grid
        ]

    def answering_settings(self, model: str | None) -> dict[str, Any]:
        """Settings that a model's answers depend on (a new label re-runs no job); none without."""
        return self._settings(model, ANSWERED_WITH) if model else {}

    def training_settings(self, model: str) -> dict[str, Any]:
        """Settings of a model that training depends on."""
        return self._settings(model, TRAINED_WITH)

    def _settings(self, model: str, without: set[str]) -> dict[str, Any]:
        return {**self._config.models[model].model_dump(exclude=without), "label": model}

    def method_settings(self, method: str) -> dict[str, Any]:
        """Settings of a method that training depends on; a new label re-runs no job."""
        return {**self._config.methods[method].model_dump(), "label": method}

    def hyperparameters(self) -> dict[str, dict[str, Any]]:
        """Settings of the trained methods; LoRA trains in the precision of the run's models."""
        named = {"auto": "auto: bf16 if the processor has it"}
        found = {self._config.models[model].precision for model in self._arms.trained_models}
        lora = {"precision": ", ".join(sorted(named.get(each, each) for each in found))}
        return {
            name: self._config.methods[name].model_dump()
            | ({} if name in self._arms.full_methods else lora)
            for name in self._arms.trained_methods
        }


def _trained(template: str, model: str, arm: Arm) -> str:
    return template.format(model=model, culture=arm.culture, method=arm.method, seed=arm.seed)
