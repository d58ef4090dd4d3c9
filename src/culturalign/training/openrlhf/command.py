"""The command line of OpenRLHF 0.11.2 for our settings.

By default everything runs on the same GPUs (``--train.colocate_all``): policy, reference and critic
take turns with the vLLM engines, each of which spans ``vllm_tensor_parallel`` GPUs. With
``critic_gpus`` only policy and reference share theirs, and critic and one vLLM engine have their
own.
"""

import math
from pathlib import Path

from culturalign.config.ppo import Ppo

MODULE = "openrlhf.cli.train_ppo_ray"
PROMPT_KEY, LABEL_KEY = "prompt", "label"
"""Columns of the data file."""
SHARED_MEMORY, OWN_MEMORY = 0.5, 0.9
"""Share of a GPU's memory that vLLM takes: OpenRLHF's advice for shared GPUs, and ours for a GPU of
its own."""

Value = str | int | float | bool | tuple[float, ...]
"""Value of a flag; False leaves the flag out."""


DATA, CHECKPOINTS, OUTPUT = "prompts.jsonl", "checkpoints", "output"
"""Prompts and labels, checkpoints and the trained model, in the scratch folder."""
REWARD = "reward_func.py"
"""The reward file, in the same folder."""


def arguments(options: Ppo, start: Path, scratch: Path, *, seed: int) -> list[str]:
    """Arguments for ``python -m openrlhf.cli.train_ppo_ray``.

    Every setting is given, even OpenRLHF's defaults, so that another release cannot change one
    unnoticed.
    """
    listed: list[str] = []
    for flag, value in flags(options, start, scratch, seed=seed).items():
        if value is False:
            continue
        listed.append(f"--{flag}")
        values = value if isinstance(value, tuple) else () if value is True else (value,)
        listed += [str(part) for part in values]
    return listed


def flags(options: Ppo, start: Path, scratch: Path, *, seed: int) -> dict[str, Value]:
    """Flag without its dashes -> value.

    The model folder that policy, reference and critic start from, and the scratch folder must be
    absolute: Ray's workers may run in another folder.
    """
    return {
        **_files(options, start, scratch),
        **_placement(options),
        **_batches(options),
        **_algorithm(options),
        **_optimizer("actor", options, options.actor_learning_rate),
        **_optimizer("critic", options, options.critic_learning_rate),
        **_memory(options),
        "train.seed": seed,
    }


def _files(options: Ppo, start: Path, scratch: Path) -> dict[str, Value]:
    return {
        # The critic's path must be the policy's: only then is its value head initialized.
        "actor.model_name_or_path": str(start),
        "critic.model_name_or_path": str(start),
        "reward.remote_url": str(scratch / REWARD),
        "data.prompt_dataset": str(scratch / DATA),
        "data.input_key": PROMPT_KEY,  # rendered by us, so no chat template is applied
        "data.label_key": LABEL_KEY,
        "data.max_samples": options.max_samples,
        "ckpt.output_dir": str(scratch / OUTPUT),
        "ckpt.path": str(scratch / CHECKPOINTS),
        "ckpt.save_steps": options.checkpoint_updates,  # without it none is ever written
        "ckpt.max_num": 2,  # the older one is removed before the next is written
        "ckpt.load_enable": True,  # continues from a checkpoint if there is one
        "logger.logging_steps": 1,
    }


def _placement(options: Ppo) -> dict[str, Value]:
    shared = options.critic_gpus is None
    sizes = {"actor": options.gpus, "ref": options.gpus, "critic": options.critic_gpus}
    roles: dict[str, Value] = {}
    for role, size in sizes.items():
        roles |= {f"{role}.num_nodes": 1, f"{role}.num_gpus_per_node": size or options.gpus}
    return roles | {
        "train.colocate_all": shared,
        "train.colocate_actor_ref": not shared,
        "vllm.num_engines": options.gpus // options.vllm_tensor_parallel if shared else 1,
        "vllm.tensor_parallel_size": options.vllm_tensor_parallel,
        "vllm.gpu_memory_utilization": SHARED_MEMORY if shared else OWN_MEMORY,
        "vllm.enable_prefix_caching": True,
        "vllm.enable_sleep": shared,
        "ds.enable_sleep": shared,
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
        # A bound of prompt and response together, and one of the response.
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
        "reward.clip_range": (-1.0, 1.0),  # our rewards never leave it
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
        "ds.packing_samples": options.packing,
        "actor.gradient_checkpointing_enable": options.gradient_checkpointing,
    }
