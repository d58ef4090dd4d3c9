"""The reward file that OpenRLHF loads by its path in every vLLM engine.

A copy of it runs, next to ``reward.json``, which names the package's folder and what to score.
Anything wrong with either shows when an engine starts, not in the middle of training.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

SETTINGS = json.loads(Path(__file__).with_name("reward.json").read_text(encoding="utf-8"))
if SETTINGS["source"] not in sys.path:
    sys.path.insert(0, SETTINGS["source"])

from culturalign.training.openrlhf.rewarding import LOGGED, score_query  # noqa: E402


def reward_func(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[str], **_: Any
) -> dict[str, Any]:
    """Score responses.

    Args:
        queries: Prompts with responses, decoded with special tokens; one in OpenRLHF 0.11.2.
        prompts: Prompts as in the data file.
        labels: Labels as in the data file.

    Returns:
        ``rewards`` and ``scores``, float tensors of shape (n,); ``extra_logs``, tensors too.
    """
    given = zip(queries, prompts, labels, strict=True)
    scored = [score_query(query, prompt, label, SETTINGS) for query, prompt, label in given]
    columns = {name: torch.tensor([s[name] for s in scored]) for name in ("reward", *LOGGED)}
    rewards = columns.pop("reward")
    return {"rewards": rewards, "scores": rewards, "extra_logs": columns}
