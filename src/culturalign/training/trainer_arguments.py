"""Hyper-parameters of supervised fine-tuning in the terms of the Trainer and of DeepSpeed."""

import math
from pathlib import Path
from typing import Any

import torch
from transformers import TrainingArguments

from culturalign.config.sft import Training

RANK_TIMEOUT = 600
"""Seconds that a rank waits for the others; rank 0 may be writing to a slow disk meanwhile."""


def training_arguments(
    options: Training,
    steps: int,
    examples: int,
    seed: int,
    scratch: Path,
    dtype: torch.dtype,
    *,
    ranks: int = 1,
) -> TrainingArguments:
    """Hyper-parameters in the Trainer's terms; it sees one pass over the planned steps.

    Args:
        options: Hyper-parameters.
        steps: Number of optimizer steps.
        examples: Number of training examples.
        seed: Seed of dropout; each rank adds its number.
        scratch: Folder of the checkpoints.
        dtype: Type of the base model; bf16 means mixed precision.
        ranks: Processes that train together.

    Raises:
        RuntimeError: If the processes have not found each other.
    """
    gpu, zero = torch.cuda.is_available(), options.zero_stage if ranks > 1 else 0
    arguments = TrainingArguments(
        output_dir=str(scratch),
        max_steps=steps,
        per_device_train_batch_size=1,  # one item of the dataloader is a whole step
        learning_rate=options.learning_rate,
        lr_scheduler_type=options.scheduler,
        # Rounded down: a warm-up begins with rate 0, which a run of few steps cannot afford.
        warmup_steps=int(options.warmup_ratio * steps),
        weight_decay=options.weight_decay,
        max_grad_norm=options.max_grad_norm,
        bf16=dtype == torch.bfloat16 and not zero,
        use_cpu=not gpu,
        deepspeed=zero_settings(zero, options.max_grad_norm, dtype) if zero else None,
        ddp_timeout=RANK_TIMEOUT,
        ddp_find_unused_parameters=False,
        ddp_broadcast_buffers=False,  # they never change
        seed=seed,
        logging_steps=1,
        logging_nan_inf_filter=False,  # a loss that is not a number must show
        eval_strategy="steps",
        eval_steps=math.ceil(examples / options.global_batch),  # once a pass
        save_strategy="steps",
        save_steps=options.checkpoint_steps,
        save_total_limit=2,
        dataloader_pin_memory=gpu,
        remove_unused_columns=False,
        report_to="none",
    )
    arguments._n_gpu = min(arguments.n_gpu, 1)  # otherwise several visible GPUs mean DataParallel
    if arguments.world_size != ranks:
        raise RuntimeError(f"started {ranks} ranks, but the world size is {arguments.world_size}")
    arguments.seed += arguments.process_index
    return arguments


def zero_settings(stage: int, max_grad_norm: float, dtype: torch.dtype) -> dict[str, Any]:
    """DeepSpeed's configuration.

    Adapters and their gradients stay in fp32, and so do sums over ranks: DeepSpeed's own bf16
    mode would round the adapters, which a single process does not.
    Its stage says what is partitioned over the ranks: 1 the optimizer's state, 2 also the
    gradients, 3 also the weights.
    """
    import deepspeed

    if not torch.cuda.is_available():
        # Otherwise DeepSpeed would compile it, which needs a compiler.
        deepspeed.ops.__compatible_ops__["deepspeed_shm_comm"] = False
    mixed = dtype == torch.bfloat16
    return {
        "train_micro_batch_size_per_gpu": 1,
        "gradient_accumulation_steps": 1,  # the trainer decides when a step is complete
        "gradient_clipping": max_grad_norm,
        "zero_optimization": {"stage": stage, "stage3_gather_16bit_weights_on_model_save": True},
        "bf16": {"enabled": False},
        "torch_autocast": {
            "enabled": mixed,
            "dtype": "bfloat16",
            "lower_precision_safe_modules": [],
        },
    }
