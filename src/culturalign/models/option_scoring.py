"""A model's answers to survey questions, from the probabilities of the next token."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tqdm import tqdm

from culturalign.models.prefix_cache import common_length, shared_prefix
from culturalign.models.prompt_groups import PromptGroup, batch_groups, find_groups


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

    What all prompts begin with is read once, what a group of prompts begins with once a group.
    The rest is read in batches of about equal lengths, and logits are computed for the last
    position alone.

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
    start = Read(
        shared_prefix(model, torch.tensor([ids[0][:shared]], device=model.device), 1),
        torch.ones(1, shared, dtype=torch.long),
    )
    scores: dict[int, list[float]] = {}
    with tqdm(total=len(queries), desc="scoring", unit="prompt") as progress:
        for batch in batch_groups(find_groups(ids, shared), shared, batch_tokens):
            members = [index for group in batch for index in group.members]
            logits = _last_logits(model, start, batch, ids, pad)
            for index, row in zip(members, logits.float().log_softmax(-1), strict=True):
                scores[index] = [
                    float(row[list(form)].logsumexp(0)) for form in queries[index].forms
                ]
            progress.update(len(members))
    return [scores[index] for index in range(len(queries))]


@dataclass
class Read:
    """What a model has read: keys and values, and which positions are no padding."""

    cache: Any
    mask: torch.Tensor

    def rows(self, indices: Sequence[int]) -> "Read":
        """A copy whose rows are these; a model adds what it reads to its cache."""
        chosen, cache = torch.tensor(list(indices)), copy.copy(self.cache)
        if cache is not None:
            cache.layers = [copy.copy(layer) for layer in cache.layers]
            cache.batch_select_indices(chosen)
        return Read(cache, self.mask[chosen])


def _last_logits(
    model: Any, start: Read, batch: Sequence[PromptGroup], ids: Sequence[Sequence[int]], pad: int
) -> torch.Tensor:
    """Logits after the last token of every member, (members, vocabulary)."""
    shared = start.mask.shape[1]
    read = start.rows([0] * len(batch))
    prefixes = [ids[group.members[0]][shared : group.prefix] for group in batch]
    if any(prefixes):
        read, _ = _read_on(model, read, prefixes, pad, logits=0)
    owners = [row for row, group in enumerate(batch) for _ in group.members]
    suffixes = [ids[index][group.prefix :] for group in batch for index in group.members]
    _, logits = _read_on(model, read.rows(owners), suffixes, pad, logits=1)
    return logits[:, 0]


def _read_on(
    model: Any, read: Read, texts: Sequence[Sequence[int]], pad: int, *, logits: int
) -> tuple[Read, torch.Tensor]:
    """Read a text after what each row has read; padding lies before the texts.

    Returns:
        What has been read now; logits of the last ``logits`` positions, (rows, logits, vocabulary).
    """
    length = max(map(len, texts))
    ids = torch.full((len(texts), length), pad)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, length - len(text) :], mask[row, length - len(text) :] = torch.tensor(text), 1
    before, whole = read.mask.sum(1, keepdim=True), torch.cat([read.mask, mask], 1)
    output = model(
        input_ids=ids.to(model.device),
        attention_mask=whole.to(model.device),
        position_ids=((mask.cumsum(-1) - 1).clamp(min=0) + before).to(model.device),
        past_key_values=read.cache,
        use_cache=True,
        logits_to_keep=torch.arange(-logits, 0, device=model.device),
    )
    return Read(output.past_key_values, whole), torch.as_tensor(output.logits)
