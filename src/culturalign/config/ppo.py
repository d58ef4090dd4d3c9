"""Configuration of PPO on the ranking task."""

from typing import Literal, Self

from pydantic import Field, model_validator

from culturalign.config.strict import Count, Positive, Strict


class Ppo(Strict):
    """PPO on the ranking task with OpenRLHF (paper, section 3.4 and table 11)."""

    kind: Literal["ppo"]
    """Which stage trains it."""
    label: str = "PPO"
    """Shown in tables as the paper's "M Type"."""
    actor_learning_rate: Positive = 5.0e-7
    """Paper, table 11."""
    critic_learning_rate: Positive = 9.0e-6
    """Paper, table 11."""
    init_kl_coef: Positive = 0.1
    """Initial KL coefficient. Paper, table 11."""
    micro_train_batch: Count = 8
    """Paper, table 11."""
    train_batch: Count = 32
    """Paper, table 11."""
    micro_rollout_batch: Count = 16
    """Paper, table 11."""
    rollout_batch: Count = 64
    """Paper, table 11."""
    max_samples: Count = 1_000_000
    """A cap on the training samples, not a target. Paper, table 11."""
    epochs: Count = 1
    """Paper, table 11."""
    prompt_max_length: Count = 1024
    """Tokens. Paper, table 11."""
    generation_max_length: Count = 1024
    """Tokens. Paper, table 11."""
    zero_stage: int = Field(default=3, ge=0, le=3)
    """DeepSpeed ZeRO stage. Paper, table 11."""
    precision: Literal["bf16", "fp32"] = "bf16"
    """Paper, table 11."""
    gradient_checkpointing: bool = True
    """Paper, table 11."""
    adam_offload: bool = True
    """Keep the optimizer's state in main memory. Paper, table 11."""
    flash_attention: bool = True
    """Paper, table 11."""
    vllm_tensor_parallel: Count = 2
    """Paper, table 11."""

    @model_validator(mode="after")
    def _batches_divide(self) -> Self:
        for name in ("train_batch", "rollout_batch"):
            whole, micro = getattr(self, name), getattr(self, f"micro_{name}")
            if whole % micro:
                raise ValueError(f"{name} ({whole}) must be a multiple of micro_{name} ({micro})")
        return self
