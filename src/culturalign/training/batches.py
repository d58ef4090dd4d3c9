"""Which examples are trained together: optimizer steps and micro-batches."""

import math
import random
from collections.abc import Sequence

import torch

from culturalign.models.prefix_cache import common_length
from culturalign.training.tokenization import Encoded

BUCKET_BATCHES = 8
"""Global batches sorted together; more means less padding but less mixing."""


def plan_steps(
    examples: Sequence[Encoded], *, global_batch: int, epochs: float, seed: int
) -> list[list[int]]:
    """Plan every optimizer step of a training run.

    Each pass visits the examples in a new random order. Runs of ``BUCKET_BATCHES`` global batches
    are sorted by :func:`length_key` before they are cut, so that the examples of a batch share a
    long prefix and have similar lengths, and the batches are then shuffled. The whole plan follows
    from the arguments, so a resumed run continues where it stopped.

    Args:
        examples: The training examples.
        global_batch: Examples a step; the last batch of a pass may be smaller.
        epochs: Passes; a fraction gives that share of a pass's steps, rounded up.
        seed: Of the order.

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


def micro_batches(
    indices: Sequence[int], examples: Sequence[Encoded], *, most: int, tokens: int
) -> list[list[int]]:
    """Cut the examples of a step into micro-batches.

    An example joins its neighbor's batch if that costs fewer tokens than a batch of its own.

    Args:
        indices: Examples of the step (of this process).
        examples: All examples.
        most: Most examples a micro-batch.
        tokens: Most tokens a micro-batch, as :func:`cost` counts; a single longer example is
            alone.
    """
    groups: list[list[int]] = []
    for index in sorted(indices, key=lambda i: length_key(examples[i])):
        if groups and len(groups[-1]) < most:
            before, alone = cost([examples[i] for i in groups[-1]]), len(examples[index])
            joined = cost([examples[i] for i in [*groups[-1], index]])
            if joined <= min(tokens, before + alone):
                groups[-1].append(index)
                continue
        groups.append([index])
    return groups


def shared_prefix_length(examples: Sequence[Encoded]) -> int:
    """Tokens with which all prompts begin, at least one token short of a whole prompt."""
    first, last = min(e.prompt for e in examples), max(e.prompt for e in examples)
    shortest = min(len(e.prompt) for e in examples)
    return min(common_length(first, last), shortest - 1)


def cost(examples: Sequence[Encoded]) -> int:
    """Tokens a model reads for a micro-batch: the shared prefix once, the padded rest."""
    shared = shared_prefix_length(examples)
    return shared + len(examples) * (max(len(e) for e in examples) - shared)


def padding_share(groups: Sequence[Sequence[int]], examples: Sequence[Encoded]) -> float:
    """Share of padding among the tokens that a model reads for some micro-batches."""
    read = sum(cost([examples[i] for i in group]) for group in groups)
    padding = 0
    for group in groups:
        longest = max(len(examples[i]) for i in group)
        padding += sum(longest - len(examples[i]) for i in group)
    return padding / read


IGNORED = -100
"""Label of a position without a completion token."""


def collate(examples: Sequence[Encoded], pad: int) -> dict[str, torch.Tensor]:
    """Put examples into one batch: their common prefix once, the rest padded on the left.

    All prompts of a task begin alike, so the model reads that part once a batch instead of
    once an example. Left padding lines the completions up at the end, so that logits are
    needed for the last positions only.

    Returns:
        ``prefix_ids``: (1, prefix), the common beginning of the prompts, never a whole prompt;
        ``input_ids``: (batch, length), what follows it; ``attention_mask``: (batch, prefix +
        length); ``position_ids``: (batch, length); ``labels``: (batch, longest completion),
        ``IGNORED`` where there is no completion token.
    """
    shared = shared_prefix_length(examples)
    rests = [(*example.prompt[shared:], *example.completion) for example in examples]
    length = max(len(rest) for rest in rests)
    longest = max(len(example.completion) for example in examples)
    ids = torch.full((len(examples), length), pad)
    mask = torch.zeros_like(ids)
    labels = torch.full((len(examples), longest), IGNORED)
    for row, (example, rest) in enumerate(zip(examples, rests, strict=True)):
        ids[row, length - len(rest) :] = torch.tensor(rest)
        mask[row, length - len(rest) :] = 1
        labels[row, longest - len(example.completion) :] = torch.tensor(example.completion)
    return {
        "prefix_ids": torch.tensor([examples[0].prompt[:shared]], dtype=torch.long),
        "input_ids": ids,
        "attention_mask": torch.cat([torch.ones(len(examples), shared, dtype=torch.long), mask], 1),
        "position_ids": (mask.cumsum(-1) - 1).clamp(min=0) + shared,
        "labels": labels,
    }
