"""Supervised fine-tuning with LoRA (paper, section 3.4, appendix A.1, table 10).

The loss is the mean negative log-likelihood of the completion tokens of an optimizer step
(equation 1), however the step is cut into micro-batches.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, get_peft_model
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset
from transformers import Trainer, TrainingArguments, set_seed

from culturalign.batches import cost, micro_batches, padding_share, plan_steps
from culturalign.checkpoints import MarkComplete, SaveWhenDue, last_complete
from culturalign.collation import IGNORED, collate
from culturalign.config.sft import Sft
from culturalign.encoding import Encoded
from culturalign.lora import lora_config
from culturalign.prefix import shared_prefix
from culturalign.stopping import paced

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


class _Steps(Dataset[list[Batch]]):
    """Optimizer steps, as a map-style dataset."""

    def __init__(self, steps: Sequence[list[Batch]]) -> None:
        self.steps = steps

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: int) -> list[Batch]:
        return self.steps[index]


class SftTrainer(Trainer):
    """Trainer whose dataloader yields whole optimizer steps as lists of micro-batches."""

    def __init__(self, *, steps: list[list[Batch]], validation: list[Batch], **rest: Any) -> None:
        super().__init__(train_dataset=steps, eval_dataset=validation, **rest)
        self.steps, self.validation = steps, validation

    def get_train_dataloader(self) -> DataLoader[list[Batch]]:
        """Yield the steps of the plan, in order."""
        return DataLoader(_Steps(self.steps), batch_size=1, collate_fn=lambda items: items[0])

    def training_step(
        self, model: Any, inputs: Any, num_items_in_batch: Any = None
    ) -> torch.Tensor:
        """Add up the gradients of a step's micro-batches.

        Args:
            model: The model.
            inputs: The micro-batches, from :func:`culturalign.collation.collate`.
            num_items_in_batch: Not used; tokens are counted here.

        Returns:
            The step's mean loss a completion token, in nats.
        """
        model.train()
        tokens = sum(int((batch["labels"] != IGNORED).sum()) for batch in inputs)
        total = torch.zeros((), device=self.args.device)
        for batch in inputs:
            with self.compute_loss_context_manager():
                loss = completion_loss(model, self._prepare_inputs(batch)) / tokens
            self.accelerator.backward(loss)
            total += loss.detach()
        return total

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Log the mean loss a completion token on the validation cues, in nats."""
        model: Any = self.model
        model.eval()
        total, tokens = 0.0, 0
        with torch.no_grad(), self.compute_loss_context_manager():
            for batch in self.validation:
                total += float(completion_loss(model, self._prepare_inputs(batch)))
                tokens += int((batch["labels"] != IGNORED).sum())
        metrics = {"eval_loss": total / tokens}
        self.log(metrics)
        return metrics

    def floating_point_ops(self, inputs: Any) -> int:
        """Not counted."""
        return 0


def train(
    model: Any,
    examples: Sequence[Encoded],
    validation: Sequence[Encoded],
    options: Sft,
    *,
    pad: int,
    seed: int,
    scratch: Path,
    fingerprint: str,
    start: Path | None = None,
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

    Raises:
        SystemExit: If SIGTERM came before the last step; the checkpoint is written.

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
    cut = [_cut(step, examples, options) for step in plan]
    steps = [[collate([examples[i] for i in group], pad) for group in groups] for groups in cut]
    resumed = last_complete(scratch, fingerprint)
    with paced(options.checkpoint_minutes) as pace:
        trainer = SftTrainer(
            model=model,
            steps=steps,
            validation=_validation_batches(validation, options, pad),
            args=training_arguments(options, len(plan), len(examples), seed, scratch, model.dtype),
            callbacks=[MarkComplete(fingerprint), SaveWhenDue(pace)],
        )
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
        if (step := trainer.state.global_step) < len(plan):
            pace.leave(f"step {step} of {len(plan)}")
    trainer.evaluate()
    groups = [group for step in cut for group in step]
    facts = {
        "steps": len(plan),
        "tokens": sum(len(examples[i]) for group in groups for i in group),
        "tokens_read": sum(cost([examples[i] for i in group]) for group in groups),
        "padding": padding_share(groups, examples),
        "resumed_from_step": int(resumed.name.rpartition("-")[2]) if resumed else 0,
    }
    return trainer.model, training_log(trainer.state.log_history), facts


def _cut(step: Sequence[int], examples: Sequence[Encoded], options: Sft) -> list[list[int]]:
    return micro_batches(
        step, examples, most=options.micro_batch, tokens=options.micro_batch_tokens
    )


def _validation_batches(validation: Sequence[Encoded], options: Sft, pad: int) -> list[Batch]:
    groups = _cut(range(len(validation)), validation, options)
    return [collate([validation[i] for i in group], pad) for group in groups]


def training_arguments(
    options: Sft, steps: int, examples: int, seed: int, scratch: Path, dtype: torch.dtype
) -> TrainingArguments:
    """Hyper-parameters in the Trainer's terms; it sees one pass over the planned steps."""
    arguments = TrainingArguments(
        output_dir=str(scratch),
        max_steps=steps,
        per_device_train_batch_size=1,  # one item of the dataloader is a whole step
        learning_rate=options.learning_rate,
        lr_scheduler_type=options.scheduler,
        warmup_steps=math.ceil(options.warmup_ratio * steps),
        weight_decay=options.weight_decay,
        max_grad_norm=options.max_grad_norm,
        bf16=dtype == torch.bfloat16,
        use_cpu=not torch.cuda.is_available(),
        seed=seed,
        logging_steps=1,
        logging_nan_inf_filter=False,  # a loss that is not a number must show
        eval_strategy="steps",
        eval_steps=math.ceil(examples / options.global_batch),  # once a pass
        save_strategy="steps",
        save_steps=options.checkpoint_steps,
        save_total_limit=2,
        dataloader_pin_memory=torch.cuda.is_available(),
        remove_unused_columns=False,
        report_to="none",
    )
    arguments._n_gpu = min(arguments.n_gpu, 1)  # else several visible GPUs give DataParallel
    return arguments


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
