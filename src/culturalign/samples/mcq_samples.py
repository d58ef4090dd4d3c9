"""One job: questions in, the raw log-probabilities of the option labels out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.option_samples import MCQ_SAMPLES
from culturalign.data.mcq_questions import McqPrompt, read_mcq_prompt
from culturalign.files.jsonl import read_jsonl
from culturalign.samples.label_scores import score_labels
from culturalign.samples.loaded_arm import LoadedArm
from culturalign.samples.survey_prompts import Chat, option_orders


def run(
    arm: LoadedArm,
    *,
    questions: Path,
    option_labels: Sequence[str],
    prompt: McqPrompt,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer every question, with each option once in each place.

    Args:
        arm: The arm.
        questions: jsonl from :func:`culturalign.data.mcq_questions.draw_questions`.
        option_labels: One for each option, the same for all models.
        prompt: The language's prompt.
        samples_out: Parquet with the columns of ``MCQ_SAMPLES``.
        provenance_out: JSON.
    """
    asked = list(ask(read_jsonl(questions)))
    prompts = arm.render(prompt.messages(q["cue"], q["words"], option_labels) for q in asked)
    scores = score_labels(arm, prompts, [option_labels] * len(prompts))
    rows = [
        (q["cue"], q["order"], place, category, label, logprob)
        for q, logprobs in zip(asked, scores, strict=True)
        for place, (category, label, logprob) in enumerate(
            zip(q["categories"], option_labels, logprobs, strict=True)
        )
    ]
    samples = pl.DataFrame(rows, schema=MCQ_SAMPLES.schema, orient="row")
    write_artifact(samples, samples_out, MCQ_SAMPLES)
    arm.write_provenance(provenance_out, prompts, labels=list(option_labels))


def example_chats(prompts: Sequence[str], systems: Sequence[str]) -> dict[str, Chat]:
    """Prompt file -> a chat with its prompt and the system message of its language."""
    return {
        file: read_mcq_prompt(Path(file), system=system, separator=" ").messages(
            "?", [["-"]], ["-"]
        )
        for file, system in zip(prompts, systems, strict=True)
    }


def ask(questions: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every question in as many orders as it has options; the plain one is 0.

    Yields:
        ``cue, order``; ``categories`` and their ``words`` as they are shown.
    """
    for question in questions:
        plain = question["order"]
        for number, order in enumerate(option_orders(len(plain), len(plain))):
            categories = [plain[i] for i in order]
            yield {
                "cue": question["cue"],
                "order": number,
                "categories": categories,
                "words": [question["options"][name] for name in categories],
            }
