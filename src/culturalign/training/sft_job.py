"""One SFT job: from files to an adapter with provenance and training log."""

import importlib.util
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import transformers
from pydantic import Field

from culturalign import jobs, provenance
from culturalign.artifacts.training_logs import SFT_LOG
from culturalign.config.sft import ClcaSft, Sft
from culturalign.errors import UserError
from culturalign.files.jsonl import read_jsonl
from culturalign.models import loading
from culturalign.training import distributed, multi_gpu, sft_trainer
from culturalign.training.preemption import SIGTERM_STATUS
from culturalign.training.tokenization import Encoded, encode_example
from culturalign.training.training_job import TrainingJob


class Job(TrainingJob):
    """An SFT job; as JSON it reaches the processes that train on several GPUs."""

    validation: Path
    """Validation examples, jsonl."""
    options: Annotated[Sft | ClcaSft, Field(discriminator="kind")]
    """Hyper-parameters."""
    separator: str
    """Joins the words of a target list."""


def start(job: Job, processes: int | None = None) -> None:
    """Train an adapter, in this process or in one for each GPU.

    Without a number of processes there are as many as ``devices`` asks for and GPUs are there.

    Raises:
        UserError: If DeepSpeed is needed and not installed, or a process fails.
        SystemExit: If SIGTERM arrived before the last step; the checkpoint is written.
    """
    processes = processes or multi_gpu.process_count(job.options.devices)
    if processes == 1:
        return run(job)
    if job.options.zero_stage and not importlib.util.find_spec("deepspeed"):
        raise UserError(
            "zero_stage needs DeepSpeed, which is not installed; set it to 0, or see docs/slurm.md"
        )
    multi_gpu.launch("culturalign.training.sft_job", job.model_dump_json(), processes)
    if not job.log.exists():  # preempted, and saved
        sys.exit(SIGTERM_STATUS)
    return None


def run(job: Job, processes: int = 1) -> None:
    """Train an adapter; continue an interrupted run of the same job.

    Several processes call this together; the first of them writes.
    """
    torch.set_num_threads(max(1, job.threads // processes))
    tokenizer = loading.load_tokenizer(job.model, job.base)
    model = loading.load_model(job.model, job.base)
    facts = job.facts(
        model, sft=job.options.model_dump(), separator=job.separator, processes=processes
    )
    trained, log, run_facts = sft_trainer.train(
        model,
        encode(job, job.train, tokenizer),
        encode(job, job.validation, tokenizer),
        job.options,
        pad=int(tokenizer.pad_token_id),
        seed=job.seed,
        scratch=job.scratch,
        start=job.start,
        fingerprint=provenance.digest_of(facts, [job.train, job.validation, *job.code]),
        ranks=processes,
    )
    with distributed.gathered_parameters(trained):
        if distributed.is_main_process():
            # The adapter names its base as configured, not the folder on this machine.
            trained.peft_config["default"].base_model_name_or_path = job.model.source
            # Embeddings are never trained; "auto" would look the base up on the hub.
            trained.save_pretrained(job.result, save_embedding_layers=False)
            job.write_records({**facts, "run": run_facts}, log, SFT_LOG)


def encode(
    job: Job, path: Path, tokenizer: transformers.PreTrainedTokenizerBase
) -> Sequence[Encoded]:
    """Encode examples without those whose prompt fills ``max_length``; says how many there are.

    Only the end of their target is left: they would teach the model to say nothing.

    Raises:
        UserError: If none is left.
    """
    separator, max_length = job.separator, job.options.max_length
    encoded = [
        encode_example(row, tokenizer, job.model, separator=separator, max_length=max_length)
        for row in read_jsonl(path)
    ]
    kept = [example for example in encoded if len(example.completion) > 1]
    if len(kept) < len(encoded) and distributed.is_main_process():
        print(
            f"{path}: left out {len(encoded) - len(kept)} of {len(encoded)} examples, which are "
            "longer than max_length before their target",
            file=sys.stderr,
        )
    if not kept:
        raise UserError(f"{path}: no example fits max_length; raise it, or make more examples")
    return kept


def main(path: Path) -> None:
    """Take part in a job, given as JSON, as one of several processes."""
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    if not distributed.is_main_process():  # one process is enough to say it
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        warnings.simplefilter("ignore")
    job = Job.model_validate_json(path.read_text(encoding="utf-8"))
    try:
        run(job, int(os.environ["WORLD_SIZE"]))
    except SystemExit as ended:
        if ended.code != SIGTERM_STATUS:  # else it was preempted, and has saved a checkpoint
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
