"""One PPO job of the OpenRLHF engine: files in, full weights with provenance and log out."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from culturalign import provenance
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.training_logs import OPENRLHF_LOG
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.files.jsonl import write_jsonl
from culturalign.models import loading
from culturalign.training import checkpoints
from culturalign.training.openrlhf import command, process, prompt_data, result, start, training_log

OPENRLHF = (sys.executable, "-m", command.MODULE)
SOURCE = Path(__file__).resolve().parents[3]
"""Where this package is, for the reward file."""


def run(
    *,
    examples: Sequence[Mapping[str, Any]],
    task: Mapping[str, Any],
    reward_file: Path,
    inputs: Sequence[Path],
    model_options: Model,
    base: Path | None,
    options: Ppo,
    seed: int,
    scratch: Path,
    weights_out: Path,
    log_out: Path,
    program: Sequence[str] = OPENRLHF,
) -> None:
    """Train all weights; continue an interrupted run of the same job.

    Args:
        examples: With ``messages`` and what the reward needs (:data:`data.LABELS`).
        task: What the reward depends on beside the examples.
        reward_file: ``reward_func.py``, copied beside its settings.
        inputs: Data files and source files of the job; a checkpoint made from others is not
            continued.
        model_options: The base model.
        base: Folder of the starting weights, if they are not the model's own.
        options: Hyper-parameters.
        seed: Of the prompts' order and of sampling.
        scratch: Folder of the checkpoints; for the caller to remove once that is done.
        weights_out: Folder for the weights, the tokenizer and ``provenance.json``.
        log_out: Training log, parquet.
        program: What is run, before its arguments.
    """
    folder = start.start_folder(model_options, base)
    facts = {
        "model": model_options.model_dump(),
        "start_digest": loading.folder_digest(folder),
        "ppo": options.model_dump(),
        "task": dict(task),
        "seed": seed,
        "packages": provenance.versions(),
    }
    scratch = scratch.resolve()
    continue_or_clear(scratch, checkpoints.fingerprint(facts, inputs))
    paths = command.Paths(
        start=folder,
        data=scratch / "prompts.jsonl",
        reward=scratch / "reward_func.py",
        checkpoints=scratch / "checkpoints",
        output=scratch / "output",
    )
    tokenizer = loading.load_tokenizer(model_options, folder)
    chosen = prompt_data.whole_rollouts(examples, options, seed=seed)
    write_jsonl(prompt_data.rows(chosen, tokenizer, model_options, options), paths.data)
    shutil.copy(reward_file, paths.reward)
    settings = {"source": str(SOURCE), "task": options.task, "options": dict(task)}
    settings["special_tokens"] = prompt_data.special_tokens(tokenizer)
    paths.reward.with_name("reward.json").write_text(json.dumps(settings), encoding="utf-8")

    arguments = command.arguments(options, paths, seed=seed)
    process.run([*program, *arguments], scratch / "output.log")

    result.collect(paths.output, folder, weights_out)
    loading.write_digest(weights_out, source=model_options.source)
    with (scratch / "output.log").open(encoding="utf-8", errors="replace") as lines:
        write_artifact(training_log.read_log(lines), log_out, OPENRLHF_LOG)
    used = {"examples": len(chosen), "left_out": len(examples) - len(chosen)}
    provenance.write_record(weights_out / "provenance.json", **facts, run=used)


def continue_or_clear(scratch: Path, fingerprint: str) -> None:
    """Keep the checkpoints of an interrupted run of the same job; remove any other's."""
    mark = scratch / "fingerprint.txt"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != fingerprint:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        mark.write_text(fingerprint, encoding="utf-8")
