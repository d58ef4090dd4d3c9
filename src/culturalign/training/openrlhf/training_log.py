"""OpenRLHF's printed log, as the training log that the native engine writes."""

import re
from collections.abc import Iterable

_STEP = re.compile(r"Global step (\d+): \{(.*)\}")
_VALUE = re.compile(r"'([^']+)': (-?(?:\d[\d.e+-]*|inf)|nan)")

COLUMNS = {
    "reward": "rollout/reward_mean",
    "reward_sd": "rollout/reward_std",
    "unparsed": "unparsed",
    "incomplete": "incomplete",
    "failed": "failed",
    "kl": "kl",
    "entropy": "entropy_loss",
    "clip_fraction": "ppo_clip_ratio",
    "policy_kl": "ppo_kl",
    "policy_loss": "policy_loss",
    "value_loss": "critic_loss",
    "explained_variance": "",
    "response_length": "rollout/response_length_mean",
    "truncated": "rollout/truncated_rate",
    "policy_grad_norm": "actor_grad_norm",
    "critic_grad_norm": "critic_grad_norm",
}
"""Our column -> OpenRLHF's name; it does not print the explained variance."""


def read_log(lines: Iterable[str]) -> list[dict[str, float]]:
    """Numbers of each update.

    Args:
        lines: What OpenRLHF printed, over all attempts. If an update was done again after an
            interruption, the last attempt counts.

    Returns:
        Rows with ``step`` (updates done) and the printed ones of :data:`COLUMNS`.
    """
    steps: dict[int, dict[str, float]] = {}
    for line in lines:
        if found := _STEP.search(line):
            printed = {name: float(value) for name, value in _VALUE.findall(found.group(2))}
            row = {ours: printed[name] for ours, name in COLUMNS.items() if name in printed}
            steps[int(found.group(1))] = row
    return [{"step": step, **row} for step, row in sorted(steps.items())]
