"""Generating answers with transformers, in batches; the raw text is kept."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from tqdm import tqdm
from transformers import (
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedTokenizerBase,
    StoppingCriteria,
    StoppingCriteriaList,
    set_seed,
)

from culturalign.config.evaluate import Decoding
from culturalign.models.list_rules import ListRules
from culturalign.models.prefix_cache import common_length, static_prefix


@dataclass(frozen=True)
class Answer:
    """One generated answer.

    Attributes:
        text: As generated, without special tokens.
        tokens: How many were generated, the end-of-turn token included.
        truncated: Whether generation ran into the token limit.
    """

    text: str
    tokens: int
    truncated: bool

    def record(self) -> dict[str, Any]:
        """Plain values, for an artifact."""
        return asdict(self)


class DistinctItems(LogitsProcessor):
    """Never finish an item that the list already holds (:meth:`ListRules.forbidden`)."""

    def __init__(self, rules: ListRules, prompt_length: int) -> None:
        self.rules, self.prompt_length = rules, prompt_length

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Set the scores, (batch, vocabulary), of forbidden tokens to minus infinity."""
        for row, ids in enumerate(input_ids[:, self.prompt_length :].tolist()):
            scores[row, list(self.rules.forbidden(ids))] = -math.inf
        return scores


class EnoughItems(StoppingCriteria):
    """End an answer once it holds enough items (:meth:`ListRules.enough`)."""

    def __init__(self, rules: ListRules, prompt_length: int, items: int) -> None:
        self.prompt_length, self.items = prompt_length, items
        self.separators = torch.tensor(sorted(rules.separators))

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """Whether each answer, (batch,), is complete."""
        new = input_ids[:, self.prompt_length :]
        found = torch.isin(new, self.separators.to(new.device)).sum(-1)
        return found >= self.items


def generate(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    decoding: Decoding,
    *,
    batch_tokens: int,
) -> list[Answer]:
    """Answer every prompt.

    Args:
        model: Causal language model, on its device.
        tokenizer: Its tokenizer, padding on the left.
        prompts: Rendered prompts.
        decoding: Every setting is passed on, so that the model's own defaults never apply.
        batch_tokens: Most tokens side by side, prompts and answers together.

    Returns:
        Answers in the order of the prompts.
    """
    set_seed(decoding.seed)
    forget_defaults(model)
    answers: dict[int, Answer] = {}
    encoded = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    batches = list(_batches([len(ids) for ids in encoded], decoding.max_new_tokens, batch_tokens))
    with tqdm(total=len(prompts), desc="generating", unit="cue") as progress:
        for indices in batches:
            answers |= zip(
                indices,
                _generate(model, tokenizer, [encoded[i] for i in indices], decoding),
                strict=True,
            )
            progress.update(len(indices))
    return [answers[index] for index in range(len(prompts))]


def forget_defaults(model: Any) -> None:
    """Take from a model the settings it came with, from which generate() fills those left open.

    Qwen2.5, for one, brings a repetition penalty of 1.05.

    Args:
        model: Causal language model, with or without adapters; changed in place.
    """
    model.generation_config = GenerationConfig()


def _batches(lengths: Sequence[int], new: int, tokens: int) -> Iterator[list[int]]:
    """Indices grouped by length, longest first, so that memory peaks at once."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    while order:
        fit = max(1, tokens // (lengths[order[0]] + new))
        yield order[:fit]
        order = order[fit:]


@torch.inference_mode()
def _generate(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[int]],
    decoding: Decoding,
) -> list[Answer]:
    ids, mask, shared = pad_after_prefix(prompts, int(tokenizer.pad_token_id))
    ids, mask, start = ids.to(model.device), mask.to(model.device), ids.shape[1]
    longest = start + decoding.max_new_tokens
    rules = ListRules(tokenizer, **list_settings(decoding))
    processors = [DistinctItems(rules, start)] if decoding.distinct_items else []
    enough = [EnoughItems(rules, start, most)] if (most := decoding.max_items) else []
    output = model.generate(
        ids,
        attention_mask=mask,
        past_key_values=static_prefix(model, ids[:1, :shared], len(prompts), longest),
        # The last position as an index: see culturalign.sft.completion_loss.
        logits_to_keep=torch.tensor([-1], device=model.device),
        generation_config=_settings(decoding, tokenizer),
        logits_processor=LogitsProcessorList(processors),
        stopping_criteria=StoppingCriteriaList(enough),
    )
    return [_answer(row.tolist(), tokenizer, decoding.max_new_tokens) for row in output[:, start:]]


def pad_after_prefix(
    prompts: Sequence[Sequence[int]], pad: int
) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Batch prompts: their common prefix, then padding, then the rest of each.

    Returns:
        Ids and attention mask, (batch, length), and the length of the prefix, which leaves at
        least one token of every prompt to be read.
    """
    ordered = sorted(list(prompt) for prompt in prompts)
    shortest = min(len(prompt) for prompt in prompts)
    shared = min(common_length(ordered[0], ordered[-1]), shortest - 1)
    length = max(len(prompt) for prompt in prompts)
    ids = torch.full((len(prompts), length), pad)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        rest = torch.tensor(prompt[shared:])
        ids[row, :shared], mask[row, :shared] = torch.tensor(prompt[:shared]), 1
        ids[row, length - len(rest) :], mask[row, length - len(rest) :] = rest, 1
    return ids, mask, shared


def list_settings(decoding: Decoding) -> dict[str, Any]:
    """The settings of a decoding that :class:`ListRules` takes."""
    return decoding.model_dump(include={"max_items", "distinct_items"})


def _settings(decoding: Decoding, tokenizer: PreTrainedTokenizerBase) -> GenerationConfig:
    sampling = {"temperature": decoding.temperature, "top_p": decoding.top_p, "top_k": 0}
    return GenerationConfig(
        max_new_tokens=decoding.max_new_tokens,
        do_sample=decoding.temperature > 0,
        repetition_penalty=decoding.repetition_penalty,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        disable_compile=True,
        **(sampling if decoding.temperature > 0 else {}),
    )


def _answer(ids: list[int], tokenizer: PreTrainedTokenizerBase, limit: int) -> Answer:
    while ids and ids[-1] == tokenizer.pad_token_id != tokenizer.eos_token_id:
        ids = ids[:-1]  # ended before its neighbors, by EnoughItems
    end = ids.index(tokenizer.eos_token_id) + 1 if tokenizer.eos_token_id in ids else len(ids)
    text = str(tokenizer.decode(ids[:end], skip_special_tokens=True))
    return Answer(
        text, tokens=end, truncated=end == limit and ids[end - 1] != tokenizer.eos_token_id
    )
