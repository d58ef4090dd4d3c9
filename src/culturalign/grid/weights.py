"""Which weights a job loads, by model and arm."""

from culturalign.arms import Arm, parse_arm
from culturalign.artifacts import paths
from culturalign.config.root import Config
from culturalign.grid.run_arms import VANILLA, Arms
from culturalign.models.model_source import is_gguf


class Weights:
    """Base weights, adapters, and the records that they can be loaded."""

    def __init__(self, config: Config, arms: Arms) -> None:
        self._config, self._arms = config, arms

    def _source(self, model: str) -> str:
        return self._config.models[model].source

    def access(self, *models: str) -> list[str]:
        """Records that models can be had; unpacking shows it of GGUF files."""
        return [paths.ACCESS.format(model=m) for m in models if not is_gguf(self._source(m))]

    def unpacked(self, *models: str) -> list[str]:
        """Folders of unpacked weights, for models that are GGUF files."""
        return [paths.BASE.format(model=m) for m in models if is_gguf(self._source(m))]

    def base(self, model: str, arm: str = VANILLA) -> list[str]:
        """Weights that a job loads: the arm's own, the unpacked GGUF file's, or none to name."""
        if self._arms.is_full(arm):
            return [_trained(paths.WEIGHTS, model, parse_arm(arm))]
        return self.unpacked(model)

    def adapter(self, model: str, arm: str) -> list[str]:
        """An arm's adapter; none for vanilla, prompt-only, and fully trained arms.

        Of published weights their folder, whether it holds an adapter or a full model.
        """
        parsed = parse_arm(arm)
        if parsed.method in self._arms.published_methods:
            return [_trained(paths.PUBLISHED, model, parsed)]
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


def _trained(template: str, model: str, arm: Arm) -> str:
    return template.format(model=model, culture=arm.culture, method=arm.method, seed=arm.seed)
