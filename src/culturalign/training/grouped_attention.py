"""Attention for training on a CPU: heads that share keys read them together.

Plain attention copies keys and values for every head of a group, and in the backward pass adds up
the gradients of the copies. PyTorch's fused attention trains slower than either.
"""

from typing import Any

import torch
from torch.nn.functional import dropout as drop
from torch.nn.functional import softmax
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import eager_mask

NAME = "grouped"


def grouped_attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    dropout: float = 0.0,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attention of queries, (batch, heads, length, width), as transformers calls it."""
    batch, heads, length, width = query.shape
    groups = key.shape[1]
    queries = (query * scaling).reshape(batch, groups, -1, width)
    weights = (queries @ key.transpose(2, 3)).view(batch, heads, length, -1)
    if attention_mask is not None:
        weights = weights + attention_mask
    shares = softmax(weights, -1, dtype=torch.float32).to(value.dtype)
    shares = drop(shares, dropout, module.training).view(
        batch, groups, heads // groups * length, -1
    )
    found = (shares @ value).view(batch, heads, length, -1)
    return found.transpose(1, 2), None


def choose(model: Any) -> None:
    """Use it in a model; plain attention in one whose attention differs (Gemma 2, gpt-oss)."""
    standard = model.config._attn_implementation == "sdpa"  # which loading prefers
    model.set_attn_implementation(NAME if standard else "eager")


AttentionInterface.register(NAME, grouped_attention)
AttentionMaskInterface.register(NAME, eager_mask)
