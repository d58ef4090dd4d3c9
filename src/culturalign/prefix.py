"""Reading the beginning that all prompts of a batch share once instead of once a row."""

from typing import Any

import torch


def shared_prefix(model: Any, prefix_ids: torch.Tensor, rows: int) -> Any:
    """Keys and values of a prefix, computed once and repeated for every row of a batch.

    Gradients flow through them as if every row had its own.
    """
    if prefix_ids.shape[1] == 0:
        return None
    cache = model(input_ids=prefix_ids, use_cache=True, logits_to_keep=1).past_key_values
    cache.batch_repeat_interleave(rows)
    return cache
