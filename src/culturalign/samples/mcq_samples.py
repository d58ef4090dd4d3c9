"""One job: questions in, the raw log-probabilities of the option labels out."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign import provenance
from culturalign.config.models import Model
from culturalign.data.mcq_questions import McqPrompt
from culturalign.files.jsonl import read_jsonl
from culturalign.models import loading
from culturalign.models.engine import open_engine
from culturalign.models.option_scoring import Query
from culturalign.samples.option_labels import label_tokens
from culturalign.samples.survey_prompts import option_orders
from culturalign.scores.mcq_scores import SAMPLES


def run(
    *,
    questions: Path,
    labels: Sequence[str],
    prompt: McqPrompt,
    model_options: Model,
    base: Path | None,
    adapter: Path | None,
    batch_tokens: int,
    threads: int,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer every question, with each option once in each place.

    Args:
        questions: jsonl from :func:`culturalign.mcq.questions.draw_questions`.
        labels: One an option, the same for all models.
        prompt: The language's prompt.
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
    asked = list(ask(read_jsonl(questions)))
    prompts = [
        loading.render(tokenizer, prompt.messages(q["cue"], q["words"], labels), model_options)
        for q in asked
    ]
    forms = label_tokens(tokenizer, prompts[0], labels)
    queries = [
        Query(tuple(tokenizer(text, add_special_tokens=False)["input_ids"]), tuple(forms.values()))
        for text in prompts
    ]
    scores = engine.score(queries)
    rows = [
        (q["cue"], q["order"], place, category, label, logprob)
        for q, logprobs in zip(asked, scores, strict=True)
        for place, (category, label, logprob) in enumerate(
            zip(q["categories"], labels, logprobs, strict=True)
        )
    ]
    pl.DataFrame(rows, schema=SAMPLES, orient="row").write_parquet(samples_out)
    provenance.write_record(
        provenance_out,
        **engine.facts,
        labels=list(labels),
        prompts_sha256=hashlib.sha256("\0".join(prompts).encode()).hexdigest(),
    )


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
