"""Checkpoints in scratch/: continue a run only if it is the same run and was saved whole."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from accelerate import PartialState
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from culturalign.training.distributed import all_reduce
from culturalign.training.preemption import Pace

MARKER = "complete.json"


def fingerprint(facts: Mapping[str, Any], files: Iterable[Path] = ()) -> str:
    """Digest of everything a training run depends on.

    Args:
        facts: Options, seed, digest of the base model, package versions; plain values.
        files: Inputs, by content.
    """
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


class MarkComplete(TrainerCallback):
    """Mark each checkpoint once it is whole.

    A process killed while it writes leaves a checkpoint without a mark, which is never used.
    """

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint

    def on_save(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: Any,
    ) -> None:
        """Write the mark, with the run's fingerprint, once every rank has written its part."""
        PartialState().wait_for_everyone()
        if not state.is_world_process_zero:
            return
        folder = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
        mark = json.dumps({"fingerprint": self.fingerprint})
        (folder / MARKER).write_text(mark, encoding="utf-8")


class SaveWhenDue(TrainerCallback):
    """Save between the planned checkpoints too: after some minutes, and before leaving."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: Any,
    ) -> None:
        """Ask for a checkpoint if one is due; stop the training if any rank was told to."""
        due, stop = all_reduce(self.pace.due(), self.pace.stop, device=args.device)
        if due and state.global_step < state.max_steps:
            control.should_save = True
            control.should_training_stop = stop

    def on_save(self, *_: Any, **__: Any) -> None:
        """Count the minutes from here."""
        self.pace.saved()


def last_complete(scratch: Path, fingerprint: str) -> Path | None:
    """The newest whole checkpoint of the same run, if there is one."""
    found = [path.parent for path in scratch.glob(f"checkpoint-*/{MARKER}")]
    for folder in sorted(found, key=lambda path: int(path.name.rpartition("-")[2]), reverse=True):
        if _mark(folder / MARKER) == {"fingerprint": fingerprint}:
            return folder
    return None


def remove_others(scratch: Path, fingerprint: str) -> None:
    """Remove the checkpoints of other runs, and those that were not saved whole.

    Beside those of a run that went further, the next ones would be the oldest, removed at once.
    """
    for folder in scratch.glob("checkpoint-*"):
        if _mark(folder / MARKER) != {"fingerprint": fingerprint}:
            shutil.rmtree(folder)


def _mark(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # killed before or while it was written
        return None
