"""Checkpoints of PPO: everything a run needs to go on as if it had never stopped.

Tensors are safetensors, the rest is JSON; nothing in a checkpoint can run.
"""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from culturalign.training.checkpoints import MARKER, last_complete, remove_others
from culturalign.training.ppo.learner import Learner

KEPT = 2
"""Newest checkpoints that stay."""


def save(
    scratch: Path, learner: Learner, state: dict[str, Any], update: int, fingerprint: str
) -> None:
    """Write ``checkpoint-{update}``, marked as whole at the very end.

    Args:
        scratch: Folder of the checkpoints.
        learner: With the models and optimizers.
        state: Plain values of the loop: KL coefficient, log so far, counts.
        update: Updates done, which is the position in the data too.
        fingerprint: Of the run.
    """
    folder = scratch / f"checkpoint-{update}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    save_file(_tensors(learner), folder / "state.safetensors")
    plain = {"state": state, "steps": learner.steps, "random": random.getstate()}
    (folder / "state.json").write_text(json.dumps(plain), encoding="utf-8")
    mark = json.dumps({"fingerprint": fingerprint})
    (folder / MARKER).write_text(mark, encoding="utf-8")
    steps = sorted(int(path.name.rpartition("-")[2]) for path in scratch.glob("checkpoint-*"))
    for step in steps[:-KEPT]:
        shutil.rmtree(scratch / f"checkpoint-{step}")


def load(scratch: Path, learner: Learner, fingerprint: str) -> tuple[int, dict[str, Any]] | None:
    """Put the newest whole checkpoint of the same run into a learner, if there is one.

    Those of other runs are removed.

    Returns:
        Updates done, and the plain values of the loop.
    """
    remove_others(scratch, fingerprint)
    folder = last_complete(scratch, fingerprint)
    if folder is None:
        return None
    tensors = load_file(folder / "state.safetensors")
    plain = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    with torch.no_grad():
        for name, parameter in learner.roles.trained().items():
            parameter.copy_(tensors[f"weights.{name}"])
    for name, optimizer in _optimizers(learner).items():
        _load_optimizer(optimizer, name, tensors)
    torch.set_rng_state(tensors["random.cpu"])
    if torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["random.cuda"])
    version, internal, gauss = plain["random"]
    random.setstate((version, tuple(internal), gauss))
    learner.steps = plain["steps"]
    return int(folder.name.rpartition("-")[2]), plain["state"]


def _optimizers(learner: Learner) -> dict[str, torch.optim.AdamW]:
    return {"policy": learner.policy, "critic": learner.critic}


def _tensors(learner: Learner) -> dict[str, torch.Tensor]:
    tensors = {f"weights.{n}": p.detach().clone() for n, p in learner.roles.trained().items()}
    for name, optimizer in _optimizers(learner).items():
        for index, entry in optimizer.state_dict()["state"].items():
            tensors |= {f"{name}.{index}.{key}": value.clone() for key, value in entry.items()}
    tensors["random.cpu"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    return tensors


def _load_optimizer(
    optimizer: torch.optim.AdamW, name: str, tensors: dict[str, torch.Tensor]
) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        owner, _, rest = key.partition(".")
        if owner == name:
            index, _, entry = rest.partition(".")
            state.setdefault(int(index), {})[entry] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
