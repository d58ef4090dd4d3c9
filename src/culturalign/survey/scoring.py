"""A model's answers to survey questions, from the probabilities of the next token."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tqdm import tqdm

from culturalign.batches import common_length
from culturalign.prefix import shared_prefix


@dataclass(frozen=True)
class Query:
    """One prompt as token ids, and for each label the ids of the tokens that mean it."""

    ids: tuple[int, ...]
    forms: tuple[tuple[int, ...], ...]


@torch.inference_mode()
def score_queries(
    model: Any, queries: Sequence[Query], *, pad: int, batch_tokens: int
) -> list[list[float]]:
    """Log-probability of every label as the next token, one forward pass a prompt.

    All prompts begin alike; that beginning is read once. The rest is read in batches of equal
    lengths, and logits are computed for the last position alone.

    Args:
        model: Causal language model, on its device.
        queries: The prompts.
        pad: Id of the padding token.
        batch_tokens: Most tokens side by side.

    Returns:
        For each query and label, nats, over the whole vocabulary: the probabilities of a
        prompt's labels sum to less than one.
    """
    ids = [query.ids for query in queries]
    shared = min(common_length(min(ids), max(ids)), min(map(len, ids)) - 1)
    prefix = shared_prefix(model, torch.tensor([ids[0][:shared]], device=model.device), 1)
    scores: dict[int, list[float]] = {}
    with tqdm(total=len(queries), desc="scoring", unit="prompt") as progress:
        for batch in _batches([len(i) - shared for i in ids], batch_tokens):
            logits = _last_logits(model, prefix, shared, [ids[i][shared:] for i in batch], pad)
            for index, row in zip(batch, logits.float().log_softmax(-1), strict=True):
                scores[index] = [
                    float(row[list(form)].logsumexp(0)) for form in queries[index].forms
                ]
            progress.update(len(batch))
    return [scores[index] for index in range(len(queries))]


def _batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Indices grouped by length, longest first, so that memory peaks at once."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    while order:
        fit = max(1, tokens // lengths[order[0]])
        yield order[:fit]
        order = order[fit:]


def _last_logits(
    model: Any, prefix: Any, shared: int, rests: Sequence[Sequence[int]], pad: int
) -> torch.Tensor:
    """Logits after the last token, (batch, vocabulary); padding lies before the rests."""
    rows, length = len(rests), max(map(len, rests))
    ids = torch.full((rows, length), pad)
    mask = torch.zeros_like(ids)
    for row, rest in enumerate(rests):
        ids[row, length - len(rest) :], mask[row, length - len(rest) :] = torch.tensor(rest), 1
    past = copy.deepcopy(prefix)  # a model writes what it reads into its cache
    if past is not None:
        past.batch_repeat_interleave(rows)
    output = model(
        input_ids=ids.to(model.device),
        attention_mask=torch.cat([torch.ones(rows, shared, dtype=mask.dtype), mask], 1).to(
            model.device
        ),
        position_ids=((mask.cumsum(-1) - 1).clamp(min=0) + shared).to(model.device),
        past_key_values=past,
        use_cache=True,
        logits_to_keep=torch.tensor([-1], device=model.device),
    )
    return torch.as_tensor(output.logits[:, 0])
