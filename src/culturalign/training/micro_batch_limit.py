"""How many tokens fit into a forward and backward pass, and what to do when they did not."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import torch

from culturalign.errors import UserError

T = TypeVar("T")
LOGIT = 32
"""Bytes of a logit with all that is made of it, and the gradients, in fp32: an estimate."""
USED = 0.9
"""Share of the free memory that activations may take; the rest is for fragments."""


def bytes_per_token(config: Any, *, recompute: bool = False, logits: bool = True) -> int:
    """Memory that a token's activations take until the backward pass: an estimate, for bf16.

    With LoRA in every linear layer a layer of width h, h' between its two projections, and k for
    keys and for values keeps 20 h + 8 h' + 4 k bytes: the fp32 inputs of two norms, the inputs of
    the projections, queries, repeated keys and values, and the products of the gate. The output
    layer keeps 12 bytes for each entry of the vocabulary. Measured on real shapes: 8.18 MB
    (Llama-3.1-8B, estimate 7.96) and 7.79 MB (Qwen2.5-7B, estimate 8.13); in PPO, without logits
    and with ``recompute``, 0.52 MB (Llama-3.1-8B, estimate 0.46).

    Args:
        config: Configuration of the model, as transformers has it.
        recompute: Whether only the inputs of layers are kept (gradient checkpointing).
        logits: Whether those of all tokens are there together.
    """
    shape = config.get_text_config()
    width, heads = shape.hidden_size, shape.num_attention_heads
    inner = getattr(shape, "intermediate_size", None) or 4 * width
    head = getattr(shape, "head_dim", None) or width // heads
    keys = head * (getattr(shape, "num_key_value_heads", None) or heads)
    layer, layers = 20 * width + 8 * inner + 4 * keys, shape.num_hidden_layers
    kept = layers * 2 * width + layer if recompute else layers * layer
    return kept + (12 * shape.vocab_size if logits else 0)


def may_run_out(device: torch.device) -> bool:
    """Whether torch says when a device has no more memory, as a GPU does."""
    return device.type == "cuda"


def fitting_tokens(
    model: Any, most: int, *, recompute: bool = False, at_once: int | None = None
) -> int:
    """Most tokens of a micro-batch: the setting, or fewer if a GPU has no memory for them.

    Args:
        model: Model with its adapters, on its device.
        most: The setting.
        recompute: As in :func:`bytes_per_token`.
        at_once: Most logits that are there together; None for those of all tokens.
    """
    if not may_run_out(model.device):
        return most
    free, _ = torch.cuda.mem_get_info(model.device)
    # Gradients and Adam's two moments, in fp32, are still to come.
    coming = 12 * sum(p.numel() for p in model.parameters() if p.requires_grad)
    coming += LOGIT * (at_once or 0)
    each = bytes_per_token(model.config, recompute=recompute, logits=at_once is None)
    return min(most, tokens_within(free - coming, each))


def tokens_within(free: int, each: int) -> int:
    """How many tokens a number of bytes has room for, at least one."""
    return max(1, int(USED * free / each))


class MicroBatchLimit:
    """Most tokens of a micro-batch; halved whenever memory runs out.

    How a step is cut into micro-batches does not change its update.

    Attributes:
        tokens: The limit now.
    """

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens

    def redo(self, work: Callable[[int], T], clear: Callable[[], Any], longest: int) -> T:
        """Do work, from the beginning with half the limit whenever it runs out of memory.

        Args:
            work: Takes the most tokens of a micro-batch.
            clear: Undoes what the work left when it failed.
            longest: Tokens of the longest example, which cannot be cut.

        Raises:
            UserError: If that does not fit either.
        """
        while True:
            with suppress(torch.OutOfMemoryError):  # its traceback would keep the tensors
                return work(self.tokens)
            clear()
            torch.cuda.empty_cache()
            if self.tokens < longest:
                raise UserError(
                    f"an example of {longest} tokens does not fit into the memory of the GPU; "
                    "lower the longest length of the method, or take a GPU with more memory"
                )
            self.tokens //= 2
