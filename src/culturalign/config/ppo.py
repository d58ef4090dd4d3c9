"""Configuration of PPO (paper, section 3.4, table 11)."""

from collections.abc import Iterator
from itertools import product
from typing import Literal, Self

from pydantic import Field, model_validator

from culturalign.config.adapters import VLLM_RANKS, Lora
from culturalign.config.sft import Examples
from culturalign.config.strict import Count, MethodName, OpenShare, Positive, Share, Strict

COLDEST = 0.01
"""Lowest temperature that vLLM samples at; it replaces lower ones by this."""


class Ppo(Strict):
    """PPO on the ranking task (paper, section 3.4 and table 11).

    Settings that the paper does not state have the default of OpenRLHF 0.11.2, whose names table
    11 uses, unless said otherwise.
    """

    kind: Literal["ppo"]
    """Which stage trains it."""
    label: str = "PPO"
    """Shown in tables as the paper's "M Type"."""
    engine: Literal["native", "openrlhf"] = "native"
    """`native`: LoRA; policy, reference and critic share one base model, on one GPU or a CPU.
    `openrlhf`: trains every parameter of policy and critic, on four GPUs; as run (the paper does
    not name its engine)."""
    task: Literal["ranking", "association"] = "ranking"
    """`ranking`: the paper's task, to rank a cue's associations by frequency (appendix D).
    `association`: to list associations freely, rewarded by the share that people give (appendix
    B)."""
    start: MethodName = "vanilla"
    """`vanilla`, or the SFT method whose adapter of the same culture and seed training starts
    from, which is then the reference too. As run `vanilla` for the paper's PPO rows, and merged
    SFT weights for SFT+PPO (scripts/HLCP-12-PPO_Training); not stated in the paper."""
    lora: Lora = Lora()
    """Native engine: one adapter for the policy and one for the critic, of the size in table
    10."""
    examples: Examples = Examples()
    """Prompts of the task `association`; those of `ranking` follow from the section `ranking`."""
    actor_learning_rate: Positive = 5.0e-7
    """OpenRLHF engine only. Paper, table 11."""
    critic_learning_rate: Positive = 9.0e-6
    """OpenRLHF engine only. Paper, table 11."""
    lora_actor_learning_rate: Positive = 1.0e-5
    """Native engine only. Ours: table 11's rate suits full-parameter training; this is the rate of
    LoRA in table 10."""
    lora_critic_learning_rate: Positive = 1.0e-4
    """Native engine only. Ours; the critic's head is trained from scratch."""
    warmup_ratio: Share = 0.03
    """Share of the optimizer steps with linear warm-up; the native engine's rates are constant
    after it."""
    weight_decay: Share = 0.0
    """For both optimizers."""
    max_grad_norm: Positive = 1.0
    """Gradient clipping, separately for policy and critic."""
    init_kl_coef: Positive = 0.1
    """Initial KL coefficient. Paper, table 11."""
    kl: Literal["fixed", "adaptive"] = "fixed"
    """`adaptive` moves the coefficient so that the KL approaches `kl_target` (Ziegler et al.
    2019)."""
    kl_target: Positive = 0.1
    """Target KL to the reference, in nats per token. Only with `kl: adaptive`. Ours."""
    kl_horizon: Count = 10_000
    """Responses over which an error of 20 % changes the coefficient by 20 %."""
    stop_kl: Positive | None = None
    """Leave a rollout batch, before the next optimizer step, once the policy's KL from the one that
    wrote it is above this: nats per token, on the responses of that step. Null: never."""
    gamma: Share = 1.0
    """Discount per token."""
    lambd: Share = 1.0
    """Lambda of generalized advantage estimation."""
    clip: Positive = 0.2
    """Epsilon of the clipped policy loss."""
    value_clip: Positive | None = 0.5
    """How far a value may move in a rollout batch and still count; null: no clipping."""
    entropy_coef: float = Field(default=0.0, ge=0)
    """Weight of the entropy bonus."""
    whiten: bool = True
    """Scale the advantages of a rollout batch to mean 0 and variance 1."""
    micro_train_batch: Count = 8
    """Most responses per forward pass in training. Paper, table 11."""
    train_batch: Count = 32
    """Responses per optimizer step. Paper, table 11."""
    micro_rollout_batch: Count = 16
    """Most responses generated in a batch. Paper, table 11."""
    rollout_batch: Count = 64
    """Responses between two updates. Paper, table 11."""
    rollouts: Literal["hf", "vllm"] = "hf"
    """What generates the responses of the native engine: transformers, on the weights in training,
    or vLLM (envs/vllm.yaml), on its own copy of the base weights, with the policy's adapter
    reloaded for every rollout batch (docs/ppo.md). Ours."""
    rollout_memory: OpenShare = 0.4
    """Share of a GPU's memory that `rollouts: vllm` takes for weights and cache; the trainer, on
    the same GPU, gets the rest. Ours."""
    micro_batch_tokens: Count = 16384
    """Most tokens per forward pass of the native engine, padding included and a shared prefix
    counted once; fewer where a GPU has no memory for them. Changes memory and speed, not the
    update. Ours."""
    updates: Count | None = None
    """Rollout batches of the native engine; null: one pass over the examples. More than a pass
    go over the examples again, in a new order. Ours."""
    max_samples: Count = 1_000_000
    """Upper limit of the training samples, not a target. Paper, table 11."""
    epochs: Count = 1
    """Passes over each rollout batch. Paper, table 11."""
    prompt_max_length: Count = 1024
    """Longest prompt, in tokens. Paper, table 11."""
    generation_max_length: Count = 1024
    """Longest response, in tokens. Paper, table 11."""
    temperature: Positive = 1.0
    """Sampling temperature of rollouts. Values other than 1 sample from another policy than the
    model's own, so the losses use log-probabilities at this temperature, too."""
    checkpoint_updates: Count = 10
    """Updates between checkpoints in scratch/."""
    checkpoint_minutes: Positive = 30.0
    """Longest time between two checkpoints of the native engine, however long updates take.
    Ours."""
    zero_stage: int = Field(default=3, ge=0, le=3)
    """DeepSpeed ZeRO stage, OpenRLHF engine only. Paper, table 11."""
    precision: Literal["bf16", "fp32"] = "bf16"
    """OpenRLHF engine only; the native engine uses the model's. Paper, table 11."""
    gradient_checkpointing: bool = True
    """Recompute activations in the backward pass: less memory, more time. Paper, table 11."""
    adam_offload: bool = True
    """Keep the optimizer's state in main memory, OpenRLHF engine only. Paper, table 11."""
    flash_attention: bool = True
    """OpenRLHF engine only. Paper, table 11."""
    vllm_tensor_parallel: Count = 2
    """OpenRLHF engine only. Paper, table 11."""
    gpus: Count = 4
    """OpenRLHF engine only, on one machine; policy and reference share them, and with
    `critic_gpus: null` critic and vLLM too. Paper, section F: nodes of four A100s. Its batch
    sizes do not allow more."""
    critic_gpus: Count | None = None
    """OpenRLHF engine only. GPUs for the critic only; vLLM then has `vllm_tensor_parallel` GPUs of
    its own, too. Null: all share `gpus`. As run: 2, next to 4 and 2."""
    packing: bool = False
    """OpenRLHF engine only: pack responses without padding, which needs flash attention. Changes
    speed, not the update. As run: yes."""

    @model_validator(mode="after")
    def _can_be_trained(self) -> Self:
        if fault := next(self._faults(), None):
            raise ValueError(fault)
        return self

    def _faults(self) -> Iterator[str]:
        """Settings that cannot be, or that an engine would silently replace by others."""
        for whole, part in (
            ("train_batch", "micro_train_batch"),
            ("rollout_batch", "micro_rollout_batch"),
            ("rollout_batch", "train_batch"),
        ):
            size, divisor = getattr(self, whole), getattr(self, part)
            if size % divisor:
                yield f"{whole} ({size}) must be a multiple of {part} ({divisor})"
        if self.engine == "openrlhf":
            yield from (f"engine openrlhf: {fault}" for fault in self._beyond_openrlhf())
        if self.rollouts == "vllm" and self.temperature < COLDEST:
            yield (
                f"rollouts vllm: temperature is {self.temperature:g}, but vLLM would sample at "
                f"{COLDEST:g} and PPO score another policy; raise it, or use hf"
            )
        largest = VLLM_RANKS[-1]
        if self.rollouts == "vllm" and self.start == "vanilla" and self.lora.rank > largest:
            rank = self.lora.rank
            yield f"rollouts vllm: lora.rank is {rank}, but it applies ranks up to {largest}"
        if self.lora.dropout:
            yield (
                f"lora.dropout is {self.lora.dropout:g}, but PPO compares log-probabilities that "
                "dropout would make random; set it to 0"
            )

    def _beyond_openrlhf(self) -> Iterator[str]:
        """Settings that OpenRLHF 0.11.2 cannot follow."""
        if self.rollouts == "vllm":
            yield "it always has vLLM write the responses; leave out rollouts, or use native"
        if self.critic_gpus is None and self.gpus % self.vllm_tensor_parallel:
            yield f"gpus ({self.gpus}) must be a multiple of vllm_tensor_parallel"
        pairs = product(("train_batch", "rollout_batch"), ("gpus", "critic_gpus"))
        for whole, role in pairs:  # every GPU needs whole micro-batches
            size, micro = getattr(self, whole), getattr(self, f"micro_{whole}")
            gpus = getattr(self, role) or 1
            if size % (micro * gpus):
                yield (
                    f"{whole} ({size}) must be a multiple of micro_{whole} x {role} "
                    f"({micro} x {gpus} = {micro * gpus})"
                )
        if self.packing and not self.flash_attention:
            yield "packing needs flash_attention: true"
        if self.precision != "bf16":
            yield "precision must be bf16"
        asked = {
            "whiten: false": not self.whiten,
            "stop_kl": self.stop_kl,
            "updates": self.updates,
            "kl: adaptive": self.kl == "adaptive",  # its authors mark it as incompatible
        }
        if named := [name for name, used in asked.items() if used]:
            yield f"it cannot do {', '.join(named)}; leave out or use native"
