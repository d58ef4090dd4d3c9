"""Models of random weights: of a real model's shape on a GPU, else of a tiny one."""

import gc
import math
from pathlib import Path
from typing import Any, NamedTuple

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, PreTrainedConfig, Qwen2Config

from culturalign.config.models import Model
from tests import tiny
from tests.gpu.record import DEVICE


class Shape(NamedTuple):
    """A model's shape, and how much it is given.

    Attributes:
        config: Of the model.
        length: Tokens of the longest example: half prompt, half answer.
        tokens: Setting ``micro_batch_tokens``.
        examples: Examples of a training.
    """

    config: PreTrainedConfig
    length: int
    tokens: int
    examples: int


ROPE = {"rope_type": "llama3", "rope_theta": 5e5, "factor": 8.0, "low_freq_factor": 1.0,
        "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}  # fmt: skip
ENDS = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
TINY = LlamaConfig(
    hidden_size=128, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, vocab_size=500, rope_parameters=ROPE, max_position_embeddings=131072,
    **ENDS,
)  # fmt: skip
LLAMA_8B = LlamaConfig(
    hidden_size=4096, intermediate_size=14336, num_hidden_layers=32, num_attention_heads=32,
    num_key_value_heads=8, vocab_size=128256, rope_parameters=ROPE,
    max_position_embeddings=131072, **ENDS,
)  # fmt: skip
QWEN_1B5 = Qwen2Config(
    hidden_size=1536, intermediate_size=8960, num_hidden_layers=28, num_attention_heads=12,
    num_key_value_heads=2, vocab_size=151936, **ENDS,
)  # fmt: skip


def choose() -> Shape:
    """The largest that the GPU has room for: that of the paper from 40 GB on."""
    if DEVICE == "cpu":
        return Shape(TINY, length=24, tokens=200, examples=24)
    free, _ = torch.cuda.mem_get_info()
    large = free > 38e9
    return Shape(LLAMA_8B if large else QWEN_1B5, length=2048, tokens=16_384, examples=24)


def save(shape: Shape, folder: Path) -> Model:
    """Save random weights of a shape, with a tokenizer whose tokens are bytes.

    Every token is about as likely as any other, whatever came before.
    """
    torch.manual_seed(0)
    dtype = torch.bfloat16 if DEVICE == "cuda" else torch.float32
    with torch.device(DEVICE):
        built: Any = AutoModelForCausalLM.from_config(shape.config, dtype=dtype)
    built.save_pretrained(folder)
    del built
    gc.collect()
    torch.cuda.empty_cache()  # vLLM, in a process of its own, would not get what is kept
    tiny.build_tokenizer().save_pretrained(folder)
    precision = "bf16" if DEVICE == "cuda" else "fp32"
    return Model(label="Random", source=str(folder), precision=precision, max_model_length=4096)


def parameters(config: PreTrainedConfig) -> int:
    """Number of parameters of a shape; no memory is taken."""
    with torch.device("meta"):
        return int(AutoModelForCausalLM.from_config(config).num_parameters())


def named(config: PreTrainedConfig) -> str:
    """A shape in words, for a record."""
    return f"{type(config).__name__.removesuffix('Config')}, {parameters(config) / 1e9:.3g} B"


def surprise(config: PreTrainedConfig) -> tuple[float, float]:
    """Expected loss and entropy of random weights, nats.

    A state of length sqrt(width) times weights of standard deviation s are normal logits of
    variance v = width s^2, whose log-sum-exp is ln V + v / 2 and weighted mean v.
    """
    half = config.hidden_size * config.initializer_range**2 / 2
    return math.log(config.vocab_size) + half, math.log(config.vocab_size) - half
