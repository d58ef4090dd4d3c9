"""Reading the prefix that all prompts of a batch share once instead of once a row."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import StaticCache

Ids = Sequence[int]


def shared_prefix(model: Any, prefix_ids: torch.Tensor, rows: int) -> Any:
    """Keys and values of a prefix, computed once and repeated for every row of a batch.

    Gradients flow through them as if every row had its own.
    """
    if prefix_ids.shape[1] == 0:
        return None
    no_logits = torch.empty(0, dtype=torch.long, device=prefix_ids.device)
    cache = model(input_ids=prefix_ids, use_cache=True, logits_to_keep=no_logits).past_key_values
    cache.batch_repeat_interleave(rows)
    return cache


def static_prefix(model: Any, prefix_ids: torch.Tensor, rows: int, length: int) -> StaticCache:
    """Keys and values of a prefix in a cache that holds a whole answer, written in place.

    A growing cache is copied at every token, which takes longer than the arithmetic.
    """
    cache = StaticCache(config=model.config, max_cache_len=length)
    prefix = shared_prefix(model, prefix_ids, rows)
    for index, layer in enumerate(prefix.layers if prefix else []):
        cache.update(layer.keys, layer.values, index)
    return cache


def common_length(first: Ids, last: Ids) -> int:
    """Number of leading tokens that two sequences share.

    For the lexicographically first and last of many it is the number that they all share.
    """
    pairs = enumerate(zip(first, last, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(last)))


def shared_length(prompts: Sequence[Ids]) -> int:
    """Number of leading tokens that all prompts share, short of the shortest by at least one."""
    first, last = min(prompts, key=tuple), max(prompts, key=tuple)
    return min(common_length(first, last), min(map(len, prompts)) - 1)


def left_pad(rows: Sequence[Ids], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids, padded on the left, and their attention mask, both (rows, longest)."""
    length = max(map(len, rows))
    ids = torch.full((len(rows), length), pad)
    mask = torch.zeros_like(ids)
    for row, tokens in enumerate(rows):
        ids[row, length - len(tokens) :], mask[row, length - len(tokens) :] = (
            torch.tensor(tokens),
            1,
        )
    return ids, mask
