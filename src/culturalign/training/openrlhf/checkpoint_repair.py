"""What OpenRLHF's checkpoints need before it can continue from them after a kill."""

import shutil
from pathlib import Path

ROLES = ("_actor", "_critic")
"""Folders of a checkpoint folder, saved one after the other. Each has a folder for each tag,
``global_step20``, and a file ``latest`` that names the tag saved last, written at the end."""


def repair(checkpoints: Path) -> None:
    """Set both roles back to the newest checkpoint they have in common; without one, start over.

    OpenRLHF 0.11.2 continues wherever a role has a folder. Without ``latest`` it then has no
    states and ends with ``KeyError: 'episode'``, at every start; with two tags it would train a
    policy with the critic of another step.
    """
    tags = [_latest(checkpoints / role) for role in ROLES]
    common = min((tag for tag in tags if tag), key=_step, default=None)
    if None in tags or not all((checkpoints / role / str(common)).is_dir() for role in ROLES):
        shutil.rmtree(checkpoints, ignore_errors=True)
        return
    for role in ROLES:
        (checkpoints / role / "latest").write_text(str(common), encoding="utf-8")
        for folder in (checkpoints / role).iterdir():
            if folder.is_dir() and _step(folder.name) > _step(str(common)):
                shutil.rmtree(folder)  # else saving it again would mix the files of two runs


def _latest(folder: Path) -> str | None:
    """The tag of a role's last complete checkpoint."""
    file = folder / "latest"
    return (file.read_text(encoding="utf-8").strip() or None) if file.is_file() else None


def _step(tag: str) -> int:
    """The step of a tag; others, such as the best checkpoint's, come before all."""
    step = tag.removeprefix("global_step")
    return int(step) if step.isdigit() else -1
