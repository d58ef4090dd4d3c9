"""OpenRLHF's printed log, as the training log that the native engine writes."""

import re
from collections.abc import Iterable

import polars as pl

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


def read_log(lines: Iterable[str]) -> pl.DataFrame:
    """Numbers of each update.

    Args:
        lines: What OpenRLHF printed, over all attempts; an update done again after an
            interruption counts as it was done last.

    Returns:
        ``step`` (updates done) and the columns of :data:`COLUMNS`; null where nothing was printed.
    """
    steps: dict[int, dict[str, float]] = {}
    for line in lines:
        if found := _STEP.search(line):
            printed = {name: float(value) for name, value in _VALUE.findall(found.group(2))}
            steps[int(found.group(1))] = printed
    rows = [
        {"step": step, **{ours: values.get(theirs) for ours, theirs in COLUMNS.items()}}
        for step, values in sorted(steps.items())
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(["step", *COLUMNS], pl.Float64))
