"""One SFT job: files in, adapter with provenance and training log out."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import torch

from culturalign import checkpoints, models, provenance, sft
from culturalign.config.models import Model
from culturalign.config.sft import Sft
from culturalign.encoding import Encoded, encode_example
from culturalign.errors import UserError
from culturalign.examples import read_jsonl


def run(
    *,
    train: Path,
    validation: Path,
    model_options: Model,
    base: Path | None,
    start: Path | None,
    options: Sft,
    separator: str,
    code: Sequence[Path],
    seed: int,
    threads: int,
    scratch: Path,
    adapter_out: Path,
    log_out: Path,
) -> None:
    """Train an adapter; continue an interrupted run of the same job.

    Args:
        train: Examples, jsonl.
        validation: Examples, jsonl.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.
        start: Adapter that training continues from; None for a new one.
        options: Hyper-parameters.
        separator: Joins the words of a target list.
        code: Source files of the job; a checkpoint made by other code is not continued.
        seed: Of the adapter's initial weights and of the order.
        threads: CPU threads; sums, and so equal seeds, depend on it.
        scratch: Folder of the checkpoints; removed once the adapter is written.
        adapter_out: Folder for ``adapter_model.safetensors`` and ``provenance.json``.
        log_out: Training log, parquet.
    """
    torch.set_num_threads(threads)
    tokenizer = models.load_tokenizer(model_options, base)
    model = models.load_model(model_options, base)

    def encode(path: Path) -> list[Encoded]:
        encoded = [
            encode_example(
                example,
                tokenizer,
                model_options,
                separator=separator,
                max_length=options.max_length,
            )
            for example in read_jsonl(path)
        ]
        return with_target(encoded, path)

    facts: dict[str, Any] = {
        "model": model_options.model_dump(),
        "model_digest": models.digest(model_options, base, model.config),
        "dtype": str(model.dtype),
        "sft": options.model_dump(),
        "start_digest": models.weights_digest(start) if start else None,
        "separator": separator,
        "seed": seed,
        "threads": threads,
        "packages": provenance.versions(),
    }
    trained, log, run_facts = sft.train(
        model,
        encode(train),
        encode(validation),
        options,
        pad=int(tokenizer.pad_token_id),
        seed=seed,
        scratch=scratch,
        start=start,
        fingerprint=checkpoints.fingerprint(facts, [train, validation, *code]),
    )
    # The adapter names its base as configured, not the folder of this machine.
    trained.peft_config["default"].base_model_name_or_path = model_options.source
    trained.save_pretrained(adapter_out)
    provenance.write_record(adapter_out / "provenance.json", **facts, run=run_facts)
    pl.DataFrame(log, schema=dict.fromkeys(["step", *sft.LOGGED], pl.Float64)).write_parquet(
        log_out
    )
    shutil.rmtree(scratch, ignore_errors=True)


def with_target(encoded: Sequence[Encoded], path: Path) -> list[Encoded]:
    """Examples without those whose prompt alone fills ``max_length``; says how many there are.

    Their target has only its end left: they would teach the model to say nothing.

    Raises:
        UserError: If none is left.
    """
    kept = [example for example in encoded if len(example.completion) > 1]
    if len(kept) < len(encoded):
        print(
            f"{path}: {len(encoded) - len(kept)} of {len(encoded)} examples are longer than "
            "max_length before their target and are left out",
            file=sys.stderr,
        )
    if not kept:
        raise UserError(f"{path}: no example fits max_length; raise it, or make more examples")
    return kept
