"""Packing an adapter for release, and the proof that it loads."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch

from culturalign import model_card, models
from culturalign.config.models import Model
from culturalign.errors import UserError

FILES = ("adapter_config.json", "adapter_model.safetensors", "provenance.json")


def pack(
    adapter: Path,
    folder: Path,
    *,
    name: str,
    culture: str,
    language: str,
    metrics: Sequence[str],
    model_options: Model,
    base: Path | None,
) -> None:
    """Copy an adapter with its card into a folder, and load it from there.

    Args:
        adapter: As training left it.
        folder: Where it goes.
        name: Of the release.
        culture: Label of the culture.
        language: Its language's code.
        metrics: Lines for the card.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.
    """
    folder.mkdir(parents=True)
    for file in FILES:
        shutil.copy(adapter / file, folder)
    record = json.loads((adapter / "provenance.json").read_text(encoding="utf-8"))
    card = model_card.write_card(
        record, name=name, culture=culture, language=language, metrics=metrics
    )
    (folder / "README.md").write_text(card, encoding="utf-8")
    check_loads(model_options, base, folder)


@torch.inference_mode()
def check_loads(options: Model, base: Path | None, folder: Path) -> None:
    """Load an adapter in plain peft, and see that it changes what the model says.

    Raises:
        UserError: If it changes nothing, or makes it say what is no number.
    """
    model = models.load_model(options, base, folder)
    tokenizer = models.load_tokenizer(options, base)
    ids = tokenizer("word association", return_tensors="pt", add_special_tokens=False).input_ids
    ids = ids.to(model.device)
    adapted = model(ids).logits
    with model.disable_adapter():
        plain = model(ids).logits
    if not torch.isfinite(adapted).all():
        raise UserError(f"{folder}: the adapter gives logits that are no numbers; train it again")
    if torch.equal(adapted, plain):
        raise UserError(f"{folder}: the adapter changes nothing; was it trained at all?")
