"""One generation job: test cues in, raw answers with provenance out."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign import provenance
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.data.sft_examples import Prompt
from culturalign.data.splits import cues_of
from culturalign.files.jsonl import write_jsonl
from culturalign.models import loading
from culturalign.models.engine import open_engine


def run(
    *,
    splits: Path,
    prompt: Prompt,
    bounds: Sequence[int],
    model_options: Model,
    base: Path | None,
    adapter: Path | None,
    decoding: Decoding,
    batch_tokens: int,
    threads: int,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm answer the prompt for every test cue.

    Args:
        splits: ``cue, split``, parquet.
        prompt: The prompt.
        bounds: Lower and upper bound of the list size asked for.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.
        adapter: Folder of the arm's adapter; None for the vanilla model.
        decoding: How text is generated.
        batch_tokens: Most tokens generated side by side.
        threads: CPU threads.
        samples_out: jsonl of ``cue, text, tokens, truncated``.
        provenance_out: JSON.
    """
    cues = cues_of(pl.read_parquet(splits), "test")
    engine = open_engine(model_options, base, adapter, batch_tokens=batch_tokens, threads=threads)
    lower, upper = bounds
    prompts = [
        loading.render(engine.tokenizer, prompt.messages(cue, lower, upper), model_options)
        for cue in cues
    ]
    answers = engine.generate(prompts, decoding)
    rows = ({"cue": cue, **answer.record()} for cue, answer in zip(cues, answers, strict=True))
    write_jsonl(rows, samples_out)
    provenance.write_record(
        provenance_out,
        **engine.facts,
        decoding=decoding.model_dump(),
        bounds=list(bounds),
        prompts_sha256=hashlib.sha256("\0".join(prompts).encode()).hexdigest(),
    )
