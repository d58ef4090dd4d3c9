"""Rollouts: the policy writes a response to each prompt of a batch."""

from collections.abc import Sequence
from typing import Any

from transformers import GenerationConfig

from culturalign.config.ppo import Ppo
from culturalign.models.generation import clear_defaults, generate_batch
from culturalign.models.stop_tokens import until_stop

Ids = tuple[int, ...]


def sample_responses(
    model: Any, prompts: Sequence[Ids], options: Ppo, *, stops: frozenset[int], pad: int
) -> list[Ids]:
    """Sample a response of the policy to each prompt, in their order.

    Prompts and responses are token ids. A response is never empty; it includes the stop
    token unless it reached the limit first.
    """
    clear_defaults(model)  # else the responses would come from another policy than PPO scores
    settings = GenerationConfig(
        max_new_tokens=options.generation_max_length,
        do_sample=True,
        temperature=options.temperature,
        top_p=1.0,  # the whole distribution: its log-probabilities are what PPO compares
        top_k=0,
        eos_token_id=sorted(stops),
        pad_token_id=pad,
        disable_compile=True,
    )
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]), reverse=True)
    found: dict[int, Ids] = {}
    for start in range(0, len(order), options.micro_rollout_batch):
        batch = order[start : start + options.micro_rollout_batch]
        rows = generate_batch(model, [prompts[i] for i in batch], pad, settings)
        found |= zip(batch, (until_stop(row, stops) for row in rows), strict=True)
    return [found[index] for index in range(len(prompts))]
