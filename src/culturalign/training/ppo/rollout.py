"""Rollouts: the policy writes a response to each prompt of a batch."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import GenerationConfig

from culturalign.config.ppo import Ppo
from culturalign.models.generation import forget_defaults, pad_after_prefix
from culturalign.models.prefix_cache import static_prefix

Ids = tuple[int, ...]


def sample_responses(
    model: Any, prompts: Sequence[Ids], options: Ppo, *, end: int, pad: int
) -> list[Ids]:
    """Sample a response to each prompt.

    Args:
        model: The policy, ready to speak.
        prompts: Token ids.
        options: Temperature, longest response, how many side by side.
        end: Id of the end-of-turn token.
        pad: Id of the padding token.

    Returns:
        Token ids in the order of the prompts, the end-of-turn token included where the policy
        gave it before it ran into the limit. Never empty.
    """
    forget_defaults(model)  # else the responses would come from another policy than PPO scores
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]), reverse=True)
    found: dict[int, Ids] = {}
    for start in range(0, len(order), options.micro_rollout_batch):
        batch = order[start : start + options.micro_rollout_batch]
        written = _sample(model, [prompts[i] for i in batch], options, end=end, pad=pad)
        found |= zip(batch, (until_end(row, end) for row in written), strict=True)
    return [found[index] for index in range(len(prompts))]


@torch.inference_mode()
def _sample(
    model: Any, prompts: Sequence[Ids], options: Ppo, *, end: int, pad: int
) -> list[list[int]]:
    ids, mask, shared = pad_after_prefix(prompts, pad)
    ids, mask, length = ids.to(model.device), mask.to(model.device), ids.shape[1]
    longest = length + options.generation_max_length
    output = model.generate(
        ids,
        attention_mask=mask,
        past_key_values=static_prefix(model, ids[:1, :shared], len(prompts), longest),
        # The last position as an index: see culturalign.sft.completion_loss.
        logits_to_keep=torch.tensor([-1], device=model.device),
        generation_config=GenerationConfig(
            max_new_tokens=options.generation_max_length,
            do_sample=True,
            temperature=options.temperature,
            top_p=1.0,  # the whole distribution: its log-probabilities are what PPO compares
            top_k=0,
            eos_token_id=end,
            pad_token_id=pad,
            disable_compile=True,
        ),
    )
    return output[:, length:].tolist()


def until_end(ids: Sequence[int], end: int) -> Ids:
    """A response without what stands after its end-of-turn token."""
    return tuple(ids[: ids.index(end) + 1]) if end in ids else tuple(ids)
