"""From token ids to the tensors of a micro-batch."""

from collections.abc import Sequence

import torch

from culturalign.batches import shared_prefix_length
from culturalign.encoding import Encoded

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
