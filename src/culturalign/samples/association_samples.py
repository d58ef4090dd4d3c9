"""One generation job: test cues in, raw answers with provenance out."""

from collections.abc import Sequence
from pathlib import Path

from culturalign.config.evaluate import Decoding
from culturalign.files.jsonl import write_jsonl
from culturalign.samples.list_questions import Question
from culturalign.samples.loaded_arm import LoadedArm


def run(
    arm: LoadedArm,
    *,
    cues: Sequence[str],
    questions: Sequence[Question],
    decoding: Decoding,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer the question about every cue.

    Args:
        arm: The arm.
        cues: Test cues.
        questions: Of each cue.
        decoding: How text is generated.
        samples_out: jsonl of ``cue, text, tokens, truncated``.
        provenance_out: JSON.
    """
    chats = arm.render(question.chat for question in questions)
    prompts = [q.before + chat for q, chat in zip(questions, chats, strict=True)]
    answers = arm.engine.generate(prompts, decoding)
    rows = ({"cue": cue, **answer.record()} for cue, answer in zip(cues, answers, strict=True))
    write_jsonl(rows, samples_out)
    asked = [question.bounds for question in questions]
    arm.write_provenance(
        provenance_out,
        prompts,
        decoding=arm.engine.resolve(decoding).model_dump(),
        bounds=[min(low for low, _ in asked), max(high for _, high in asked)] if asked else [],
    )
