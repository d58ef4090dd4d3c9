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
from culturalign.models.halving import within_memory
from culturalign.models.list_rules import ListRules
from culturalign.models.own_decoding import within
from culturalign.models.prefix_cache import left_pad, narrowest_window, sharable, static_prefix
from culturalign.models.stop_tokens import answer_text, stop_tokens, until_stop


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
        batch_tokens: Largest batch in tokens, prompts and answers together; a batch for which
            memory does not suffice is halved.

    Returns:
        Answers in the order of the prompts.

    Raises:
        UserError: If one prompt does not fit into memory.
    """
    set_seed(decoding.seed)
    clear_defaults(model)
    answers: dict[int, Answer] = {}
    encoded = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    with tqdm(total=len(prompts), desc="generating", unit="cue") as progress:
        for batch in _batches([len(ids) for ids in encoded], decoding.max_new_tokens, batch_tokens):
            chosen = [encoded[i] for i in batch]
            found = within_memory(lambda part: _answer(model, tokenizer, part, decoding), chosen)
            answers |= zip(batch, found, strict=True)
            progress.update(len(batch))
    return [answers[index] for index in range(len(prompts))]


def clear_defaults(model: Any) -> None:
    """Remove the settings a model came with, which generate() would use for those left open.

    Qwen2.5, for example, comes with a repetition penalty of 1.05. Its stop tokens stay.

    Args:
        model: Causal language model, with or without adapters; changed in place.
    """
    model.generation_config = GenerationConfig(eos_token_id=model.generation_config.eos_token_id)


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
    pad, stops = int(tokenizer.pad_token_id), stop_tokens(tokenizer, model.generation_config)
    decoding = within(decoding, start)
    rows = generate_batch(
        model,
        prompts,
        pad,
        _settings(decoding, stops, pad),
        logits_processor=LogitsProcessorList(
            [DistinctItems(rules, start)] if decoding.distinct_items else []
        ),
        stopping_criteria=StoppingCriteriaList(
            [EnoughItems(rules, start, decoding.max_items)] if decoding.max_items else []
        ),
    )
    return [_read(row, tokenizer, stops, decoding.max_new_tokens) for row in rows]


@torch.inference_mode()
def generate_batch(
    model: Any, prompts: Sequence[Sequence[int]], pad: int, settings: GenerationConfig, **rules: Any
) -> list[list[int]]:
    """Continue prompts, whose common prefix is read once; the new tokens of each, with padding."""
    longest = max(map(len, prompts)) + settings.max_new_tokens
    shared = sharable(prompts, longest, narrowest_window(model.config))
    ids, mask = pad_after_prefix(prompts, shared, pad)
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
    prompts: Sequence[Sequence[int]], shared: int, pad: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Batch prompts: their common prefix, then padding, then the rest of each.

    Args:
        prompts: Token ids.
        shared: Length of the prefix; at least one token of every prompt comes after it.
        pad: Id of the padding token.

    Returns:
        Ids and attention mask, (batch, length).
    """
    rest, mask = left_pad([prompt[shared:] for prompt in prompts], pad)
    prefix = torch.tensor(prompts[0][:shared], dtype=torch.long).expand(len(prompts), -1)
    return torch.cat([prefix, rest], 1), torch.cat([torch.ones_like(prefix), mask], 1)


def list_settings(decoding: Decoding) -> dict[str, Any]:
    """The settings of a decoding that :class:`ListRules` takes."""
    return decoding.model_dump(include={"max_items", "distinct_items"})


def _settings(decoding: Decoding, stops: frozenset[int], pad: int) -> GenerationConfig:
    sampling = {
        "temperature": decoding.temperature,
        "top_p": decoding.top_p,
        "top_k": decoding.top_k,
    }
    return GenerationConfig(
        max_new_tokens=decoding.max_new_tokens,
        do_sample=decoding.temperature > 0,
        repetition_penalty=decoding.repetition_penalty,
        eos_token_id=sorted(stops),
        pad_token_id=pad,
        disable_compile=True,
        **(sampling if decoding.temperature > 0 else {}),
    )


def _read(
    row: Sequence[int], tokenizer: PreTrainedTokenizerBase, stops: frozenset[int], limit: int
) -> Answer:
    ids = until_stop(row, stops)
    while ids and ids[-1] == tokenizer.pad_token_id not in stops:
        ids = ids[:-1]  # ended before its neighbors, by EnoughItems
    truncated = len(ids) == limit and ids[-1] not in stops
    return Answer(answer_text(tokenizer, ids, stops), tokens=len(ids), truncated=truncated)
