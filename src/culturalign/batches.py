"""Which examples are trained together: optimizer steps and micro-batches."""

import math
import random
from collections.abc import Sequence

from culturalign.encoding import Encoded

MEGA = 8
"""Global batches sorted together; more means less padding but less mixing."""


def plan_steps(
    examples: Sequence[Encoded], *, global_batch: int, epochs: float, seed: int
) -> list[list[int]]:
    """Plan every optimizer step of a training run.

    Each pass visits the examples in a new random order. Runs of ``MEGA`` global batches are
    sorted by :func:`kinship` before they are cut, so that the examples of a batch have much in
    common and about equal lengths, and the batches are then shuffled. The whole plan follows
    from the arguments, so a resumed run continues where it stopped.

    Args:
        examples: The training examples.
        global_batch: Examples a step; the last batch of a pass may be smaller.
        epochs: Passes; a fraction gives that share of a pass's steps, rounded up.
        seed: Of the order.

    Returns:
        For each step the indices of its examples.
    """
    rng, steps, keys = random.Random(seed), [], [kinship(example) for example in examples]
    for _ in range(math.ceil(epochs)):
        order = rng.sample(range(len(examples)), len(examples))
        batches = []
        for start in range(0, len(order), global_batch * MEGA):
            run = sorted(order[start : start + global_batch * MEGA], key=keys.__getitem__)
            batches += [run[i : i + global_batch] for i in range(0, len(run), global_batch)]
        rng.shuffle(batches)
        steps += batches
    in_a_pass = math.ceil(len(examples) / global_batch)
    return steps[: math.ceil(in_a_pass * epochs)]


def kinship(example: Encoded) -> tuple[tuple[int, int], int]:
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
    for index in sorted(indices, key=lambda i: kinship(examples[i])):
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


def common_length(first: Sequence[int], last: Sequence[int]) -> int:
    """How many leading tokens two sequences share.

    Of the lexicographically first and last of many it is how many they all share.
    """
    pairs = enumerate(zip(first, last, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(last)))


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
