"""Rollouts: the policy writes a response to each prompt of a batch."""

from collections.abc import Sequence
from typing import Any

from transformers import GenerationConfig

from culturalign.config.ppo import Ppo
from culturalign.models.generation import clear_defaults, generate_batch
from culturalign.models.stop_tokens import until_stop
from culturalign.training.micro_batch_limit import MicroBatchLimit

Ids = tuple[int, ...]


def sample_responses(
    model: Any,
    prompts: Sequence[Ids],
    options: Ppo,
    *,
    stops: frozenset[int],
    pad: int,
    limit: MicroBatchLimit | None = None,
) -> list[Ids]:
    """Sample a response of the policy to each prompt, in their order.

    Prompts and responses are token ids. A response is never empty; it includes the stop
    token unless it reached the limit first. When memory runs out, the batch and those after it
    are smaller: they draw other responses, of the same distribution.

    Args:
        model: The policy.
        prompts: Any number.
        options: Settings.
        stops: Ids that end a response.
        pad: Id of the padding token.
        limit: Most tokens of a batch, prompts and responses; by default :func:`rollout_limit`.

    Raises:
        UserError: If a single response does not fit into memory.
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
    limit = limit or rollout_limit(prompts, options)
    found: dict[int, Ids] = {}

    def sample(most: int) -> list[list[int]]:
        """Rows of the next batch."""
        rows = min(options.micro_rollout_batch, max(1, most // longest))
        batch = order[len(found) : len(found) + rows]
        return generate_batch(model, [prompts[i] for i in batch], pad, settings)

    while len(found) < len(order):
        longest = len(prompts[order[len(found)]]) + options.generation_max_length
        rows = limit.redo(sample, lambda: None, longest)
        batch = order[len(found) : len(found) + len(rows)]
        found |= zip(batch, (until_stop(row, stops) for row in rows), strict=True)
    return [found[index] for index in range(len(prompts))]


def rollout_limit(prompts: Sequence[Ids], options: Ppo) -> MicroBatchLimit:
    """Room for ``micro_rollout_batch`` of the longest prompts, each with its response."""
    each = max(map(len, prompts)) + options.generation_max_length
    return MicroBatchLimit(options.micro_rollout_batch * each)
