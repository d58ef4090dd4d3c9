"""Supervised fine-tuning with LoRA (paper, section 3.4, appendix A.1, table 10).

The loss is the mean negative log-likelihood of the completion tokens of an optimizer step
(equation 1), however the step is cut into micro-batches.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from accelerate.utils import broadcast_object_list
from peft import PeftModel, get_peft_model
from peft.optimizers import create_loraplus_optimizer
from torch.utils.data import DataLoader
from transformers import Trainer, set_seed

from culturalign.config.sft import Training
from culturalign.errors import UserError
from culturalign.models.lora import lora_config
from culturalign.models.prefix_cache import narrowest_window, shared_prefix
from culturalign.training import distributed, grouped_attention
from culturalign.training.batches import (
    Batch,
    RankSteps,
    Step,
    collate,
    cost,
    cut_step,
    halved,
    padding_share,
    plan_steps,
    rank_step,
)
from culturalign.training.checkpoints import CheckpointCallback, newest_checkpoint, step_of
from culturalign.training.lora_layers import fuse
from culturalign.training.micro_batch_limit import MicroBatchLimit, fitting_tokens, may_run_out
from culturalign.training.preemption import preemptible
from culturalign.training.token_loss import TokenLoss
from culturalign.training.tokenization import Encoded
from culturalign.training.trainer_arguments import training_arguments

LOGGED = {
    "loss": "loss",
    "learning_rate": "learning_rate",
    "grad_norm": "grad_norm",
    "validation_loss": "eval_loss",
}
"""Column of our training log -> the Trainer's name."""


def completion_loss(model: Any, batch: Batch) -> torch.Tensor:
    """Sum of the negative log-likelihood of a batch's completion tokens, a scalar in nats.

    Logits are computed for the last positions only; those of the prompt, most of the sequence,
    are never needed.

    Args:
        model: Causal language model.
        batch: From :func:`culturalign.training.batches.collate`.
    """
    rest = {name: batch[name] for name in ("input_ids", "attention_mask", "position_ids")}
    (rows, length), longest = rest["input_ids"].shape, batch["labels"].shape[1]
    # A token is predicted at the position before it. Positions are given as indices because a
    # number of positions makes a strided slice, which the output layer multiplies far slower.
    keep = torch.arange(length - longest - 1, length - 1, device=batch["labels"].device)
    past = shared_prefix(model, batch["prefix_ids"], rows)
    logits = model(**rest, past_key_values=past, logits_to_keep=keep, use_cache=True).logits
    return cast("torch.Tensor", TokenLoss.apply(logits.flatten(0, 1), batch["labels"].flatten()))


class SftTrainer(Trainer):
    """Trainer whose dataloader yields whole optimizer steps."""

    def __init__(
        self,
        *,
        steps: RankSteps,
        validation: Step,
        limit: MicroBatchLimit,
        lora_plus_ratio: float = 1.0,
        **rest: Any,
    ) -> None:
        super().__init__(train_dataset=steps, eval_dataset=validation["batches"], **rest)
        self.steps, self.validation, self.limit = steps, validation, limit
        self.lora_plus_ratio = lora_plus_ratio

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """The Trainer's optimizer, with LoRA+ if its ratio is not 1.

        The first group has the rate of A, which is logged.
        """
        if self.optimizer is None and self.lora_plus_ratio != 1:
            kind, settings = self.get_optimizer_cls_and_kwargs(self.args)
            adapted: Any = self.model
            self.optimizer = create_loraplus_optimizer(
                adapted,
                kind,
                loraplus_lr_ratio=self.lora_plus_ratio,
                loraplus_weight_decay=self.args.weight_decay,
                **settings,
            )
            groups = self.optimizer.param_groups  # DeepSpeed refuses empty ones
            self.optimizer.param_groups = [group for group in groups if group["params"]]
        return super().create_optimizer(model)

    def get_train_dataloader(self) -> DataLoader[Step]:
        """Yield the steps of the plan, in order."""
        return DataLoader(self.steps, batch_size=1, collate_fn=lambda items: items[0])  # type: ignore[arg-type] # any sequence

    def training_step(
        self, model: Any, inputs: Any, num_items_in_batch: Any = None
    ) -> torch.Tensor:
        """Add up the gradients of a step's micro-batches, and after the last one, of all ranks.

        Args:
            model: The model, wrapped for several ranks.
            inputs: The :class:`Step`.
            num_items_in_batch: Not used; tokens are counted here.

        Returns:
            This rank's share of the step's mean loss per completion token, in nats, such that the
            mean over ranks is that loss. Gradients and the logged loss are such means.
        """
        model.train()
        if self.is_deepspeed_enabled:  # it adds up over ranks within a micro-batch
            return self._gradients(model, inputs, self.limit.tokens)
        work = partial(self._gradients, model, inputs)
        total = self.limit.redo(work, model.zero_grad, longest(inputs))
        distributed.average_gradients(model)
        return total

    def probe(self, batch: Batch) -> None:
        """Try a micro-batch before the first step; halve the limit until it fits.

        Leaves no gradients and draws no random numbers.
        """
        device, model = self.args.device, self.model
        assert model is not None
        model.train()
        step = Step(batches=[batch], tokens=1)
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            work = partial(self._gradients, model, step)
            self.limit.redo(work, model.zero_grad, longest(step))
        model.zero_grad()

    def _gradients(self, model: Any, inputs: Step, most: int) -> torch.Tensor:
        """The gradients of this rank's micro-batches, cut until none has more tokens than this."""
        share = inputs["tokens"] / self.args.world_size
        total = torch.zeros((), device=self.args.device)
        batches = [part for batch in inputs["batches"] for part in halved(batch, most)]
        for number, batch in enumerate(batches, start=1):
            # DeepSpeed reads it.
            self.accelerator.gradient_state._set_sync_gradients(number == len(batches))
            # Ranks are averaged once a step; DeepSpeed does that and takes its step in here itself.
            with nullcontext() if self.is_deepspeed_enabled else self.accelerator.no_sync(model):
                with self.compute_loss_context_manager():
                    loss = completion_loss(model, self._prepare_inputs(batch)) / share
                self.accelerator.backward(loss)
            total += loss.detach()
        return total

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Log the mean loss per completion token on the validation cues, in nats."""
        # DistributedDataParallel has nothing to add to a forward pass; DeepSpeed's engine has.
        model: Any = self.deepspeed or self.model
        model.eval()
        work = partial(self._validation_loss, model)
        if self.is_deepspeed_enabled:
            total = work(self.limit.tokens)
        else:
            total = self.limit.redo(work, lambda: None, longest(self.validation))
        summed = self.accelerator.reduce(total, reduction="sum")
        metrics = {"eval_loss": float(summed) / self.validation["tokens"]}
        self.log(metrics)
        self.control.should_evaluate = False  # or the Trainer does it again as the pass ends
        return metrics

    def _validation_loss(self, model: Any, most: int) -> torch.Tensor:
        """The summed loss of this rank's part of the validation cues."""
        total = torch.zeros((), dtype=torch.float64, device=self.args.device)
        batches = [part for batch in self.validation["batches"] for part in halved(batch, most)]
        with torch.no_grad(), self.compute_loss_context_manager():
            for batch in batches:
                total += completion_loss(model, self._prepare_inputs(batch))
        return total

    def floating_point_ops(self, inputs: Any) -> int:
        """Not counted."""
        return 0


def longest(step: Step) -> int:
    """Tokens of the longest example of a step; 0 if a rank has none."""
    return max((batch["attention_mask"].shape[1] for batch in step["batches"]), default=0)


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
        seed: Determines the adapter's first weights and the order of the examples.
        scratch: Folder of the checkpoints.
        fingerprint: Identifies everything the run depends on; only its own checkpoints are
            continued.
        start: Adapter that training continues from, of the same settings; None for a new one.
        ranks: Processes that train together, each calling this. They make the same updates as
            one does.

    Raises:
        SystemExit: If SIGTERM arrived before the last step; the checkpoint is written.
        UserError: If the learning rate was 0 in every step.

    Returns:
        The model with its trained adapter; the training log (a dict per logged step); facts
        about the run (steps, tokens, share of padding, step resumed from).
    """
    set_seed(seed)
    model = _with_adapter(model, options, start)
    plan = plan_steps(examples, global_batch=options.global_batch, epochs=options.epochs, seed=seed)
    arguments = training_arguments(
        options, len(plan), len(examples), seed, scratch, model.dtype, ranks=ranks
    )
    rank = arguments.process_index
    window = narrowest_window(model.config)
    most = fitting_tokens(model, options.micro_batch_tokens) if rank == 0 else None
    most = broadcast_object_list([most])[0]  # all ranks have to cut alike
    limit = MicroBatchLimit(most)
    limits = {"max_examples": options.micro_batch, "max_tokens": most, "window": window}
    cuts = [cut_step(step, examples, ranks, **limits) for step in plan]
    groups = [group for cut in cuts for part in cut for group in part]
    read = [cost([examples[i] for i in group], window) for group in groups]
    facts: dict[str, Any] = {
        "ranks": ranks,
        "examples": len(examples),
        "steps": len(plan),
        "tokens": sum(len(examples[i]) for group in groups for i in group),
        "tokens_read": sum(read),
        "padding": padding_share(groups, examples, window),
    }
    if rank == 0:
        print(announcement(facts, options.global_batch), file=sys.stderr)
    checked = cut_step(range(len(validation)), validation, ranks, **limits)
    resumed = newest_checkpoint(scratch, fingerprint) if rank == 0 else None
    resumed = broadcast_object_list([resumed])[0]  # every rank has to continue the same one
    with preemptible(options.checkpoint_minutes) as timer:
        trainer = SftTrainer(
            model=model,
            steps=RankSteps(cuts, examples, rank, pad, window),
            lora_plus_ratio=options.lora_plus_ratio,
            validation=rank_step(checked, validation, rank, pad, window),
            args=arguments,
            limit=limit,
            callbacks=[CheckpointCallback(fingerprint, timer)],
        )
        if may_run_out(trainer.args.device) and not trainer.is_deepspeed_enabled:
            largest = groups[read.index(max(read))]
            trainer.probe(collate([examples[i] for i in largest], pad, window))
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
        if (step := trainer.state.global_step) < len(plan):
            timer.exit(f"step {step} of {len(plan)}")
    log = training_log(trainer.state.log_history)
    if not any(row.get("learning_rate", 0.0) > 0 for row in log):
        raise UserError(
            f"nothing was learned: the learning rate was 0 in every step ({len(plan)} of them); "
            "train on more examples, or lower warmup_ratio"
        )
    if "validation_loss" not in log[-1]:
        trainer.evaluate()
        log = training_log(trainer.state.log_history)
    facts["micro_batch_tokens"] = distributed.smallest(limit.tokens, trainer.args.device)
    facts["resumed_from_step"] = step_of(resumed) if resumed else 0
    return trainer.model, log, facts


def announcement(facts: Mapping[str, Any], global_batch: int) -> str:
    """What will be trained, in a line for the job's log."""
    return (
        f"Planned: {facts['steps']:,} steps of up to {global_batch} of {facts['examples']:,} "
        f"examples; {facts['tokens']:,} tokens, of which the model reads "
        f"{facts['tokens_read']:,}, since a batch reads what its prompts share once"
    )


def _with_adapter(model: Any, options: Training, start: Path | None) -> Any:
    if not torch.cuda.is_available():
        grouped_attention.choose(model)
    adapted: Any
    if start is None:
        adapted = get_peft_model(model, lora_config(options.lora, model.config.num_hidden_layers))
    else:
        adapted = PeftModel.from_pretrained(model, start, is_trainable=True)
    if options.zero_stage < 3:  # which gives a layer its weights only as peft calls it
        fuse(adapted)
    return adapted


def training_log(history: Sequence[dict[str, float]]) -> list[dict[str, float]]:
    """The Trainer's log as rows: ``step`` and the columns of :data:`LOGGED`.

    Losses are nats per completion token. Fields that a row does not have are missing.
    """
    rows: dict[int, dict[str, float]] = {}
    for entry in history:
        row = rows.setdefault(int(entry["step"]), {"step": int(entry["step"])})
        row |= {ours: float(entry[name]) for ours, name in LOGGED.items() if name in entry}
    return list(rows.values())
