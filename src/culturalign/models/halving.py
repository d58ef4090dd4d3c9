"""Batches of prompts that do not fit into the memory of a GPU."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import torch

from culturalign.errors import UserError

Item = TypeVar("Item")
Found = TypeVar("Found")


def within_memory(
    read: Callable[[Sequence[Item]], list[Found]], batch: Sequence[Item]
) -> list[Found]:
    """Read a batch; if memory runs out, its halves, and so on.

    Scores and greedy answers are the same up to rounding; sampled answers are other draws.

    Args:
        read: Takes part of the batch, and returns what it found in the same order.
        batch: At least one item.

    Raises:
        UserError: If one item alone does not fit.
    """
    with suppress(torch.OutOfMemoryError):  # its traceback would keep the tensors
        return read(batch)
    torch.cuda.empty_cache()
    if len(batch) == 1:
        raise UserError(
            "one prompt does not fit into the memory of the GPU next to the model; "
            "take a GPU with more memory, or shorten prompts and answers"
        )
    middle = len(batch) // 2
    return [*within_memory(read, batch[:middle]), *within_memory(read, batch[middle:])]
