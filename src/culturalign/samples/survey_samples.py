"""One survey job: a questionnaire in, the raw log-probabilities of the labels out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.option_samples import SURVEY_SAMPLES
from culturalign.samples.label_scores import score_labels
from culturalign.samples.loaded_arm import LoadedArm
from culturalign.samples.survey_prompts import SurveyPrompt, option_orders


def run(
    arm: LoadedArm,
    *,
    questionnaire: Path,
    option_labels: Path,
    prompt: SurveyPrompt,
    orders: int,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer every question in every order of its options.

    Args:
        arm: The arm.
        questionnaire: ``question, wording, code, option``, parquet.
        option_labels: JSON, number of options -> labels.
        prompt: The language's prompt.
        orders: Most orders of the options.
        samples_out: Parquet with the columns of ``SURVEY_SAMPLES``.
        provenance_out: JSON.
    """
    asked = list(ask(pl.read_parquet(questionnaire), read_option_labels(option_labels), orders))
    prompts = arm.render(
        prompt.messages(q["wording"], q["options"], q["option_labels"]) for q in asked
    )
    scores = score_labels(arm, prompts, [q["option_labels"] for q in asked])
    rows = [row for q, logprobs in zip(asked, scores, strict=True) for row in _rows(q, logprobs)]
    samples = pl.DataFrame(rows, schema=SURVEY_SAMPLES.schema, orient="row")
    write_artifact(samples, samples_out, SURVEY_SAMPLES)
    arm.write_provenance(provenance_out, prompts, orders=orders, prompts=len(prompts))


def ask(
    questionnaire: pl.DataFrame, option_labels: dict[int, list[str]], orders: int
) -> Iterator[dict[str, Any]]:
    """Every question in every order of its options.

    Yields:
        ``question, order, wording, option_labels``; ``options`` and ``codes`` in the order shown.
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
                "option_labels": option_labels[len(options)],
            }


def read_option_labels(path: Path) -> dict[int, list[str]]:
    """Read the chosen labels: number of options -> labels."""
    chosen = json.loads(path.read_text(encoding="utf-8"))
    return {int(size): list(labels) for size, labels in chosen.items()}


def _rows(asked: dict[str, Any], logprobs: list[float]) -> Iterator[tuple[Any, ...]]:
    shown = zip(asked["codes"], asked["option_labels"], logprobs, strict=True)
    for place, (code, label, logprob) in enumerate(shown):
        yield asked["question"], asked["order"], place, code, label, logprob
