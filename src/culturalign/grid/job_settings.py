"""Settings of models and methods as jobs depend on them: another label re-runs none."""

from typing import Any

from culturalign.config.root import Config
from culturalign.grid.run_arms import Arms

NOT_ANSWERING = {"train", "tasks", "baseline"}
"""Settings of a model on which its answers do not depend."""
NOT_TRAINING = NOT_ANSWERING | {"engine", "tensor_parallel", "max_sequences", "max_model_length"}
"""Settings of a model on which its training does not depend."""
RENDERING = {"source", "revision", "template", "template_arguments", "system_in_user"}
"""Settings of a model on which its tokenizer and its rendered prompts depend."""


class JobSettings:
    """Parameters of jobs that answer, train, or tabulate what was trained."""

    def __init__(self, config: Config, arms: Arms) -> None:
        self._config, self._arms = config, arms

    def answering_settings(self, model: str | None) -> dict[str, Any]:
        """Settings that a model's answers depend on (a new label re-runs no job); none without."""
        return self._settings(model, NOT_ANSWERING) if model else {}

    def training_settings(self, model: str) -> dict[str, Any]:
        """Settings of a model that training depends on."""
        return self._settings(model, NOT_TRAINING)

    def rendering_settings(self) -> dict[str, dict[str, Any]]:
        """Settings of every model of the run that the choice of labels depends on."""
        models = self._config.run.models
        return {name: self._config.models[name].model_dump(include=RENDERING) for name in models}

    def _settings(self, model: str, without: set[str]) -> dict[str, Any]:
        return {**self._config.models[model].model_dump(exclude=without), "label": model}

    def method_settings(self, method: str) -> dict[str, Any]:
        """Settings of a method that training depends on; a new label re-runs no job."""
        return {**self._config.methods[method].model_dump(), "label": method}

    def published_weights(self, method: str, culture: str, model: str) -> dict[str, Any]:
        """Where the weights of a published method are."""
        found = self._arms.published(method, culture, model)
        return found.model_dump() if found else {}

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
