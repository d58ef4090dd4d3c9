"""Supervised fine-tuning with LoRA (paper, section 3.4, appendix A.1, table 10).

The loss is the mean negative log-likelihood of the completion tokens of an optimizer step
(equation 1), however the step is cut into micro-batches.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypedDict

import torch
from accelerate.utils import broadcast_object_list
from peft import PeftModel, get_peft_model
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset
from transformers import Trainer, set_seed

from culturalign.config.sft import Training
from culturalign.errors import UserError
from culturalign.models.lora import lora_config
from culturalign.models.prefix_cache import shared_prefix
from culturalign.training.batches import (
    IGNORED,
    collate,
    cost,
    micro_batches,
    padding_share,
    plan_steps,
)
from culturalign.training.checkpoints import MarkComplete, SaveWhenDue, last_complete, remove_others
from culturalign.training.distributed import deal
from culturalign.training.preemption import paced
from culturalign.training.tokenization import Encoded
from culturalign.training.trainer_arguments import training_arguments

Batch = dict[str, torch.Tensor]


def completion_loss(model: Any, batch: Batch) -> torch.Tensor:
    """Sum of the negative log-likelihood of a batch's completion tokens, in nats.

    Logits are computed for the last positions only; those of the prompt, most of the sequence,
    are never needed.

    Args:
        model: Causal language model.
        batch: From :func:`culturalign.collation.collate`.

    Returns:
        A scalar.
    """
    rest = {name: batch[name] for name in ("input_ids", "attention_mask", "position_ids")}
    (rows, length), longest = rest["input_ids"].shape, batch["labels"].shape[1]
    # A token is predicted at the position before it. Positions are given as indices because a
    # number of positions makes a strided slice, which the output layer multiplies far slower.
    keep = torch.arange(length - longest - 1, length - 1, device=batch["labels"].device)
    past = shared_prefix(model, batch["prefix_ids"], rows)
    logits = model(**rest, past_key_values=past, logits_to_keep=keep, use_cache=True).logits
    return cross_entropy(
        logits.flatten(0, 1).float(),
        batch["labels"].flatten(),
        ignore_index=IGNORED,
        reduction="sum",
    )


class Step(TypedDict):
    """What one rank does in an optimizer step; the Trainer wants a mapping."""

    batches: list[Batch]
    """Its micro-batches, as many as every other rank's."""
    tokens: int
    """Completion tokens of the step, over all ranks."""


class _Steps(Dataset[Step]):
    """Optimizer steps, as a map-style dataset."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: int) -> Step:
        return self.steps[index]


class SftTrainer(Trainer):
    """Trainer whose dataloader yields whole optimizer steps."""

    def __init__(self, *, steps: list[Step], validation: Step, **rest: Any) -> None:
        super().__init__(train_dataset=steps, eval_dataset=validation["batches"], **rest)
        self.steps, self.validation = steps, validation

    def get_train_dataloader(self) -> DataLoader[Step]:
        """Yield the steps of the plan, in order."""
        return DataLoader(_Steps(self.steps), batch_size=1, collate_fn=lambda items: items[0])

    def training_step(
        self, model: Any, inputs: Any, num_items_in_batch: Any = None
    ) -> torch.Tensor:
        """Add up the gradients of a step's micro-batches; with the last, those of all ranks.

        Args:
            model: The model, wrapped for several ranks.
            inputs: The :class:`Step`.
            num_items_in_batch: Not used; tokens are counted here.

        Returns:
            This rank's share of the step's mean loss a completion token, in nats, such that the
            mean over ranks is that loss. Gradients and the logged loss are such means.
        """
        model.train()
        share = inputs["tokens"] / self.args.world_size
        total = torch.zeros((), device=self.args.device)
        for number, batch in enumerate(inputs["batches"], start=1):
            last = number == len(inputs["batches"])
            self.accelerator.gradient_state._set_sync_gradients(last)  # heeded by DeepSpeed
            with nullcontext() if last else self.accelerator.no_sync(model):
                with self.compute_loss_context_manager():
                    loss = completion_loss(model, self._prepare_inputs(batch)) / share
                self.accelerator.backward(loss)
            total += loss.detach()
        return total

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Log the mean loss a completion token on the validation cues, in nats."""
        # DistributedDataParallel has nothing to add to a forward pass; DeepSpeed's engine has.
        model: Any = self.deepspeed or self.model
        model.eval()
        total = torch.zeros((), dtype=torch.float64, device=self.args.device)
        with torch.no_grad(), self.compute_loss_context_manager():
            for batch in self.validation["batches"]:
                total += completion_loss(model, self._prepare_inputs(batch))
        summed = self.accelerator.reduce(total, reduction="sum")
        metrics = {"eval_loss": float(summed) / self.validation["tokens"]}
        self.log(metrics)
        return metrics

    def floating_point_ops(self, inputs: Any) -> int:
        """Not counted."""
        return 0


def train(
    model: Any,
    examples: Sequence[Encoded],
    validation: Sequence[Encoded],
    options: Training,
    *,
    pad: int,
    seed: int,
    scratch: Path,
    fingerprint: str,
    start: Path | None = None,
    ranks: int = 1,
) -> tuple[Any, list[dict[str, float]], dict[str, Any]]:
    """Train an adapter on a base model; continue from the last checkpoint in ``scratch``.

    Args:
        model: Base model, frozen; its type sets the arithmetic (bf16 or fp32).
        examples: Training examples.
        validation: Validation examples.
        options: Hyper-parameters.
        pad: Id of the padding token.
        seed: Of the adapter's initial weights and the order of the examples.
        scratch: Folder of the checkpoints.
        fingerprint: Identifies everything the run depends on; only a checkpoint that carries
            the same one is continued.
        start: Adapter that training continues from, of the same settings; None for a new one.
        ranks: Processes that train together, each calling this. They make the same updates as
            one does.

    Raises:
        SystemExit: If SIGTERM came before the last step; the checkpoint is written.
        UserError: If the schedule left no step a learning rate above 0.

    Returns:
        The model with its trained adapter; the training log (a dict each logged step); facts
        about the run (steps, tokens, share of padding, step resumed from).
    """
    set_seed(seed)
    if not torch.cuda.is_available():
        # PyTorch's fused attention trains slower than plain attention on a CPU (bench/sft.py).
        model.set_attn_implementation("eager")
    if start is None:
        model = get_peft_model(model, lora_config(options.lora, model.config.num_hidden_layers))
    else:
        model = PeftModel.from_pretrained(model, start, is_trainable=True)
    plan = plan_steps(examples, global_batch=options.global_batch, epochs=options.epochs, seed=seed)
    arguments = training_arguments(
        options, len(plan), len(examples), seed, scratch, model.dtype, ranks=ranks
    )
    rank = arguments.process_index
    cut = [_cut(step, examples, options, ranks) for step in plan]
    checked = _cut(range(len(validation)), validation, options, ranks)
    if rank == 0:
        remove_others(scratch, fingerprint)
    # Every rank has to continue the same checkpoint.
    resumed: Path | None = broadcast_object_list([last_complete(scratch, fingerprint)])[0]
    with paced(options.checkpoint_minutes) as pace:
        trainer = SftTrainer(
            model=model,
            steps=[_step(groups, examples, rank, pad) for groups in cut],
            validation=_step(checked, validation, rank, pad),
            args=arguments,
            callbacks=[MarkComplete(fingerprint), SaveWhenDue(pace)],
        )
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
        if (step := trainer.state.global_step) < len(plan):
            pace.leave(f"step {step} of {len(plan)}")
    if not any(row.get("learning_rate", 0.0) > 0 for row in trainer.state.log_history):
        raise UserError(
            f"nothing was learned: the learning rate was 0 in every step ({len(plan)} of them); "
            "train on more examples, or lower warmup_ratio"
        )
    if not any(
        row["step"] == len(plan) and "eval_loss" in row for row in trainer.state.log_history
    ):
        trainer.evaluate()
    groups = [group for step in cut for share in step for group in share]
    facts = {
        "ranks": ranks,
        "steps": len(plan),
        "tokens": sum(len(examples[i]) for group in groups for i in group),
        "tokens_read": sum(cost([examples[i] for i in group]) for group in groups),
        "padding": padding_share(groups, examples),
        "resumed_from_step": int(resumed.name.rpartition("-")[2]) if resumed else 0,
    }
    return trainer.model, training_log(trainer.state.log_history), facts


def _cut(
    step: Sequence[int], examples: Sequence[Encoded], options: Training, ranks: int
) -> list[list[list[int]]]:
    """For each rank its micro-batches of a step."""
    return [
        micro_batches(share, examples, most=options.micro_batch, tokens=options.micro_batch_tokens)
        for share in deal(step, examples, ranks=ranks)
    ]


def _step(
    cut: Sequence[Sequence[Sequence[int]]], examples: Sequence[Encoded], rank: int, pad: int
) -> Step:
    """What a rank does in a step.

    A rank with fewer micro-batches than another adds such as count for nothing: under ZeRO all
    ranks work through a micro-batch together.
    """
    batches = [collate([examples[i] for i in group], pad) for group in cut[rank]]
    idle = collate([examples[cut[0][0][0]]], pad)
    idle["labels"] = torch.full_like(idle["labels"], IGNORED)
    most = max(len(groups) for groups in cut)
    everyone = [i for groups in cut for group in groups for i in group]
    return {
        "batches": batches + [idle] * (most - len(batches)),
        "tokens": sum(len(examples[i].completion) for i in everyone),
    }


def training_log(history: Sequence[dict[str, float]]) -> list[dict[str, float]]:
    """The Trainer's log as rows: ``step, loss, learning_rate, grad_norm, validation_loss``.

    Losses are nats a completion token. Fields that a row does not have are missing.
    """
    rows: dict[int, dict[str, float]] = {}
    for entry in history:
        row = rows.setdefault(int(entry["step"]), {"step": int(entry["step"])})
        for ours, theirs in LOGGED.items():
            if theirs in entry:
                row[ours] = float(entry[theirs])
    return list(rows.values())


LOGGED = {
    "loss": "loss",
    "learning_rate": "learning_rate",
    "grad_norm": "grad_norm",
    "validation_loss": "eval_loss",
}
