"""Checkpoints of PPO: everything a run needs to continue without a difference.

Tensors are safetensors, the rest is JSON; nothing in a checkpoint can run.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from culturalign.training.checkpoints import mark_complete, newest_checkpoint, step_of
from culturalign.training.ppo.learner import Learner

KEPT = 2
"""Number of newest checkpoints that are kept."""


def save(
    scratch: Path, learner: Learner, state: dict[str, Any], update: int, fingerprint: str
) -> None:
    """Write ``checkpoint-{update}``, with the plain values of the loop, and remove old ones.

    The number of updates done is also the position in the data.
    """
    folder = scratch / f"checkpoint-{update}"
    folder.mkdir(parents=True)
    save_file(_tensors(learner), folder / "state.safetensors")
    plain = {"state": state, "steps": learner.steps}
    (folder / "state.json").write_text(json.dumps(plain), encoding="utf-8")
    mark_complete(folder, fingerprint)
    for old in sorted(scratch.glob("checkpoint-*"), key=step_of)[:-KEPT]:
        shutil.rmtree(old)


def load(scratch: Path, learner: Learner, fingerprint: str) -> tuple[int, dict[str, Any]] | None:
    """Load the newest checkpoint of the run into a learner, if there is one.

    Returns:
        Updates done, and the plain values of the loop.
    """
    folder = newest_checkpoint(scratch, fingerprint)
    if folder is None:
        return None
    tensors = load_file(folder / "state.safetensors")
    plain = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    with torch.no_grad():
        for name, parameter in learner.roles.trained().items():
            parameter.copy_(tensors[f"weights.{name}"])
    for role, optimizer in learner.optimizers.items():
        _load_optimizer(optimizer, role, tensors)
    torch.set_rng_state(tensors["random.cpu"])
    if torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["random.cuda"])
    learner.steps = plain["steps"]
    return step_of(folder), plain["state"]


def _tensors(learner: Learner) -> dict[str, torch.Tensor]:
    tensors = {f"weights.{n}": p.detach().clone() for n, p in learner.roles.trained().items()}
    for role, optimizer in learner.optimizers.items():
        for index, entry in optimizer.state_dict()["state"].items():
            tensors |= {f"{role}.{index}.{key}": value.clone() for key, value in entry.items()}
    tensors["random.cpu"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    return tensors


def _load_optimizer(
    optimizer: torch.optim.Optimizer, role: str, tensors: dict[str, torch.Tensor]
) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith(f"{role}."):
            _, index, key = name.split(".")
            state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
