"""Labels of answer options: one token each, and none the beginning of another.

A model's answer is read off the next token only (paper, section 5.1), so "1" and "10" cannot be
labels of the same question: many tokenizers write "10" as "1" and "0". All models of a run see
the same labels, or their answers could not be compared.
"""

import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from transformers import PreTrainedTokenizerBase

from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import chat_template, loading
from culturalign.samples.survey_prompts import Chat

Tokenizers = Mapping[str, tuple[PreTrainedTokenizerBase, str]]
"""Name -> a tokenizer and a prompt rendered with its chat template."""

LABEL_SETS = ("123456789", string.ascii_uppercase)
"""Digits for up to nine options, as in the survey itself, else letters."""


def load_tokenizers(
    models: Mapping[str, Mapping[str, Any]],
    bases: Iterable[str],
    chats: Mapping[str, Chat],
    *,
    raw: bool = False,
) -> Tokenizers:
    """Load the tokenizer of every model, and render with it the prompt of every language.

    Args:
        models: Name -> configuration, without ``label``.
        bases: Folders of the models that came in packages, each in a folder of the model's name.
        chats: Prompt file -> a chat with its prompt.
        raw: Whether prompts are read without the chat template.
    """
    folders = {Path(base).parent.name: Path(base) for base in bases}
    found = {}
    for file, chat in chats.items():
        for name, settings in models.items():
            options = Model(label=name, **settings)
            tokenizer = loading.load_tokenizer(options, folders.get(name))
            text = (
                chat_template.raw_text(tokenizer, chat)
                if raw
                else chat_template.render(tokenizer, chat, options)
            )
            found[f"{name} ({file})"] = tokenizer, text
    return found


def option_counts(questionnaires: Iterable[str]) -> set[int]:
    """How many options the questions of questionnaires (parquet) have."""
    tables = [pl.read_parquet(file) for file in questionnaires]
    return {n for table in tables for n in table.group_by("question").len()["len"]}


def label_forms(
    tokenizer: PreTrainedTokenizerBase, prompt: str, label: str
) -> tuple[int, ...] | None:
    """Ids of the tokens that mean a label after a prompt.

    The label as such, and with a leading space where that is a single token too: models put
    probability on both.

    Args:
        tokenizer: A model's tokenizer.
        prompt: A rendered chat prompt, up to where the answer begins.
        label: One of a label set.

    Returns:
        One or two ids; None if the label is not a single token after the prompt.
    """
    forms = [_single(tokenizer, prompt, text) for text in (label, f" {label}")]
    return tuple(form for form in forms if form is not None) if forms[0] is not None else None


def _single(tokenizer: PreTrainedTokenizerBase, prompt: str, text: str) -> int | None:
    before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    after = tokenizer(prompt + text, add_special_tokens=False)["input_ids"]
    is_single = len(after) == len(before) + 1 and after[:-1] == before
    return int(after[-1]) if is_single else None


def label_tokens(
    tokenizer: PreTrainedTokenizerBase, prompt: str, labels: Iterable[str]
) -> dict[str, tuple[int, ...]]:
    """Label -> ids of the tokens that mean it; none for a label that is not a single token.

    All prompts of a model end alike, so one prompt is enough.
    """
    return {label: label_forms(tokenizer, prompt, label) or () for label in labels}


def choose_labels(sizes: Iterable[int], tokenizers: Tokenizers) -> dict[int, list[str]]:
    """Choose for each number of options the labels that all models can answer with.

    Args:
        sizes: Numbers of options.
        tokenizers: From :func:`load_tokenizers`.

    Raises:
        UserError: If no label set fits, with the label and the model that each fails at.
    """
    return {size: _choose(size, tokenizers) for size in sorted(set(sizes))}


def labels_of(kind: str, sizes: Iterable[int], tokenizers: Tokenizers) -> dict[int, list[str]]:
    """Labels as ``survey.asking.labels`` says: chosen, or 1 to K whether single tokens or not."""
    if kind == "single_token":
        return choose_labels(sizes, tokenizers)
    return {size: [str(n) for n in range(1, size + 1)] for size in sorted(set(sizes))}


def _choose(size: int, tokenizers: Tokenizers) -> list[str]:
    reasons = []
    for labels in (list(candidates) for candidates in LABEL_SETS):
        reason = _obstacle(labels[:size], size, tokenizers)
        if reason is None:
            return labels[:size]
        reasons.append(f"{labels[0]}, {labels[1]}, ...: {reason}")
    raise UserError(
        f"no label set suits questions with {size} options ({'; '.join(reasons)}); leave these "
        "questions or that model out of the run"
    )


def _obstacle(labels: Sequence[str], size: int, tokenizers: Tokenizers) -> str | None:
    """Why labels cannot be used, or None."""
    if len(labels) < size:
        return f"only {len(labels)} labels"
    for name, (tokenizer, prompt) in tokenizers.items():
        forms = {label: label_forms(tokenizer, prompt, label) for label in labels}
        long = next((label for label, ids in forms.items() if ids is None), None)
        if long:
            return f"{long!r} is not a single token of {name}"
        ids = [i for form in forms.values() if form for i in form]
        if len(ids) > len(set(ids)):
            return f"two labels share a token of {name}"
    return None
