"""From OpenRLHF's output to this project's artifact: full weights with the start's tokenizer."""

import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from culturalign.errors import UserError

TIED = "lm_head.weight"
"""Left out of a file where it is the embedding itself."""


def collect(output: Path, start: Path, folder: Path) -> None:
    """Move trained weights to a model folder; everything else in it is the start's.

    Configuration and tokenizer do not change in training; OpenRLHF's copies carry settings of the
    training (no cache, another padding token).

    Args:
        output: What OpenRLHF saved.
        start: The model folder that training started from.
        folder: The artifact; made here.

    Raises:
        UserError: If the weights are missing, are not those of this model, or did not change.
    """
    check(output, start)
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(start.iterdir()):
        if file.is_file() and _describes(file):
            shutil.copy(file, folder)
    for file in [*output.glob("*.safetensors"), *output.glob("*.safetensors.index.json")]:
        shutil.move(file, folder / file.name)


def check(output: Path, start: Path) -> None:
    """Compare names, shapes and values of the tensors of two model folders.

    Raises:
        UserError: As in :func:`collect`.
    """
    trained, initial = shapes(output), shapes(start)
    if not trained:
        raise UserError(f"{output}: OpenRLHF saved no weights (*.safetensors)")
    for name in sorted((trained.keys() | initial.keys()) - {TIED}):
        if trained.get(name) != initial.get(name):
            raise UserError(
                f"{output}: tensor {name} has shape {trained.get(name)}, {start} has "
                f"{initial.get(name)}; this is another model"
            )
    if not _any_changed(output, start):
        raise UserError(f"{output}: no weight changed in training; was a learning rate 0?")


def shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Name -> shape of every tensor of a model folder, without reading the weights."""
    found: dict[str, tuple[int, ...]] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            found |= {name: tuple(file.get_slice(name).get_shape()) for name in names(file)}
    return found


def _any_changed(output: Path, start: Path) -> bool:
    """Whether some tensor differs; both folders may split the tensors over files differently."""
    place: dict[str, Path] = {}
    for path in start.glob("*.safetensors"):
        with safe_open(path, framework="pt") as file:
            place |= dict.fromkeys(names(file), path)
    for path in sorted(output.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for name in names(file):
                if name in place and not _equal(file.get_tensor(name), place[name], name):
                    return True
    return False


def _equal(tensor: torch.Tensor, path: Path, name: str) -> bool:
    with safe_open(path, framework="pt") as file:
        return torch.equal(tensor, file.get_tensor(name).to(tensor.dtype))


def names(file: Any) -> list[str]:
    """Names of the tensors of an open safetensors file; it cannot be iterated itself."""
    return list(file.keys())


def _describes(file: Path) -> bool:
    """Configuration and tokenizer, but no weights, index, code or record of another job."""
    weights = file.name.endswith((".safetensors", ".index.json"))
    records = file.name in ("digest.json", "provenance.json", "adapter_config.json")
    kinds = (".json", ".jinja", ".txt", ".model")
    return file.suffix in kinds and not weights and not records
