"""From OpenRLHF's output to this project's artifact: full weights with the start's tokenizer."""

import shutil
from pathlib import Path

import torch
from safetensors import safe_open

from culturalign.errors import UserError

TIED = "lm_head.weight"
"""Left out of a file if it is the embedding itself."""
DESCRIPTIONS = (".json", ".jinja", ".txt", ".model")
"""Kinds of files that hold configuration and tokenizer."""
RECORDS = ("digest.json", "provenance.json", "adapter_config.json")


def collect(output: Path, start: Path, folder: Path) -> None:
    """Move trained weights to a model folder; everything else in it is the start's.

    Configuration and tokenizer do not change in training; OpenRLHF's copies carry settings of the
    training (no cache, another padding token).

    Raises:
        UserError: If the weights are missing, belong to another model, or did not change.
    """
    check(output, start)
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(start.iterdir()):
        index = file.name.endswith(".index.json")
        if file.suffix in DESCRIPTIONS and file.name not in RECORDS and not index:
            shutil.copy(file, folder)
    for file in [*output.glob("*.safetensors"), *output.glob("*.safetensors.index.json")]:
        shutil.move(file, folder / file.name)


def check(output: Path, start: Path) -> None:
    """Compare names, shapes and values of the tensors of two model folders.

    Raises:
        UserError: As in :func:`collect`.
    """
    trained, initial = tensors(output), tensors(start)
    if not trained:
        raise UserError(f"{output}: OpenRLHF saved no weights (*.safetensors)")
    for name in sorted((trained.keys() | initial.keys()) - {TIED}):
        found, expected = (table.get(name, (None, None))[0] for table in (trained, initial))
        if found != expected:
            raise UserError(
                f"{output}: tensor {name} has shape {found}, {start} has {expected}; this is "
                "another model"
            )
    for name in sorted(trained.keys() & initial.keys()):
        new, old = _read(trained[name][1], name), _read(initial[name][1], name)
        if not torch.equal(new, old.to(new.dtype)):
            return
    raise UserError(f"{output}: no weight changed in training; was a learning rate 0?")


def tensors(folder: Path) -> dict[str, tuple[tuple[int, ...], Path]]:
    """Name of every tensor of a model folder -> its shape, and its file."""
    found: dict[str, tuple[tuple[int, ...], Path]] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for name in list(file.keys()):
                found[name] = tuple(file.get_slice(name).get_shape()), path
    return found


def _read(path: Path, name: str) -> torch.Tensor:
    with safe_open(path, framework="pt") as file:
        return file.get_tensor(name)
