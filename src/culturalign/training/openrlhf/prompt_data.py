"""The data file that OpenRLHF reads: rendered prompts, and what the reward needs as a label."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transformers import PreTrainedTokenizerBase

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.errors import UserError
from culturalign.models.chat_template import render
from culturalign.training.openrlhf.command import LABEL_KEY, PROMPT_KEY
from culturalign.training.ppo.environment import check_prompt

LABELS = {
    "ranking": ("candidates", "counts"),
    "association": ("cue", "associations", "lower"),
}
"""Task -> columns of an example that its reward needs."""

Example = Mapping[str, Any]


def whole_rollouts(examples: Sequence[Example], options: Ppo, *, seed: int) -> list[Example]:
    """A random choice of examples that fills whole rollout batches within ``max_samples``.

    OpenRLHF ends with an error if the last batch leaves a GPU without a micro-batch.

    Raises:
        UserError: If there are fewer examples than a rollout batch.
    """
    most = min(len(examples), options.max_samples)
    if most < options.rollout_batch:
        raise UserError(
            f"{most} training examples do not make a rollout batch of {options.rollout_batch}; "
            "raise ranking.per_cue, or lower rollout_batch of the method"
        )
    kept = most // options.rollout_batch * options.rollout_batch
    chosen = random.Random(f"{seed}:rollouts").sample(range(len(examples)), kept)
    return [examples[index] for index in sorted(chosen)]


def rows(
    examples: Sequence[Example],
    tokenizer: PreTrainedTokenizerBase,
    model: Model,
    options: Ppo,
) -> Iterator[dict[str, str]]:
    """Rows of the data file.

    The prompt is rendered here, with the model's template arguments, which OpenRLHF would not
    pass on; it encodes the text as we do, without adding special tokens.

    Examples have ``cue``, ``messages`` and the columns of :data:`LABELS`.

    Yields:
        ``prompt``; ``label``, JSON with those columns and ``characters``, the length of the
        prompt once it is encoded and decoded.

    Raises:
        UserError: If a prompt is too long; OpenRLHF would cut its beginning.
    """
    for example in examples:
        prompt = render(tokenizer, example["messages"], model)
        ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        check_prompt(example["cue"], len(ids), options.prompt_max_length)
        known = {name: example[name] for name in LABELS[options.task]}
        known["characters"] = len(tokenizer.decode(ids, skip_special_tokens=False))
        yield {PROMPT_KEY: prompt, LABEL_KEY: json.dumps(known, ensure_ascii=False)}


def special_tokens(tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """Texts of the tokenizer's special tokens, which are not part of an answer."""
    added = tokenizer.added_tokens_decoder.values()
    return sorted(
        {str(token) for token in added if token.special} | {*tokenizer.all_special_tokens}
    )
