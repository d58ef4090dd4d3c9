"""One PPO job of the OpenRLHF engine: from files to full weights with provenance and log."""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from culturalign import provenance
from culturalign.artifacts.training_logs import OPENRLHF_LOG
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.models import loading
from culturalign.models.gpus import require_gpus
from culturalign.training.openrlhf import (
    checkpoint_repair,
    command,
    process,
    prompt_data,
    result,
    start,
    training_log,
)
from culturalign.training.ppo.ppo_task import PpoJob

OPENRLHF = (sys.executable, "-m", command.MODULE)
SOURCE = Path(__file__).resolve().parents[3]
"""Where this package is, for the reward file."""


def run(job: PpoJob, program: Sequence[str] = OPENRLHF) -> None:
    """Train all weights; continue an interrupted run of the same job.

    Args:
        job: The job; its ``base`` holds the starting weights if they are not the model's own.
        program: What to run, without its arguments.

    Raises:
        UserError: If GPUs are missing, OpenRLHF fails, or its result is not a trained model of
            this kind.
    """
    require_gpus()
    folder = start.start_folder(job.model, job.base)
    facts = {
        "model": job.model.model_dump(),
        "start_digest": loading.folder_digest(folder),
        "ppo": job.options.model_dump(),
        "task": job.task,
        "seed": job.seed,
        "packages": provenance.versions(),
    }
    scratch = job.scratch.resolve()
    continue_or_clear(scratch, provenance.digest_of(facts, job.inputs()))
    checkpoint_repair.repair(scratch / command.CHECKPOINTS)
    used, log = write_inputs(job, folder, scratch), scratch / "output.log"
    arguments = command.arguments(job.options, folder, scratch, seed=job.seed)
    process.run([*program, *arguments], log)
    result.collect(scratch / command.OUTPUT, folder, job.result)
    loading.write_digest(job.result, source=job.model.source)
    with log.open(encoding="utf-8", errors="replace") as lines:
        rows = training_log.read_log(lines)
    job.write_records({**facts, "run": used}, rows, OPENRLHF_LOG)


def write_inputs(job: PpoJob, folder: Path, scratch: Path) -> dict[str, int]:
    """Write the data file, the reward file and its settings; returns how many examples are used."""
    tokenizer, human = loading.load_tokenizer(job.model, folder), job.human()
    examples = read_jsonl(job.train)
    if human:
        examples = [{**row, "associations": human[row["cue"]]} for row in examples]
    chosen = prompt_data.whole_rollouts(examples, job.options, seed=job.seed)
    rows = prompt_data.rows(chosen, tokenizer, job.model, job.options)
    write_jsonl(rows, scratch / command.DATA)
    shutil.copy(Path(__file__).with_name(command.REWARD), scratch)
    settings = {
        "source": str(SOURCE),
        "task": job.options.task,
        "options": job.task,
        "special_tokens": prompt_data.special_tokens(tokenizer),
    }
    (scratch / "reward.json").write_text(json.dumps(settings), encoding="utf-8")
    return {"examples": len(chosen), "left_out": len(examples) - len(chosen)}


def continue_or_clear(scratch: Path, fingerprint: str) -> None:
    """Keep the checkpoints of an interrupted run of the same job; remove those of any other."""
    mark = scratch / "fingerprint.txt"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != fingerprint:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        mark.write_text(fingerprint, encoding="utf-8")
