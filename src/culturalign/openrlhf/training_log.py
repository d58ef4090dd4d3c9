"""OpenRLHF's printed log as the table that every PPO engine writes."""

import re
from collections.abc import Iterable

import polars as pl

_STEP = re.compile(r"Global step (\d+): \{(.*)\}")
_VALUE = re.compile(r"'([^']+)': (-?(?:\d[\d.e+-]*|inf)|nan)")

COLUMNS = {
    "reward": "rollout/reward_mean",
    "kl": "kl",
    "entropy": "entropy_loss",
    "clip_fraction": "ppo_clip_ratio",
    "policy_loss": "policy_loss",
    "value_loss": "critic_loss",
    "response_length": "rollout/response_length_mean",
    "truncated": "rollout/truncated_rate",
    "parsed": "parsed",
    "missing": "missing",
    "invented": "invented",
    "duplicates": "duplicates",
    "failed": "failed",
}
"""Our name -> OpenRLHF's."""


def read_log(lines: Iterable[str]) -> pl.DataFrame:
    """Numbers of each update.

    Args:
        lines: What OpenRLHF printed, over all attempts; a step done again after an interruption
            counts as it was done last.

    Returns:
        ``update`` from 1, and the columns of :data:`COLUMNS`; null where nothing was printed.
    """
    steps: dict[int, dict[str, float]] = {}
    for line in lines:
        if found := _STEP.search(line):
            printed = {name: float(value) for name, value in _VALUE.findall(found.group(2))}
            steps[int(found.group(1))] = printed
    rows = [
        {"update": step, **{ours: values.get(theirs) for ours, theirs in COLUMNS.items()}}
        for step, values in sorted(steps.items())
    ]
    schema = {"update": pl.Int64, **dict.fromkeys(COLUMNS, pl.Float64)}
    return pl.DataFrame(rows, schema=schema)
