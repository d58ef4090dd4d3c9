"""One survey job: a questionnaire in, the raw log-probabilities of the labels out."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal

import polars as pl

from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.option_samples import SURVEY_SAMPLES
from culturalign.config.survey import Asking
from culturalign.samples.label_scores import score_labels
from culturalign.samples.loaded_arm import LoadedArm
from culturalign.samples.option_labels import label_tokens
from culturalign.samples.survey_prompts import SurveyPrompt, introduced, option_orders


def run(
    arm: LoadedArm,
    *,
    questionnaire: Path,
    option_labels: Path,
    prompt: SurveyPrompt,
    orders: int | Literal["cyclic"],
    asking: Asking,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer every question in every order of its options.

    Args:
        arm: The arm.
        questionnaire: ``question, wording, code, option``, parquet.
        option_labels: JSON, number of options -> labels.
        prompt: The language's prompt.
        orders: Most orders of the options, or ``cyclic``.
        asking: How the model is put the questions.
        samples_out: Parquet with the columns of ``SURVEY_SAMPLES``.
        provenance_out: JSON.
    """
    table = pl.read_parquet(questionnaire)
    prompt = introduced(prompt, table)
    asked = list(ask(table, read_option_labels(option_labels), orders))
    chats = (prompt.messages(q["wording"], q["options"], q["option_labels"]) for q in asked)
    prompts = arm.render(chats, raw=not asking.chat)
    shown = [q["option_labels"] for q in asked]
    scores = score_labels(arm, prompts, shown, top=asking.top_logprobs)
    rows = [row for q, logprobs in zip(asked, scores, strict=True) for row in _rows(q, logprobs)]
    samples = pl.DataFrame(rows, schema=SURVEY_SAMPLES.schema, orient="row")
    write_artifact(samples, samples_out, SURVEY_SAMPLES)
    tokens = label_tokens(arm.engine.tokenizer, prompts[0], samples["label"].unique().sort())
    lost = lost_labels(samples, [label for label, ids in tokens.items() if not ids])
    facts = {"orders": orders, "asking": asking.model_dump(), **lost}
    arm.write_provenance(provenance_out, prompts, **facts, prompts=len(prompts))


def ask(
    questionnaire: pl.DataFrame,
    option_labels: dict[int, list[str]],
    orders: int | Literal["cyclic"],
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


def lost_labels(samples: pl.DataFrame, split: Collection[str]) -> dict[str, Any]:
    """What gets probability 0 in the plain order because its label does not count.

    Args:
        samples: Columns ``SURVEY_SAMPLES``.
        split: Labels that are several tokens of the model.

    Returns:
        ``labels_lost``: label of several tokens -> how many options; ``questions_with_lost_labels``
        of this kind; ``options_outside_top``, how many options whose label is one token, but not
        among the most probable.
    """
    zero = samples.filter(pl.col("logprob").is_infinite(), order=0)
    lost = zero.filter(pl.col("label").is_in(list(split)))
    return {
        "labels_lost": dict(lost["label"].value_counts().sort("label").iter_rows()),
        "questions_with_lost_labels": lost["question"].n_unique(),
        "options_outside_top": len(zero) - len(lost),
    }


def read_option_labels(path: Path) -> dict[int, list[str]]:
    """Read the chosen labels: number of options -> labels."""
    chosen = json.loads(path.read_text(encoding="utf-8"))
    return {int(size): list(labels) for size, labels in chosen.items()}


def _rows(asked: dict[str, Any], logprobs: list[float]) -> Iterator[tuple[Any, ...]]:
    shown = zip(asked["codes"], asked["option_labels"], logprobs, strict=True)
    for place, (code, label, logprob) in enumerate(shown):
        yield asked["question"], asked["order"], place, code, label, logprob
