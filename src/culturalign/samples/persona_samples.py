"""One persona job: respondents and questions in, an arm's answers for them out."""

from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.evaluate import Decoding
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.samples.loaded_arm import LoadedArm
from culturalign.samples.persona_answers import parse_answer
from culturalign.samples.survey_prompts import Chat, SurveyPrompt, introduced


def run(
    arm: LoadedArm,
    *,
    personas: Path,
    questionnaire: Path,
    prompt: SurveyPrompt,
    as_persona: bool,
    max_new_tokens: int,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer as respondents, greedily, with the number of an option.

    Equal prompts, such as those without a persona, are answered once.

    Args:
        arm: The arm.
        personas: jsonl of ``respondent, question, code, persona``.
        questionnaire: ``question, wording, code, option``, parquet.
        prompt: The language's survey prompt, with the arm's system message.
        as_persona: Whether the persona precedes the system message.
        max_new_tokens: Longest answer.
        samples_out: jsonl of ``respondent, question, code, text, answer``.
        provenance_out: JSON.
    """
    rows, table = read_jsonl(personas), pl.read_parquet(questionnaire)
    prompt, worded = introduced(prompt, table), options_of(table)
    prompts = arm.render(
        chat(prompt, worded[row["question"]], row["persona"] if as_persona else "") for row in rows
    )
    different = list(dict.fromkeys(prompts))
    decoding = Decoding(max_new_tokens=max_new_tokens, max_items=None)
    answers = arm.engine.generate(different, decoding)
    texts = {p: answer.text for p, answer in zip(different, answers, strict=True)}
    samples = (_sample(row, texts[p], worded) for row, p in zip(rows, prompts, strict=True))
    write_jsonl(samples, samples_out)
    arm.write_provenance(
        provenance_out,
        different,
        as_persona=as_persona,
        decoding=decoding.model_dump(),
        prompts=len(different),
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


def chat(prompt: SurveyPrompt, worded: dict[str, Any], persona: str) -> Chat:
    """A question with numbered options, perhaps asked of a persona."""
    numbers = [str(number) for number in range(1, len(worded["options"]) + 1)]
    system, user = prompt.messages(worded["wording"], worded["options"], numbers)
    return [{**system, "content": f"{persona} {system['content']}".strip()}, user]


def _sample(row: dict[str, Any], text: str, worded: dict[str, dict[str, Any]]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("respondent", "question", "code")}
    codes = worded[row["question"]]["codes"]
    return {**kept, "text": text, "answer": parse_answer(text, codes)}
