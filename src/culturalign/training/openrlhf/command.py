"""The command line of OpenRLHF 0.11.2 for our settings.

Everything runs on the same GPUs (``--train.colocate_all``): policy, reference and critic share
them in time with the vLLM engines, each of which spans ``vllm_tensor_parallel`` of them.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from culturalign.config.ppo import Ppo

MODULE = "openrlhf.cli.train_ppo_ray"
PROMPT_KEY, LABEL_KEY = "prompt", "label"
"""Columns of the data file."""
ENGINE_MEMORY = 0.5
"""Share of a GPU's memory that vLLM takes while it writes; OpenRLHF's advice for shared GPUs."""

Value = str | int | float | bool | tuple[float, ...]
"""Of a flag; False leaves the flag out."""


@dataclass(frozen=True)
class Paths:
    """Files and folders of a run, absolute: Ray's workers may stand elsewhere.

    Attributes:
        start: Model folder that policy, reference and critic start from.
        data: Prompts and labels, jsonl.
        reward: The reward file.
        checkpoints: Folder of the checkpoints.
        output: Folder of the trained model.
    """

    start: Path
    data: Path
    reward: Path
    checkpoints: Path
    output: Path


def arguments(options: Ppo, paths: Paths, *, seed: int) -> list[str]:
    """Arguments for ``python -m openrlhf.cli.train_ppo_ray``.

    Every setting is named, also where it is OpenRLHF's default, so that another release cannot
    change it unseen.
    """
    listed: list[str] = []
    for flag, value in flags(options, paths, seed=seed).items():
        if value is False:
            continue
        listed.append(f"--{flag}")
        values = value if isinstance(value, tuple) else () if value is True else (value,)
        listed += [str(part) for part in values]
    return listed


def flags(options: Ppo, paths: Paths, *, seed: int) -> dict[str, Value]:
    """Flag without its dashes -> value."""
    return {
        **_files(options, paths),
        **_placement(options),
        **_batches(options),
        **_algorithm(options),
        **_optimizer("actor", options, options.actor_learning_rate),
        **_optimizer("critic", options, options.critic_learning_rate),
        **_memory(options),
        "train.seed": seed,
    }


def _files(options: Ppo, paths: Paths) -> dict[str, Value]:
    return {
        # The critic's path must be the policy's: only then is its value head initialized.
        "actor.model_name_or_path": str(paths.start),
        "critic.model_name_or_path": str(paths.start),
        "reward.remote_url": str(paths.reward),
        "data.prompt_dataset": str(paths.data),
        "data.input_key": PROMPT_KEY,  # rendered by us, so no chat template is applied
        "data.label_key": LABEL_KEY,
        "data.max_samples": options.max_samples,
        "ckpt.output_dir": str(paths.output),
        "ckpt.path": str(paths.checkpoints),
        "ckpt.save_steps": options.checkpoint_updates,  # without it none is ever written
        "ckpt.max_num": 2,  # the older one goes before the next is written
        "ckpt.load_enable": True,  # continues if there is a checkpoint, begins anew if not
        "logger.logging_steps": 1,
    }


def _placement(options: Ppo) -> dict[str, Value]:
    roles: dict[str, Value] = {}
    for role in ("actor", "ref", "critic"):
        roles |= {f"{role}.num_nodes": 1, f"{role}.num_gpus_per_node": options.gpus}
    return roles | {
        "train.colocate_all": True,
        "vllm.num_engines": options.gpus // options.vllm_tensor_parallel,
        "vllm.tensor_parallel_size": options.vllm_tensor_parallel,
        "vllm.gpu_memory_utilization": ENGINE_MEMORY,
        "vllm.enable_prefix_caching": True,
        "vllm.enable_sleep": True,
        "ds.enable_sleep": True,
    }


def _batches(options: Ppo) -> dict[str, Value]:
    return {
        "train.micro_batch_size": options.micro_train_batch,
        "train.batch_size": options.train_batch,
        "rollout.micro_batch_size": options.micro_rollout_batch,
        "rollout.batch_size": options.rollout_batch,
        "rollout.n_samples_per_prompt": 1,
        "train.max_epochs": options.epochs,
        "train.num_episodes": 1,
        # One bound for prompt and response together; the first is what the second leaves.
        "data.max_len": options.prompt_max_length + options.generation_max_length,
        "rollout.max_new_tokens": options.generation_max_length,
        "rollout.temperature": options.temperature,
        "rollout.top_p": 1.0,
    }


def _algorithm(options: Ppo) -> dict[str, Value]:
    return {
        "algo.advantage.estimator": "gae",
        "algo.advantage.gamma": options.gamma,
        "algo.advantage.lambd": options.lambd,
        "algo.kl.init_coef": options.init_kl_coef,
        "algo.kl.estimator": "k1",
        "actor.eps_clip": options.clip,
        "actor.entropy_coef": options.entropy_coef,  # 0 still logs the entropy
        "critic.value_clip": math.inf if options.value_clip is None else options.value_clip,
        "reward.clip_range": (-1.0, 1.0),  # no change: ours never leaves it
    }


def _optimizer(role: str, options: Ppo, rate: float) -> dict[str, Value]:
    return {
        f"{role}.adam.lr": rate,
        f"{role}.adam.weight_decay": options.weight_decay,
        f"{role}.lr_scheduler": "cosine_with_min_lr",  # not stated in the paper; the default
        f"{role}.lr_warmup_ratio": options.warmup_ratio,
        f"{role}.min_lr_ratio": 0.1,
        f"{role}.max_norm": options.max_grad_norm,
    }


def _memory(options: Ppo) -> dict[str, Value]:
    attention = "flash_attention_2" if options.flash_attention else "sdpa"
    return {
        "ds.zero_stage": options.zero_stage,
        "ds.param_dtype": options.precision,
        "ds.adam_offload": options.adam_offload,
        "ds.attn_implementation": attention,
        "actor.gradient_checkpointing_enable": options.gradient_checkpointing,
    }
