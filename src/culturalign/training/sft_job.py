"""One SFT job: files in, adapter with provenance and training log out."""

import importlib.util
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import torch
import transformers
from pydantic import Field

from culturalign import jobs, provenance
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.training_logs import SFT_LOG
from culturalign.config.models import Model
from culturalign.config.sft import ClcaSft, Sft
from culturalign.config.strict import Strict
from culturalign.errors import UserError
from culturalign.files.jsonl import read_jsonl
from culturalign.models import loading
from culturalign.training import checkpoints, distributed, multi_gpu, sft_trainer
from culturalign.training.preemption import STATUS
from culturalign.training.tokenization import Encoded, encode_example


class Job(Strict):
    """What a job needs; as JSON it reaches the processes that train on several GPUs."""

    train: Path
    """Examples, jsonl."""
    validation: Path
    """Examples, jsonl."""
    model: Model
    """The base model."""
    base: Path | None
    """Its unpacked folder, if it came in a package."""
    start: Path | None
    """Adapter that training continues from; None for a new one."""
    options: Annotated[Sft | ClcaSft, Field(discriminator="kind")]
    """Hyper-parameters."""
    separator: str
    """Joins the words of a target list."""
    code: list[Path]
    """Source files of the job; a checkpoint made by other code is not continued."""
    seed: int
    """Of the adapter's initial weights and of the order."""
    threads: int
    """CPU threads of all processes; sums, and so equal seeds, depend on it."""
    scratch: Path
    """Folder of the checkpoints; for the caller to remove once the adapter has its name."""
    adapter_out: Path
    """Folder for ``adapter_model.safetensors`` and ``provenance.json``."""
    log_out: Path
    """Training log, parquet."""


def start(job: Job, processes: int | None = None) -> None:
    """Train an adapter, in this process or in one for each GPU.

    Args:
        job: What to do.
        processes: How many; None for as many as ``devices`` asks for and there are GPUs.

    Raises:
        UserError: If DeepSpeed is wanted and not installed, or a process fails.
        SystemExit: If SIGTERM came before the last step; the checkpoint is written.
    """
    processes = processes or multi_gpu.count(job.options.devices)
    if processes == 1:
        return run(job)
    if job.options.zero_stage and not importlib.util.find_spec("deepspeed"):
        raise UserError(
            "zero_stage needs DeepSpeed, which is not installed; set it to 0, or see docs/slurm.md"
        )
    multi_gpu.launch("culturalign.training.sft_job", job.model_dump_json(), processes)
    if not job.log_out.exists():  # told to stop, and saved
        sys.exit(STATUS)
    return None


def run(job: Job, processes: int = 1) -> None:
    """Train an adapter; continue an interrupted run of the same job.

    Args:
        job: What to do.
        processes: How many call this together; the first of them writes.
    """
    torch.set_num_threads(max(1, job.threads // processes))
    tokenizer = loading.load_tokenizer(job.model, job.base)
    model = loading.load_model(job.model, job.base)

    def encode(path: Path) -> list[Encoded]:
        encoded = [
            encode_example(
                example,
                tokenizer,
                job.model,
                separator=job.separator,
                max_length=job.options.max_length,
            )
            for example in read_jsonl(path)
        ]
        return with_target(encoded, path)

    facts: dict[str, Any] = {
        "model": job.model.model_dump(),
        "model_digest": loading.digest(job.model, job.base, model.config),
        "dtype": str(model.dtype),
        "device": model.device.type,  # each kind has random numbers of its own
        "sft": job.options.model_dump(),
        "start_digest": loading.weights_digest(job.start) if job.start else None,
        "separator": job.separator,
        "seed": job.seed,
        "threads": job.threads,
        "processes": processes,
        "packages": provenance.versions(),
    }
    trained, log, run_facts = sft_trainer.train(
        model,
        encode(job.train),
        encode(job.validation),
        job.options,
        pad=int(tokenizer.pad_token_id),
        seed=job.seed,
        scratch=job.scratch,
        start=job.start,
        fingerprint=checkpoints.fingerprint(facts, [job.train, job.validation, *job.code]),
        ranks=processes,
    )
    with distributed.gathered(trained):
        if distributed.is_main_process():
            _write(job, trained, log, facts | {"run": run_facts})


def _write(job: Job, trained: Any, log: list[dict[str, float]], facts: dict[str, Any]) -> None:
    """Write what a job makes."""
    # The adapter names its base as configured, not the folder of this machine.
    trained.peft_config["default"].base_model_name_or_path = job.model.source
    # Embeddings are never trained; asked to find out, peft would look the base up on the hub.
    trained.save_pretrained(job.adapter_out, save_embedding_layers=False)
    provenance.write_record(job.adapter_out / "provenance.json", **facts)
    write_artifact(pl.DataFrame(log, schema=SFT_LOG.schema), job.log_out, SFT_LOG)


def with_target(encoded: Sequence[Encoded], path: Path) -> list[Encoded]:
    """Examples without those whose prompt alone fills ``max_length``; says how many there are.

    Their target has only its end left: they would teach the model to say nothing.

    Raises:
        UserError: If none is left.
    """
    kept = [example for example in encoded if len(example.completion) > 1]
    if len(kept) < len(encoded) and distributed.is_main_process():
        print(
            f"{path}: {len(encoded) - len(kept)} of {len(encoded)} examples are longer than "
            "max_length before their target and are left out",
            file=sys.stderr,
        )
    if not kept:
        raise UserError(f"{path}: no example fits max_length; raise it, or make more examples")
    return kept


def main(path: Path) -> None:
    """Take part in a job as one of several processes.

    Args:
        path: The job, JSON.
    """
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    if not distributed.is_main_process():  # one process is enough to say it
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        warnings.simplefilter("ignore")
    job = Job.model_validate_json(path.read_text(encoding="utf-8"))
    try:
        run(job, int(os.environ["WORLD_SIZE"]))
    except SystemExit as left:
        if left.code != STATUS:  # else it was told to stop, and has saved itself
            raise
    except Exception as error:
        sentence = str(error) if isinstance(error, UserError) else jobs.disk_fault(error)
        if sentence is None:
            raise
        sys.exit(f"Error: {sentence}")
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
