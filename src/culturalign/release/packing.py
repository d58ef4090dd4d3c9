"""Packing an adapter for release, and a test that it loads."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.models.option_scoring import Query
from culturalign.release import model_card

PROBE = "word association"
"""Text on which an adapter must differ from its base model."""
FILES = ("adapter_config.json", "adapter_model.safetensors", "provenance.json")


def pack(
    adapter: Path,
    folder: Path,
    *,
    template: Path,
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
        folder: The released folder.
        template: Template of its card.
        name: Its name, for the card.
        culture: Label of the culture.
        language: Code of its language.
        metrics: Lines for the card.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.

    Raises:
        UserError: As :func:`check_loads`.
    """
    folder.mkdir(parents=True)
    for file in FILES:
        shutil.copy(adapter / file, folder)
    record = json.loads((adapter / "provenance.json").read_text(encoding="utf-8"))
    card = model_card.write_card(
        template, record, name=name, culture=culture, language=language, metrics=metrics
    )
    (folder / "README.md").write_text(card, encoding="utf-8")
    check_loads(model_options, base, folder)


@torch.inference_mode()
def check_loads(options: Model, base: Path | None, folder: Path) -> None:
    """Load an adapter in plain peft and check that it changes the model's output.

    Raises:
        UserError: If it changes nothing, or its logits are not finite.
    """
    model = loading.load_model(options, base, folder)
    tokenizer = loading.load_tokenizer(options, base)
    ids = tokenizer(PROBE, return_tensors="pt", add_special_tokens=False).input_ids
    ids = ids.to(model.device)
    adapted = model(ids).logits
    with model.disable_adapter():
        plain = model(ids).logits
    _check_change(folder, adapted, plain)


def check_loads_in_vllm(options: Model, base: Path | None, folder: Path) -> dict[str, Any]:
    """Load an adapter in vLLM and check that it changes the model's output.

    Returns:
        Facts that identify weights and engine, as in the provenance of answers.

    Raises:
        UserError: As :func:`check_loads`.
    """
    from culturalign.models.vllm_engine import VllmEngine  # in an environment of its own

    engine = VllmEngine(options, base, folder)
    ids = tuple(engine.tokenizer(PROBE, add_special_tokens=False)["input_ids"])
    query = Query(ids, tuple((token,) for token in ids))  # any tokens will do
    adapted = engine.score([query])
    engine.lora = None
    _check_change(folder, torch.tensor(adapted), torch.tensor(engine.score([query])))
    return engine.facts


def _check_change(folder: Path, adapted: torch.Tensor, plain: torch.Tensor) -> None:
    if not torch.isfinite(adapted).all():
        raise UserError(f"{folder}: the adapter gives logits that are not finite; train it again")
    if torch.equal(adapted, plain):
        raise UserError(f"{folder}: the adapter changes nothing; was it trained at all?")
