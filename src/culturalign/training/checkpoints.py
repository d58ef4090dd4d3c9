"""Checkpoints in scratch/: a run continues only its own checkpoints, and only complete ones."""

import json
import shutil
from pathlib import Path
from typing import Any

from accelerate import PartialState
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from culturalign.training.distributed import all_reduce
from culturalign.training.preemption import CheckpointTimer

MARKER = "complete.json"
"""File of a complete checkpoint, with the fingerprint of its run; written last."""


def mark_complete(folder: Path, fingerprint: str) -> None:
    """Mark a checkpoint as complete; one that was cut short is never used."""
    (folder / MARKER).write_text(json.dumps({"fingerprint": fingerprint}), encoding="utf-8")


def newest_checkpoint(scratch: Path, fingerprint: str) -> Path | None:
    """The newest complete checkpoint of a run, if there is one.

    Checkpoints of other runs and incomplete ones are removed: next to those of a run that went
    further, new ones would be the oldest and deleted at once.
    """
    for folder in scratch.glob("checkpoint-*"):
        if not _belongs(folder, fingerprint):
            shutil.rmtree(folder)
    return max(scratch.glob("checkpoint-*"), key=step_of, default=None)


def step_of(checkpoint: Path) -> int:
    """Steps or updates done at a checkpoint."""
    return int(checkpoint.name.rpartition("-")[2])


def _belongs(folder: Path, fingerprint: str) -> bool:
    try:
        mark = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # killed before or while it was written
        return False
    return bool(mark == {"fingerprint": fingerprint})


class CheckpointCallback(TrainerCallback):
    """Marks the Trainer's checkpoints, and saves also when the timer says so."""

    def __init__(self, fingerprint: str, timer: CheckpointTimer) -> None:
        self.fingerprint, self.timer = fingerprint, timer

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Ask for a checkpoint if one is due; stop the training if any rank was preempted."""
        due, stop = all_reduce(self.timer.due(), self.timer.preempted, device=args.device)
        if due and state.global_step < state.max_steps:
            control.should_save = True
            control.should_training_stop = stop

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Mark the checkpoint once every rank has written its part."""
        PartialState().wait_for_everyone()
        if state.is_world_process_zero:
            folder = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
            mark_complete(folder, self.fingerprint)
        self.timer.reset()
