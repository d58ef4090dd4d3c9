"""What the ranks of a training run share; a single process is rank 0."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import distributed


def is_main_process() -> bool:
    """Whether this process is rank 0, the only one that writes results and messages."""
    return os.environ.get("RANK", "0") == "0"


def all_reduce(*flags: bool, device: torch.device) -> list[bool]:
    """For each flag, whether any rank has set it. Every rank must call this."""
    if not distributed.is_initialized():
        return list(flags)
    reduced = torch.tensor(flags, dtype=torch.int32, device=device)
    distributed.all_reduce(reduced, op=distributed.ReduceOp.MAX)
    return [bool(flag) for flag in reduced.tolist()]


def smallest(number: int, device: torch.device) -> int:
    """The smallest of the ranks' numbers. Every rank must call this."""
    if not distributed.is_initialized():
        return number
    reduced = torch.tensor(number, device=device)
    distributed.all_reduce(reduced, op=distributed.ReduceOp.MIN)
    return int(reduced)


def average_gradients(model: Any) -> None:
    """Replace gradients by their means over the ranks. Every rank must call this.

    Once a step, and not while micro-batches run: a rank may have to begin its own again.
    """
    if not distributed.is_initialized():
        return
    for parameter in model.parameters():
        if parameter.grad is not None:
            distributed.all_reduce(parameter.grad)
            parameter.grad /= distributed.get_world_size()


@contextmanager
def gathered_parameters(model: Any) -> Iterator[None]:
    """Within the block every rank has all trained weights, which ZeRO stage 3 partitions."""
    partitioned = [p for p in model.parameters() if p.requires_grad and hasattr(p, "ds_id")]
    if not partitioned:
        yield
        return
    from deepspeed import zero

    with zero.GatheredParameters(partitioned):
        yield
