"""One survey job: a questionnaire in, the raw log-probabilities of the labels out."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from culturalign import provenance
from culturalign.config.models import Model
from culturalign.models import loading
from culturalign.models.engine import open_engine
from culturalign.models.option_scoring import Query
from culturalign.samples.columns import SAMPLES
from culturalign.samples.option_labels import label_tokens
from culturalign.samples.survey_prompts import SurveyPrompt, option_orders


def run(
    *,
    questionnaire: Path,
    labels: Path,
    prompt: SurveyPrompt,
    orders: int,
    model_options: Model,
    base: Path | None,
    adapter: Path | None,
    batch_tokens: int,
    threads: int,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer every question in every order of its options.

    Args:
        questionnaire: ``question, wording, code, option``, parquet.
        labels: JSON, number of options -> labels.
        prompt: The language's prompt.
        orders: Most orders of the options.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.
        adapter: Folder of the arm's adapter; None for the vanilla model.
        batch_tokens: Most tokens scored side by side.
        threads: CPU threads.
        samples_out: Parquet with the columns of ``SAMPLES``.
        provenance_out: JSON.
    """
    engine = open_engine(model_options, base, adapter, batch_tokens=batch_tokens, threads=threads)
    tokenizer = engine.tokenizer
    asked = list(ask(pl.read_parquet(questionnaire), read_labels(labels), orders))
    prompts = [
        loading.render(
            tokenizer, prompt.messages(entry["wording"], entry["options"], entry["labels"]),
            model_options,
        )
        for entry in asked
    ]  # fmt: skip
    forms = label_tokens(tokenizer, prompts[0], {w for entry in asked for w in entry["labels"]})
    queries = [
        Query(
            tuple(tokenizer(text, add_special_tokens=False)["input_ids"]),
            tuple(forms[label] for label in entry["labels"]),
        )
        for text, entry in zip(prompts, asked, strict=True)
    ]
    scores = engine.score(queries)
    rows = [row for q, logprobs in zip(asked, scores, strict=True) for row in _rows(q, logprobs)]
    pl.DataFrame(rows, schema=SAMPLES, orient="row").write_parquet(samples_out)
    provenance.write_record(
        provenance_out,
        **engine.facts,
        orders=orders,
        prompts=len(prompts),
        prompts_sha256=hashlib.sha256("\0".join(prompts).encode()).hexdigest(),
    )


def ask(
    questionnaire: pl.DataFrame, labels: dict[int, list[str]], orders: int
) -> Iterator[dict[str, Any]]:
    """Every question in every order of its options.

    Yields:
        ``question, order, wording``; ``options`` and ``codes`` in the order shown; ``labels``.
    """
    for (question,), rows in questionnaire.group_by("question", maintain_order=True):
        options, codes = rows["option"].to_list(), rows["code"].to_list()
        for number, order in enumerate(option_orders(len(options), orders)):
            yield {
                "question": question,
                "order": number,
                "wording": rows["wording"][0],
                "options": [options[i] for i in order],
                "codes": [codes[i] for i in order],
                "labels": labels[len(options)],
            }


def read_labels(path: Path) -> dict[int, list[str]]:
    """Read the chosen labels: number of options -> labels."""
    chosen = json.loads(path.read_text(encoding="utf-8"))
    return {int(size): list(labels) for size, labels in chosen.items()}


def _rows(asked: dict[str, Any], logprobs: list[float]) -> Iterator[tuple[Any, ...]]:
    shown = zip(asked["codes"], asked["labels"], logprobs, strict=True)
    for place, (code, label, logprob) in enumerate(shown):
        yield asked["question"], asked["order"], place, code, label, logprob
