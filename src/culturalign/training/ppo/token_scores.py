"""What the roles say about the tokens of responses, without the logits of anything else."""

from typing import Any

import torch
from torch.utils.checkpoint import checkpoint

from culturalign.models.prefix_cache import shared_prefix
from culturalign.training.batches import IGNORED, Batch
from culturalign.training.ppo.losses import entropy

LOGITS_AT_ONCE = 2**25
"""Logits in memory at a time (128 MB in fp32)."""


def response_states(model: Any, batch: Batch, *, recompute: bool = False) -> torch.Tensor:
    """Last hidden state before each response token: (batch, longest response, width).

    Args:
        model: The peft model, with a role active.
        batch: From :func:`culturalign.training.batches.collate`; responses end in the last column.
        recompute: Whether layers are computed again in the backward pass (gradient
            checkpointing), which leaves no cache through which to share a prefix.
    """
    decoder = model.get_base_model().get_decoder()
    inputs = {name: batch[name] for name in ("input_ids", "attention_mask", "position_ids")}
    rows, longest = batch["labels"].shape
    if recompute:
        states = decoder(**_with_prefix(inputs, batch["prefix_ids"]), use_cache=False)
    else:
        past = shared_prefix(model, batch["prefix_ids"], rows)
        states = decoder(**inputs, past_key_values=past, use_cache=past is not None)
    return states.last_hidden_state[:, -longest - 1 : -1]


def _with_prefix(inputs: Batch, prefix: torch.Tensor) -> Batch:
    """Inputs in which every row has its own copy of the prefix."""
    rows, length = len(inputs["input_ids"]), prefix.shape[1]
    positions = torch.arange(length, device=prefix.device).expand(rows, -1)
    return {
        "input_ids": torch.cat([prefix.expand(rows, -1), inputs["input_ids"]], 1),
        "attention_mask": inputs["attention_mask"],
        "position_ids": torch.cat([positions, inputs["position_ids"]], 1),
    }


def final_logits(logits: torch.Tensor, config: Any) -> torch.Tensor:
    """What an architecture does to the output of its last layer: Gemma 2 caps it."""
    cap = getattr(config.get_text_config(), "final_logit_softcapping", None)
    return logits if cap is None else cap * torch.tanh(logits / cap)


def score_tokens(
    model: Any,
    batch: Batch,
    *,
    temperature: float = 1.0,
    recompute: bool = False,
    learn_entropy: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probability and entropy, in nats and fp32, of each response token's distribution.

    Logits are computed for some tokens at a time and again in the backward pass, so that those
    of a whole batch never exist together.

    Args:
        model: The peft model, with a role active.
        batch: As in :func:`response_states`, like ``recompute``.
        temperature: Temperature of the sampling.
        recompute: Whether layers are computed again in the backward pass.
        learn_entropy: Whether gradients flow through the entropy too.

    Returns:
        Two tensors like the labels, (batch, longest response), 0 on padding.
    """
    states, labels = response_states(model, batch, recompute=recompute), batch["labels"]
    there = labels != IGNORED
    base = model.get_base_model()
    head = base.get_output_embeddings()

    def score(states: torch.Tensor, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits = final_logits(head(states).float(), base.config) / temperature
        log_probs = logits.log_softmax(-1).gather(-1, tokens[:, None])[:, 0]
        return log_probs, entropy(logits if learn_entropy else logits.detach())

    size = max(1, LOGITS_AT_ONCE // head.weight.shape[0])
    chunks = zip(states[there].split(size), labels[there].split(size), strict=True)
    parts = [checkpoint(score, *chunk, use_reentrant=False) for chunk in chunks]
    found = [torch.cat(part) for part in zip(*parts, strict=True)]
    empty = torch.zeros(labels.shape, device=labels.device)
    return empty.masked_scatter(there, found[0]), empty.masked_scatter(there, found[1])


def score_values(
    model: Any, head: torch.nn.Linear, batch: Batch, *, recompute: bool = False
) -> torch.Tensor:
    """The critic's value before each response token, (batch, longest response), 0 on padding."""
    states = response_states(model, batch, recompute=recompute)
    with torch.autocast(states.device.type, enabled=False):
        return head(states.float())[..., 0] * (batch["labels"] != IGNORED)
