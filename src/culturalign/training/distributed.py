"""What the processes of one training, its ranks, share and agree on; a lone process is rank 0."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import distributed

from culturalign.training.batches import length_key
from culturalign.training.tokenization import Encoded


def is_main_process() -> bool:
    """Whether this process is rank 0, which alone writes results and messages."""
    return os.environ.get("RANK", "0") == "0"


def deal(indices: Sequence[int], examples: Sequence[Encoded], *, ranks: int) -> list[list[int]]:
    """Deal the examples of an optimizer step to the ranks.

    Neighbors in :func:`culturalign.batches.length_key` go to different ranks, so that all have
    about equally long examples and wait little for each other.

    Args:
        indices: Examples of the step.
        examples: All examples.
        ranks: How many.

    Returns:
        For each rank the indices of its examples; none where there are fewer than ranks.
    """
    order = sorted(indices, key=lambda index: length_key(examples[index]))
    return [order[rank::ranks] for rank in range(ranks)]


def all_reduce(*flags: bool, device: torch.device) -> list[bool]:
    """For each flag whether it is up in any rank. Every rank has to ask.

    Args:
        flags: Of this rank.
        device: Of this rank.
    """
    if not distributed.is_initialized():
        return list(flags)
    raised = torch.tensor(flags, dtype=torch.int32, device=device)
    distributed.all_reduce(raised, op=distributed.ReduceOp.MAX)
    return [bool(flag) for flag in raised.tolist()]


@contextmanager
def gathered(model: Any) -> Iterator[None]:
    """Within the block every rank has the trained weights whole; ZeRO stage 3 scatters them."""
    trained = [p for p in model.parameters() if p.requires_grad and hasattr(p, "ds_id")]
    if not trained:
        yield
        return
    from deepspeed import zero

    with zero.GatheredParameters(trained):
        yield
