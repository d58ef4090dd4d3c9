"""One generation job: test cues in, raw answers with provenance out."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.config.evaluate import Decoding
from culturalign.data.sft_examples import Prompt
from culturalign.data.splits import cues_of
from culturalign.files.jsonl import write_jsonl
from culturalign.samples.loaded_arm import LoadedArm


def run(
    arm: LoadedArm,
    *,
    splits: Path,
    prompt: Prompt,
    bounds: Sequence[int],
    decoding: Decoding,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer the prompt for every test cue.

    Args:
        arm: The arm.
        splits: ``cue, split``, parquet.
        prompt: The prompt.
        bounds: Lower and upper bound of the list size that the prompt asks for.
        decoding: How text is generated.
        samples_out: jsonl of ``cue, text, tokens, truncated``.
        provenance_out: JSON.
    """
    cues = cues_of(pl.read_parquet(splits), "test")
    prompts = arm.render(prompt.messages(cue, *bounds) for cue in cues)
    answers = arm.engine.generate(prompts, decoding)
    rows = ({"cue": cue, **answer.record()} for cue, answer in zip(cues, answers, strict=True))
    write_jsonl(rows, samples_out)
    arm.write_provenance(
        provenance_out, prompts, decoding=decoding.model_dump(), bounds=list(bounds)
    )
