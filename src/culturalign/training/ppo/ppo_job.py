"""One PPO job of the native engine: files in, adapter with provenance and training log out."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import torch
from transformers import set_seed

from culturalign import provenance
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.training import checkpoints
from culturalign.training.ppo import ppo_training
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import RewardFn, build_environment


def run(
    *,
    examples: Sequence[dict[str, Any]],
    reward_fn: RewardFn,
    task: dict[str, Any],
    inputs: Sequence[Path],
    model_options: Model,
    base: Path | None,
    start: Path | None,
    options: Ppo,
    seed: int,
    threads: int,
    scratch: Path,
    adapter_out: Path,
    log_out: Path,
) -> None:
    """Train an adapter; continue an interrupted run of the same job.

    Args:
        examples: Training prompts, with ``messages``.
        reward_fn: Scores a response.
        task: What the reward_fn depends on beside the inputs, plain values.
        inputs: Data files and source files of the job; a checkpoint made from others is not
            continued.
        model_options: The base model.
        base: Its unpacked folder, if it came in a package.
        start: Adapter that training starts from; None for the vanilla model.
        options: Hyper-parameters.
        seed: Of the adapters' first weights, of sampling and of the order.
        threads: CPU threads; sums, and so equal seeds, depend on it.
        scratch: Folder of the checkpoints; for the caller to remove once the adapter has its name.
        adapter_out: Folder for ``adapter_model.safetensors`` and ``provenance.json``.
        log_out: Training log, parquet.

    Raises:
        UserError: If vLLM is wanted and not installed.
    """
    if options.rollouts == "vllm" and not importlib.util.find_spec("vllm"):
        raise UserError(
            "rollouts: vllm needs vLLM, which is not installed; set it to hf, or see docs/slurm.md"
        )
    torch.set_num_threads(threads)
    set_seed(seed)
    tokenizer = loading.load_tokenizer(model_options, base)
    model = loading.load_model(model_options, base)
    facts: dict[str, Any] = {
        "model": model_options.model_dump(),
        "model_digest": loading.digest(model_options, base, model.config),
        "start_digest": loading.weights_digest(start) if start else None,
        "dtype": str(model.dtype),
        "device": model.device.type,  # each kind has random numbers of its own
        "ppo": options.model_dump(),
        "task": task,
        "seed": seed,
        "threads": threads,
        "packages": provenance.versions(),
    }
    environment = build_environment(
        examples, reward_fn, tokenizer, model_options, longest=options.prompt_max_length
    )
    roles = Roles(model, options, start)
    write: ppo_training.Writer | None = None
    if options.rollouts == "vllm":
        from culturalign.training.ppo.vllm_rollout import VllmWriter

        write = VllmWriter(
            roles, environment, options, model_options, base, seed=seed, scratch=scratch
        )
    log, run_facts = ppo_training.train(
        roles,
        environment,
        options,
        seed=seed,
        scratch=scratch,
        fingerprint=checkpoints.fingerprint(facts, inputs),
        write=write,
    )
    roles.save_policy(adapter_out, model_options.source)
    provenance.write_record(adapter_out / "provenance.json", **facts, run=run_facts)
    write_artifact(pl.DataFrame(log, schema=PPO_LOG.schema), log_out, PPO_LOG)
