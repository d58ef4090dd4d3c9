"""A model's answers to survey questions, from the probabilities of the next token."""

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tqdm import tqdm

from culturalign.models.halving import within_memory
from culturalign.models.prefix_cache import left_pad, narrowest_window, sharable, shared_prefix
from culturalign.models.prompt_groups import PromptGroup, batch_groups, find_groups, singles


@dataclass(frozen=True)
class Query:
    """One prompt, and the labels whose probabilities are wanted.

    Attributes:
        ids: The prompt's token ids.
        forms: For each label the ids of the tokens that mean it; a label may have none.
        top: If given, tokens outside the ``top`` most probable ones have probability 0, except the
            most probable one of the labels: the one that guided decoding writes.
    """

    ids: tuple[int, ...]
    forms: tuple[tuple[int, ...], ...]
    top: int | None = None

    @property
    def tokens(self) -> list[int]:
        """Ids of all labels."""
        return [token for form in self.forms for token in form]


@torch.inference_mode()
def score_queries(
    model: Any, queries: Sequence[Query], *, pad: int, batch_tokens: int
) -> list[list[float]]:
    """Log-probability of every label as the next token, one forward pass per prompt.

    The prefix of all prompts is read once, the prefix of a group of prompts once per group. The
    rest is read in batches of about equal lengths, and logits are computed for the last position
    only.

    Args:
        model: Causal language model, on its device.
        queries: The prompts.
        pad: Id of the padding token.
        batch_tokens: Largest batch in tokens; one for which memory does not suffice is halved.

    Returns:
        For each query and label, nats, over the whole vocabulary: the probabilities of a
        prompt's labels sum to less than one.

    Raises:
        UserError: If one group of prompts does not fit into memory.
    """
    ids = [query.ids for query in queries]
    # A batch is the shared prefix, the longest prefix of a group, the longest rest.
    shared = sharable(ids, 2 * max(map(len, ids)), narrowest_window(model.config))
    groups = find_groups(ids, shared) if shared else singles(ids)
    start = Context(
        shared_prefix(model, torch.tensor([ids[0][:shared]], device=model.device), 1),
        torch.ones(1, shared, dtype=torch.long),
    )

    def read(batch: Sequence[PromptGroup]) -> list[tuple[int, list[float]]]:
        members = [index for group in batch for index in group.members]
        logprobs = _last_logits(model, start, batch, ids, pad).float().log_softmax(-1)
        return [(i, _scored(row, queries[i])) for i, row in zip(members, logprobs, strict=True)]

    scores: dict[int, list[float]] = {}
    with tqdm(total=len(queries), desc="scoring", unit="prompt") as progress:
        for batch in batch_groups(groups, shared, batch_tokens):
            found = within_memory(read, batch)
            scores |= found
            progress.update(len(found))
    return [scores[index] for index in range(len(queries))]


def _scored(logprobs: torch.Tensor, query: Query) -> list[float]:
    """Log-probability of every label, from those of all tokens."""
    kept = _kept(logprobs, query)
    return [float(kept[list(form)].logsumexp(0)) for form in query.forms]


def _kept(logprobs: torch.Tensor, query: Query) -> torch.Tensor:
    """Log-probabilities of all tokens, those that do not count at minus infinity."""
    if query.top is None:
        return logprobs
    least = logprobs.topk(min(query.top, len(logprobs))).values[-1]
    least = torch.minimum(least, logprobs[query.tokens].max())
    return logprobs.masked_fill(logprobs < least, -math.inf)


@dataclass
class Context:
    """What a model has read: keys and values, and the attention mask, (rows, positions)."""

    cache: Any
    mask: torch.Tensor

    def rows(self, indices: Sequence[int]) -> "Context":
        """A copy of some rows; a model adds what it reads to its cache."""
        chosen, cache = torch.tensor(list(indices)), copy.copy(self.cache)
        if cache is not None:
            cache.layers = [copy.copy(layer) for layer in cache.layers]
            cache.batch_select_indices(chosen)
        return Context(cache, self.mask[chosen])


def _last_logits(
    model: Any, start: Context, batch: Sequence[PromptGroup], ids: Sequence[Sequence[int]], pad: int
) -> torch.Tensor:
    """Logits after the last token of every member, (members, vocabulary)."""
    shared = start.mask.shape[1]
    context = start.rows([0] * len(batch))
    prefixes = [ids[group.members[0]][shared : group.prefix] for group in batch]
    if any(prefixes):
        context, _ = _extend(model, context, prefixes, pad, logits=0)
    owners = [row for row, group in enumerate(batch) for _ in group.members]
    suffixes = [ids[index][group.prefix :] for group in batch for index in group.members]
    _, logits = _extend(model, context.rows(owners), suffixes, pad, logits=1)
    return logits[:, 0]


def _extend(
    model: Any, context: Context, texts: Sequence[Sequence[int]], pad: int, *, logits: int
) -> tuple[Context, torch.Tensor]:
    """Read a text in each row's context; padding precedes the texts.

    Returns:
        The extended context; logits of the last ``logits`` positions, (rows, logits, vocabulary).
    """
    ids, mask = left_pad(texts, pad)
    before, whole = context.mask.sum(1, keepdim=True), torch.cat([context.mask, mask], 1)
    output = model(
        input_ids=ids.to(model.device),
        attention_mask=whole.to(model.device),
        position_ids=((mask.cumsum(-1) - 1).clamp(min=0) + before).to(model.device),
        past_key_values=context.cache,
        use_cache=True,
        logits_to_keep=torch.arange(-logits, 0, device=model.device),
    )
    return Context(output.past_key_values, whole), torch.as_tensor(output.logits)
