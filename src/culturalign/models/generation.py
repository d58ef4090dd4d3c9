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
from culturalign.models.own_decoding import within
from culturalign.models.prefix_cache import left_pad, shared_length, static_prefix


@dataclass(frozen=True)
class Answer:
    """One generated answer.

    Attributes:
        text: As generated, without special tokens.
        tokens: Number of generated tokens, the end-of-turn token included.
        truncated: Whether generation reached the token limit.
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
        batch_tokens: Largest batch in tokens, prompts and answers together.

    Returns:
        Answers in the order of the prompts.
    """
    set_seed(decoding.seed)
    clear_defaults(model)
    answers: dict[int, Answer] = {}
    encoded = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    with tqdm(total=len(prompts), desc="generating", unit="cue") as progress:
        for batch in _batches([len(ids) for ids in encoded], decoding.max_new_tokens, batch_tokens):
            found = _answer(model, tokenizer, [encoded[i] for i in batch], decoding)
            answers |= zip(batch, found, strict=True)
            progress.update(len(batch))
    return [answers[index] for index in range(len(prompts))]


def clear_defaults(model: Any) -> None:
    """Remove the settings a model came with, which generate() would use for those left open.

    Qwen2.5, for example, comes with a repetition penalty of 1.05.

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


def _answer(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[int]],
    decoding: Decoding,
) -> list[Answer]:
    rules, start = ListRules(tokenizer, **list_settings(decoding)), max(map(len, prompts))
    decoding = within(decoding, start)
    rows = generate_batch(
        model,
        prompts,
        int(tokenizer.pad_token_id),
        _settings(decoding, tokenizer),
        logits_processor=LogitsProcessorList(
            [DistinctItems(rules, start)] if decoding.distinct_items else []
        ),
        stopping_criteria=StoppingCriteriaList(
            [EnoughItems(rules, start, decoding.max_items)] if decoding.max_items else []
        ),
    )
    return [_read(row, tokenizer, decoding.max_new_tokens) for row in rows]


@torch.inference_mode()
def generate_batch(
    model: Any, prompts: Sequence[Sequence[int]], pad: int, settings: GenerationConfig, **rules: Any
) -> list[list[int]]:
    """Continue prompts, whose common prefix is read once; the new tokens of each, with padding."""
    ids, mask, shared = pad_after_prefix(prompts, pad)
    ids, mask, start = ids.to(model.device), mask.to(model.device), ids.shape[1]
    length = start + settings.max_new_tokens
    output = model.generate(
        ids,
        attention_mask=mask,
        past_key_values=static_prefix(model, ids[:1, :shared], len(prompts), length),
        # The last position as an index: see culturalign.training.sft_trainer.completion_loss.
        logits_to_keep=torch.tensor([-1], device=model.device),
        generation_config=settings,
        **rules,
    )
    return output[:, start:].tolist()


def pad_after_prefix(
    prompts: Sequence[Sequence[int]], pad: int
) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Batch prompts: their common prefix, then padding, then the rest of each.

    Returns:
        Ids and attention mask, (batch, length), and the length of the prefix, which leaves at
        least one token of every prompt to be read.
    """
    shared = shared_length(prompts)
    rest, mask = left_pad([prompt[shared:] for prompt in prompts], pad)
    prefix = torch.tensor(prompts[0][:shared], dtype=torch.long).expand(len(prompts), -1)
    return torch.cat([prefix, rest], 1), torch.cat([torch.ones_like(prefix), mask], 1), shared


def list_settings(decoding: Decoding) -> dict[str, Any]:
    """The settings of a decoding that :class:`ListRules` takes."""
    return decoding.model_dump(include={"max_items", "distinct_items"})


def _settings(decoding: Decoding, tokenizer: PreTrainedTokenizerBase) -> GenerationConfig:
    sampling = {
        "temperature": decoding.temperature,
        "top_p": decoding.top_p,
        "top_k": decoding.top_k,
    }
    return GenerationConfig(
        max_new_tokens=decoding.max_new_tokens,
        do_sample=decoding.temperature > 0,
        repetition_penalty=decoding.repetition_penalty,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        disable_compile=True,
        **(sampling if decoding.temperature > 0 else {}),
    )


def _read(ids: list[int], tokenizer: PreTrainedTokenizerBase, limit: int) -> Answer:
    while ids and ids[-1] == tokenizer.pad_token_id != tokenizer.eos_token_id:
        ids = ids[:-1]  # ended before its neighbors, by EnoughItems
    end = ids.index(tokenizer.eos_token_id) + 1 if tokenizer.eos_token_id in ids else len(ids)
    text = str(tokenizer.decode(ids[:end], skip_special_tokens=True))
    return Answer(
        text, tokens=end, truncated=end == limit and ids[end - 1] != tokenizer.eos_token_id
    )
