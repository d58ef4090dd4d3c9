"""From SFT examples to token ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transformers import PreTrainedTokenizerBase

from culturalign.config.models import Model
from culturalign.models.chat_template import render


@dataclass(frozen=True)
class Encoded:
    """One example as token ids, with the list size that its prompt asks for."""

    prompt: tuple[int, ...]
    completion: tuple[int, ...]
    bounds: tuple[int, int] = (0, 0)

    def __len__(self) -> int:
        return len(self.prompt) + len(self.completion)


def encode_example(
    example: Mapping[str, Any],
    tokenizer: PreTrainedTokenizerBase,
    model: Model,
    *,
    separator: str,
    max_length: int,
) -> Encoded:
    """Encode an example; the completion ends with the end-of-turn token.

    Prompt and completion are encoded separately, as in generation, so that the boundary falls
    between the same tokens in training and in use.

    Args:
        example: With ``messages``, ``words``, ``lower`` and ``upper``.
        tokenizer: The model's tokenizer.
        model: The model's configuration.
        separator: Joins the words.
        max_length: Longest example in tokens; a longer list loses its last words.
    """
    prompt = tokenizer(render(tokenizer, example["messages"], model), add_special_tokens=False)
    words, bounds = list(example["words"]), (example["lower"], example["upper"])
    while True:
        text = tokenizer(separator.join(words), add_special_tokens=False)
        completion = (*text["input_ids"], tokenizer.eos_token_id)
        encoded = Encoded(tuple(prompt["input_ids"]), completion, bounds)
        if len(encoded) <= max_length or not words:
            return encoded
        words.pop()
