"""Adapters and full models that others published."""

import shutil
from pathlib import Path

from culturalign import provenance
from culturalign.config.models import Model
from culturalign.config.published import PublishedWeights
from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.models.hub import FILES
from culturalign.models.snapshot import snapshot

ADAPTER, MODEL = "adapter_config.json", "config.json"
"""Files by which a folder is known as one or the other; one with both is an adapter."""


def is_full_model(folder: Path) -> bool:
    """Whether a folder holds a full model, and not an adapter."""
    return not (folder / ADAPTER).is_file() and (folder / MODEL).is_file()


def fetch(weights: PublishedWeights, options: Model, base: Path | None, folder: Path) -> None:
    """Copy published weights into a folder.

    A full model without a tokenizer gets that of the model in whose place it is used.

    Args:
        weights: Where they are.
        options: The model that an adapter is for, or whose place a full model takes.
        base: Its unpacked folder, if it came in a package.
        folder: New; ``provenance.json`` says what it holds.

    Raises:
        UserError: If they cannot be fetched, are neither an adapter nor a model in safetensors, or
            a full model's chat template is missing or unsuitable.
    """
    found = snapshot(weights.source, weights.revision)
    full = is_full_model(found)
    if full:
        loading.check_folder(found)
        files = [path for pattern in FILES for path in found.glob(pattern)]
    elif (found / ADAPTER).is_file() and (found / "adapter_model.safetensors").is_file():
        files = [found / ADAPTER, found / "adapter_model.safetensors"]
    else:
        raise UserError(
            f"{weights.source}: neither an adapter (adapter_config.json, adapter_model.safetensors)"
            " nor a model (config.json, *.safetensors)"
        )
    folder.mkdir(exist_ok=True)
    for path in files:
        shutil.copy(path, folder / path.name)
    if full and (folder / "tokenizer_config.json").is_file():
        loading.load_tokenizer(options, folder)  # refused here, not on a GPU
    elif full:
        loading.load_tokenizer(options, base).save_pretrained(folder)
    provenance.write_record(
        folder / "provenance.json",
        published=weights.model_dump(),
        holds="model" if full else "adapter",
        weights_digest=loading.weights_digest(folder),
    )
