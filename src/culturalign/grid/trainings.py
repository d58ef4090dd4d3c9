"""Training data, rewards, and logs of the run's trained arms."""

from itertools import product
from typing import Any

from culturalign.artifacts import paths
from culturalign.config.root import Config
from culturalign.grid.run_arms import Arms


class Trainings:
    """What PPO learns from, and the logs of all trainings."""

    def __init__(self, config: Config, arms: Arms) -> None:
        self._config, self._run, self._arms = config, config.run, arms

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
        if self._arms.ppo(method).task != "ranking":
            return {**task, "forms": language.list_forms()}
        return {**task, "reward": ranking.reward.model_dump()} if ranking else task

    def training_logs(self, methods: list[str]) -> list[str]:
        """Training logs of the run's arms that some methods trained."""
        chosen = [method for method in self._run.methods if method in methods]
        grid = product(self._arms.trained_models, self._run.cultures, chosen, self._run.seeds)
        return [
            paths.TRAINING_LOG.format(model=model, culture=culture, method=method, seed=seed)
            for model, culture, method, seed in grid
        ]
