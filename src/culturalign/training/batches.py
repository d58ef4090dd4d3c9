"""Which examples are trained together: optimizer steps, shards of ranks and micro-batches."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import torch

from culturalign.models.prefix_cache import left_pad, sharable
from culturalign.training.tokenization import Encoded

Batch = dict[str, torch.Tensor]
BUCKET_BATCHES = 8
"""Global batches sorted together; more means less padding but less mixing."""
IGNORED = -100
"""Label of a position without a completion token."""


def plan_steps(
    examples: Sequence[Encoded], *, global_batch: int, epochs: float, seed: int
) -> list[list[int]]:
    """Plan every optimizer step of a training run.

    Each pass visits the examples in a new random order. Runs of ``BUCKET_BATCHES`` global batches
    are sorted by :func:`length_key` before they are cut, so that the examples of a batch share a
    long prefix and have similar lengths, and the batches are then shuffled. The whole plan follows
    from the arguments, so a resumed run continues where it stopped.

    Args:
        examples: Training examples.
        global_batch: Examples per step; the last batch of a pass may be smaller.
        epochs: Passes; a fraction gives that share of a pass's steps, rounded up.
        seed: Determines the order.

    Returns:
        For each step the indices of its examples.
    """
    rng, steps, keys = random.Random(seed), [], [length_key(example) for example in examples]
    for _ in range(math.ceil(epochs)):
        order = rng.sample(range(len(examples)), len(examples))
        batches = []
        for start in range(0, len(order), global_batch * BUCKET_BATCHES):
            run = sorted(order[start : start + global_batch * BUCKET_BATCHES], key=keys.__getitem__)
            batches += [run[i : i + global_batch] for i in range(0, len(run), global_batch)]
        rng.shuffle(batches)
        steps += batches
    in_a_pass = math.ceil(len(examples) / global_batch)
    return steps[: math.ceil(in_a_pass * epochs)]


def length_key(example: Encoded) -> tuple[tuple[int, int], int]:
    """Sort key: examples that ask for lists of equal size, then of equal length, are neighbors."""
    return example.bounds, len(example)


def shard(indices: Iterable[int], examples: Sequence[Encoded], ranks: int) -> list[list[int]]:
    """Split the examples of an optimizer step over the ranks.

    Neighbors in :func:`length_key` go to different ranks, so that all ranks have examples of
    about equal length. With fewer examples than ranks, some get none.

    Returns:
        For each rank the indices of its examples.
    """
    order = sorted(indices, key=lambda index: length_key(examples[index]))
    return [order[rank::ranks] for rank in range(ranks)]


def micro_batches(
    indices: Iterable[int],
    examples: Sequence[Encoded],
    *,
    max_examples: int,
    max_tokens: int,
    window: int | None,
) -> list[list[int]]:
    """Cut the examples of a step into micro-batches.

    An example joins its neighbor's batch if that costs fewer tokens than a batch of its own.

    Args:
        indices: The examples that this process has of the step.
        examples: All examples.
        max_examples: Largest micro-batch.
        max_tokens: Largest :func:`cost` of a micro-batch; a single longer example gets its own.
        window: From :func:`culturalign.models.prefix_cache.narrowest_window`.
    """
    groups: list[list[int]] = []
    for index in sorted(indices, key=lambda i: length_key(examples[i])):
        if groups and len(groups[-1]) < max_examples:
            apart = cost([examples[i] for i in groups[-1]], window) + len(examples[index])
            if cost([examples[i] for i in [*groups[-1], index]], window) <= min(max_tokens, apart):
                groups[-1].append(index)
                continue
        groups.append([index])
    return groups


def shared_by(examples: Sequence[Encoded], window: int | None) -> int:
    """Length of the prefix that a micro-batch reads once."""
    return sharable([example.prompt for example in examples], max(map(len, examples)), window)


def cost(examples: Sequence[Encoded], window: int | None) -> int:
    """Tokens a model reads for a micro-batch: the shared prefix once, the padded rest."""
    shared = shared_by(examples, window)
    return shared + len(examples) * (max(map(len, examples)) - shared)


def padding_share(
    groups: Sequence[Sequence[int]], examples: Sequence[Encoded], window: int | None
) -> float:
    """Share of padding among the tokens that a model reads for some micro-batches."""
    padding = 0
    for group in groups:
        lengths = [len(examples[i]) for i in group]
        padding += sum(max(lengths) - length for length in lengths)
    return padding / sum(cost([examples[i] for i in group], window) for group in groups)


def collate(examples: Sequence[Encoded], pad: int, window: int | None) -> Batch:
    """Put examples into one batch: their common prefix once, the rest padded on the left.

    All prompts of a task begin alike, so the model reads that part once a batch instead of
    once an example. Left padding aligns the completions at the end, so that logits are
    needed for the last positions only. A model with a narrower ``window`` shares nothing.

    Returns:
        ``prefix_ids``: (1, prefix), the common beginning of the prompts, never a whole prompt;
        ``input_ids``: (batch, length), what follows it; ``attention_mask``: (batch, prefix +
        length); ``position_ids``: (batch, length); ``labels``: (batch, longest completion),
        ``IGNORED`` where there is no completion token.
    """
    shared = shared_by(examples, window)
    ids, mask = left_pad([(*e.prompt[shared:], *e.completion) for e in examples], pad)
    labels, _ = left_pad([example.completion for example in examples], IGNORED)
    prefix = torch.tensor([examples[0].prompt[:shared]], dtype=torch.long)
    return {
        "prefix_ids": prefix,
        "input_ids": ids,
        "attention_mask": torch.cat([torch.ones_like(prefix).expand(len(examples), -1), mask], 1),
        "position_ids": (mask.cumsum(-1) - 1).clamp(min=0) + shared,
        "labels": labels,
    }


def halved(batch: Batch, most: int) -> list[Batch]:
    """Cut a batch of :func:`collate` in two, again and again, until none has too many tokens.

    Args:
        batch: The micro-batch.
        most: Most tokens that a model may read for a micro-batch; a single example is never cut.
    """
    rows = len(batch["input_ids"])
    if rows == 1 or batch["prefix_ids"].numel() + batch["input_ids"].numel() <= most:
        return [batch]
    cut = {name: tensor.split(rows // 2) for name, tensor in batch.items() if name != "prefix_ids"}
    parts = len(cut["input_ids"])
    each = [{name: pieces[i] for name, pieces in cut.items()} for i in range(parts)]
    return [
        small
        for part in each
        for small in halved({**part, "prefix_ids": batch["prefix_ids"]}, most)
    ]


class Step(TypedDict):
    """One rank's part of an optimizer step; the Trainer requires a mapping."""

    batches: list[Batch]
    """Its micro-batches, as many as every other rank's."""
    tokens: int
    """Completion tokens of the step, over all ranks."""


def cut_step(
    step: Iterable[int], examples: Sequence[Encoded], ranks: int, **limits: Any
) -> list[list[list[int]]]:
    """For each rank its :func:`micro_batches` of a step."""
    return [micro_batches(part, examples, **limits) for part in shard(step, examples, ranks)]


@dataclass(frozen=True)
class RankSteps:
    """A rank's parts of all steps; each is made when it is its turn.

    Those of a million examples would take tens of GB.
    """

    cuts: Sequence[Sequence[Sequence[Sequence[int]]]]
    examples: Sequence[Encoded]
    rank: int
    pad: int
    window: int | None

    def __len__(self) -> int:
        return len(self.cuts)

    def __getitem__(self, number: int) -> Step:
        return rank_step(self.cuts[number], self.examples, self.rank, self.pad, self.window)


def rank_step(
    cut: Sequence[Sequence[Sequence[int]]],
    examples: Sequence[Encoded],
    rank: int,
    pad: int,
    window: int | None,
) -> Step:
    """A rank's part of a step.

    A rank with fewer micro-batches than another gets more without a label: under ZeRO all ranks
    work through a micro-batch together.
    """
    batches = [collate([examples[i] for i in group], pad, window) for group in cut[rank]]
    idle = collate([examples[cut[0][0][0]]], pad, window)
    idle["labels"] = torch.full_like(idle["labels"], IGNORED)
    most = max(map(len, cut))
    tokens = sum(len(examples[i].completion) for part in cut for group in part for i in group)
    return {"batches": batches + [idle] * (most - len(batches)), "tokens": tokens}
