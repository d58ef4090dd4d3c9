"""One ranking job: test examples in, raw answers with provenance out."""

from pathlib import Path

from culturalign.config.evaluate import Decoding
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.samples.loaded_arm import LoadedArm


def run(
    arm: LoadedArm,
    *,
    examples: Path,
    system: str,
    decoding: Decoding,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm rank the candidates of every test example.

    Args:
        arm: The arm.
        examples: jsonl with ``cue, candidates, counts, messages``.
        system: System message of the arm; it replaces that of the examples.
        decoding: How text is generated.
        samples_out: jsonl of ``cue, candidates, counts, text, tokens, truncated``.
        provenance_out: JSON.
    """
    rows = read_jsonl(examples)
    first = {"role": "system", "content": system}
    prompts = arm.render([first, *row["messages"][1:]] for row in rows)
    answers = arm.engine.generate(prompts, decoding)
    asked = [{key: row[key] for key in ("cue", "candidates", "counts")} for row in rows]
    write_jsonl((a | b.record() for a, b in zip(asked, answers, strict=True)), samples_out)
    arm.write_provenance(
        provenance_out, prompts, decoding=arm.engine.resolve(decoding).model_dump()
    )
