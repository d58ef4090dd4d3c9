"""Reading the prefix that all prompts of a batch share once instead of once a row.

Padding then lies between the prefix and the rest. A layer that sees only the last tokens (a
sliding window, as in Gemma, Mistral and gpt-oss) counts padding among them, so no prefix is shared
where a batch is longer than the narrowest window of its model, and none where distances are counted
in places of the batch (ALiBi).
"""

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


def static_prefix(model: Any, prefix_ids: torch.Tensor, rows: int, length: int) -> Any:
    """Keys and values of a prefix in a cache that holds a whole answer, written in place.

    A growing cache is copied at every token, which takes longer than the arithmetic. Architectures
    that count places by the length of their cache (GPT-Neo, MPT) get one all the same.
    """
    prefix = shared_prefix(model, prefix_ids, rows)
    if not getattr(model, "_can_compile_fullgraph", True):  # as transformers calls it
        return prefix
    cache = StaticCache(config=model.config, max_cache_len=length)
    for index, layer in enumerate(prefix.layers if prefix else []):
        cache.update(layer.keys, layer.values, index)
    return cache


def narrowest_window(config: Any) -> int | None:
    """Tokens that the layer with the narrowest view sees; None if all layers see everything.

    Args:
        config: The configuration of a transformers model. Its kinds of layers count, not its
            name; a kind that is neither full nor windowed attention keeps no keys of tokens, so
            that nothing can be shared (0), and neither where attention is biased by distance.
    """
    text = config.get_text_config()
    if any(getattr(part, "alibi", False) for part in (text, getattr(text, "attn_config", None))):
        return 0
    window, chunk = (getattr(text, n, None) for n in ("sliding_window", "attention_chunk_size"))
    if getattr(text, "use_sliding_window", True) is False:
        window = None
    views = {"full_attention": None, "sliding_attention": window, "chunked_attention": chunk}
    views |= {"global": None, "local": getattr(text, "window_size", None)}  # GPT-Neo
    kinds = getattr(text, "layer_types", None) or getattr(text, "attention_layers", None)
    kinds = kinds or ["sliding_attention"]
    found = [views.get(kind, 0) for kind in kinds]
    return min((view for view in found if view is not None), default=None)


def sharable(prompts: Sequence[Ids], longest: int, window: int | None) -> int:
    """Length of the prefix that prompts share, 0 where a window is too narrow to share it.

    Args:
        prompts: Token ids.
        longest: Length of the batch, padding and answers included.
        window: From :func:`narrowest_window`.
    """
    return 0 if window is not None and longest > window else shared_length(prompts)


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
