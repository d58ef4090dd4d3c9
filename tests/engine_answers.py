"""Questions of the demo survey and lists, put to an engine, and how far two engines are apart."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from peft import LoraConfig, get_peft_model

from culturalign.config.models import Model
from culturalign.data.demo import demo_survey
from culturalign.models import chat_template, loading
from culturalign.models.option_scoring import Query
from culturalign.samples import survey_samples
from culturalign.samples.option_labels import label_tokens
from culturalign.samples.survey_prompts import read_survey_prompt
from tests import tiny

SYSTEM = "You are a helpful assistant."
SURVEY = tiny.ROOT / "resources/demo/survey"
PROMPT_FILES = tiny.ROOT / "resources/prompts"
LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
LARGEST = {
    "bf16": {"plain": 0.02, "debiased": 0.02},
    "fp32": {"plain": 0.001, "debiased": 0.001},
}
"""Largest difference of an option's share between the engines."""

Entry = dict[str, Any]
Shares = Mapping[str, Mapping[int, list[float]]]
"""Question -> code -> its share in each order."""


def write_adapter(options: Model, folder: Path, rank: int, scale: float) -> Path:
    """A random adapter of the second half of the layers; ``scale`` says how much it changes."""
    torch.manual_seed(0)
    base = loading.load_model(options)
    layers = base.config.num_hidden_layers
    config = LoraConfig(
        r=rank,
        lora_alpha=4 * rank,
        target_modules=list(LINEAR),
        layers_to_transform=list(range(layers // 2, layers)),
        init_lora_weights=False,
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(base, config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.mul_(scale)
    model.save_pretrained(folder)
    return folder


def asked(language: str, every: int = 1) -> list[Entry]:
    """Every n-th question of the demo survey, in four orders of its options."""
    place = demo_survey.LANGUAGES.index(language)
    worded = [q for q in demo_survey.read_survey(SURVEY) if language in q.wording][::every]
    rows = [
        {"question": q.name, "wording": q.wording[language], "code": code, "option": pair[place]}
        for q in worded
        for code, pair in q.options.items()
    ]
    labels = {n: list("123456789" if n < 10 else "ABCDEFGHIJKL")[:n] for n in range(2, 12)}
    return list(survey_samples.ask(pl.DataFrame(rows), labels, orders=4))


def to_query(entry: Entry, language: str, options: Model, tokenizer: Any) -> Query:
    """A question as an engine gets it."""
    prompt = read_survey_prompt(PROMPT_FILES / language / "survey.txt", system=SYSTEM)
    messages = prompt.messages(entry["wording"], entry["options"], entry["option_labels"])
    text = chat_template.render(tokenizer, messages, options)
    forms = label_tokens(tokenizer, text, entry["option_labels"])
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    return Query(tuple(ids), tuple(forms[label] for label in entry["option_labels"]))


def shares(entries: Iterable[Entry], scores: Iterable[list[float]]) -> Shares:
    """What share of the labels' probability each option gets."""
    found: dict[str, dict[int, list[float]]] = {}
    for entry, logprobs in zip(entries, scores, strict=True):
        weights = np.exp(logprobs) / np.exp(logprobs).sum()
        for code, share in zip(entry["codes"], weights, strict=True):
            found.setdefault(entry["wording"], {}).setdefault(code, []).append(float(share))
    return found


def apart(one: Shares, other: Shares) -> dict[str, float]:
    """Largest differences of an option's share: in the plain order, and on average of orders."""
    pairs = [
        (shares, other[name][code]) for name, codes in one.items() for code, shares in codes.items()
    ]
    return {
        "plain": max(abs(a[0] - b[0]) for a, b in pairs),
        "debiased": max(abs(np.mean(a) - np.mean(b)) for a, b in pairs),
        "mean": float(np.mean([abs(a[0] - b[0]) for a, b in pairs])),
    }
