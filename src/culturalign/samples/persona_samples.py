"""One persona job: respondents and questions in, an arm's answers in their place out."""

import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from culturalign import provenance
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.models import loading
from culturalign.models.engine import open_engine
from culturalign.samples.persona_answers import parse_answer
from culturalign.samples.survey_prompts import SurveyPrompt


def run(
    *,
    personas: Path,
    questionnaire: Path,
    prompt: SurveyPrompt,
    as_persona: bool,
    model_options: Model,
    base: Path | None,
    adapter: Path | None,
    max_new_tokens: int,
    batch_tokens: int,
    threads: int,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer in the place of respondents, greedily, with the number of an option.

    Prompts that are the same, as those without a persona are, are answered once.

    Args:
        personas: jsonl of ``respondent, question, code, persona``.
        questionnaire: ``question, wording, code, option``, parquet.
        prompt: The language's survey prompt, with the arm's system message.
        as_persona: Whether the persona precedes the system message.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.
        adapter: Folder of the arm's adapter; None for the model as it is.
        max_new_tokens: Longest answer.
        batch_tokens: Most tokens generated side by side.
        threads: CPU threads.
        samples_out: jsonl of ``respondent, question, code, text, answer``.
        provenance_out: JSON.
    """
    engine = open_engine(model_options, base, adapter, batch_tokens=batch_tokens, threads=threads)
    rows, worded = read_jsonl(personas), options_of(pl.read_parquet(questionnaire))
    prompts = [
        loading.render(
            engine.tokenizer,
            chat(prompt, worded[row["question"]], row["persona"] if as_persona else ""),
            model_options,
        )
        for row in rows
    ]
    different = list(dict.fromkeys(prompts))
    decoding = Decoding(max_new_tokens=max_new_tokens, max_items=None)
    texts = {
        p: a.text for p, a in zip(different, engine.generate(different, decoding), strict=True)
    }
    write_jsonl((_sample(row, texts[p], worded) for row, p in zip(rows, prompts, strict=True)),
                samples_out)  # fmt: skip
    provenance.write_record(
        provenance_out,
        **engine.facts,
        as_persona=as_persona,
        decoding=decoding.model_dump(),
        prompts=len(different),
        prompts_sha256=hashlib.sha256("\0".join(different).encode()).hexdigest(),
    )


def options_of(questionnaire: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Question -> ``wording``, ``options`` and ``codes``, in the order of the questionnaire."""
    return {
        str(question): {
            "wording": rows["wording"][0],
            "options": rows["option"].to_list(),
            "codes": rows["code"].to_list(),
        }
        for (question,), rows in questionnaire.group_by("question", maintain_order=True)
    }


def chat(prompt: SurveyPrompt, worded: dict[str, Any], persona: str) -> list[dict[str, str]]:
    """A question with numbered options, perhaps asked of a persona."""
    numbers = [str(number) for number in range(1, len(worded["options"]) + 1)]
    system, user = prompt.messages(worded["wording"], worded["options"], numbers)
    return [{**system, "content": f"{persona} {system['content']}".strip()}, user]


def _sample(row: dict[str, Any], text: str, worded: dict[str, dict[str, Any]]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("respondent", "question", "code")}
    codes = worded[row["question"]]["codes"]
    return {**kept, "text": text, "answer": parse_answer(text, codes)}
