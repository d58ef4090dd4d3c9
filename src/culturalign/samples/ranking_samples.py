"""One ranking job: test examples in, raw answers with provenance out."""

import hashlib
from pathlib import Path

from culturalign import provenance
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.models import loading
from culturalign.models.engine import open_engine


def run(
    *,
    examples: Path,
    model_options: Model,
    base: Path | None,
    adapter: Path | None,
    system: str,
    decoding: Decoding,
    batch_tokens: int,
    threads: int,
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Let an arm rank the candidates of every test example.

    Args:
        examples: jsonl with ``cue, candidates, counts, messages``.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.
        adapter: Folder of the arm's adapter; None for the vanilla model.
        system: System message of the arm, in place of that of the examples.
        decoding: How text is generated.
        batch_tokens: Most tokens generated side by side.
        threads: CPU threads.
        samples_out: jsonl of ``cue, candidates, counts, text, tokens, truncated``.
        provenance_out: JSON.
    """
    rows = read_jsonl(examples)
    engine = open_engine(model_options, base, adapter, batch_tokens=batch_tokens, threads=threads)
    first = {"role": "system", "content": system}
    chats = [[first, *row["messages"][1:]] for row in rows]
    prompts = [loading.render(engine.tokenizer, chat, model_options) for chat in chats]
    answers = engine.generate(prompts, decoding)
    asked = [{key: row[key] for key in ("cue", "candidates", "counts")} for row in rows]
    write_jsonl((a | b.record() for a, b in zip(asked, answers, strict=True)), samples_out)
    provenance.write_record(
        provenance_out,
        **engine.facts,
        decoding=decoding.model_dump(),
        prompts_sha256=hashlib.sha256("\0".join(prompts).encode()).hexdigest(),
    )
