"""The update: clipped steps of policy and critic on a rollout batch (Schulman et al. 2017)."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

import torch

from culturalign.config.ppo import Ppo
from culturalign.training.batches import Batch
from culturalign.training.micro_batch_limit import MicroBatchLimit, fitting_tokens
from culturalign.training.ppo import losses
from culturalign.training.ppo.actor_critic import Roles, Trained
from culturalign.training.ppo.experience import Experience, training_batches
from culturalign.training.ppo.token_scores import LOGITS_AT_ONCE, score_tokens, score_values

BETAS = (0.9, 0.95)
"""Of Adam, as in OpenRLHF. The paper does not state them."""


class Learner:
    """The optimizers of policy and critic, over adapters and value head only.

    Attributes:
        steps: Optimizer steps done.
        limit: Most tokens of a micro-batch.
    """

    def __init__(self, roles: Roles, options: Ppo, pad: int, warmup: int) -> None:
        """Create the optimizers; their rates warm up linearly for some optimizer steps."""
        self.roles, self.options, self.pad, self.warmup = roles, options, pad, warmup
        self.steps = 0
        most, again = options.micro_batch_tokens, options.gradient_checkpointing
        fitting = fitting_tokens(roles.model, most, recompute=again, at_once=LOGITS_AT_ONCE)
        self.limit = MicroBatchLimit(fitting)
        self.rates: dict[Trained, float] = {
            "policy": options.lora_actor_learning_rate,
            "critic": options.lora_critic_learning_rate,
        }
        self.optimizers = {
            role: torch.optim.AdamW(
                roles.parameters(role), betas=BETAS, weight_decay=options.weight_decay
            )
            for role in self.rates
        }

    def learn(
        self, experience: Experience, advantages: torch.Tensor, returns: torch.Tensor, *, seed: str
    ) -> dict[str, float]:
        """Go over a rollout batch ``epochs`` times in optimizer steps of ``train_batch``.

        With ``stop_kl``, neither a step before which the policy has moved too far is taken, nor
        any later one. The first is always taken: it starts at the policy that wrote the responses.

        Returns:
            Means over the steps taken; ``stopped``, 1 if the batch was left early.
        """
        if self.options.gradient_checkpointing:
            self.roles.model.train()
        longest = max(map(len, experience.samples))
        rows: list[dict[str, float]] = []
        for epoch in range(self.options.epochs):
            for batch in shuffled(
                len(experience.samples), self.options.train_batch, f"{seed}:{epoch}"
            ):
                row = self.limit.redo(
                    partial(self._policy_gradients, experience, advantages, batch),
                    partial(self._clear, "policy"),
                    longest,
                )
                if rows and (limit := self.options.stop_kl) and row["policy_kl"] > limit:
                    self._clear("policy")
                    return _means(rows) | {"stopped": 1.0}
                row["policy_grad_norm"] = self._step("policy")
                row["value_loss"] = self.limit.redo(
                    partial(self._critic_gradients, experience, returns, batch),
                    partial(self._clear, "critic"),
                    longest,
                )
                row["critic_grad_norm"] = self._step("critic")
                rows.append(row)
                self.steps += 1
        return _means(rows) | {"stopped": 0.0}

    def _policy_gradients(
        self, experience: Experience, advantages: torch.Tensor, batch: Sequence[int], most: int
    ) -> dict[str, float]:
        """Gradients for a step of the policy, and its numbers before the step."""
        options = self.options
        sums: dict[str, float] = defaultdict(float)
        tokens = float(experience.mask[list(batch)].sum())
        for tensors, old, advantage, mask in self._parts(
            experience, batch, most, experience.log_probs, advantages
        ):
            with self.roles.active("policy"):
                new, entropy = score_tokens(
                    self.roles.model, tensors, temperature=options.temperature,
                    recompute=options.gradient_checkpointing,
                    learn_entropy=options.entropy_coef > 0,
                )  # fmt: skip
                loss = losses.policy_loss(
                    new, old, advantage, mask, clip=options.clip, tokens=tokens
                )
                (loss - options.entropy_coef * (entropy * mask).sum() / tokens).backward()
            share, new = float(mask.sum()) / tokens, new.detach()
            clipped = losses.clip_fraction(new, old, advantage, mask, clip=options.clip)
            kl = losses.masked_mean(losses.kl_k3(old, new), mask)
            sums["policy_loss"] += float(loss.detach())
            sums["clip_fraction"] += share * float(clipped)
            sums["policy_kl"] += share * float(kl)
        return sums

    def _critic_gradients(
        self, experience: Experience, returns: torch.Tensor, batch: Sequence[int], most: int
    ) -> float:
        """Gradients for a step of the critic, and its loss before the step."""
        options, total = self.options, 0.0
        tokens = float(experience.mask[list(batch)].sum())
        for tensors, old, target, mask in self._parts(
            experience, batch, most, experience.values, returns
        ):
            with self.roles.active("critic"):
                values = score_values(
                    self.roles.model, self.roles.head, tensors,
                    recompute=options.gradient_checkpointing,
                )  # fmt: skip
                loss = losses.value_loss(
                    values, old, target, mask, clip=options.value_clip, tokens=tokens
                )
                loss.backward()
            total += float(loss.detach())
        return total

    def _parts(
        self, experience: Experience, batch: Sequence[int], most: int, *columns: torch.Tensor
    ) -> Iterator[tuple[Batch, torch.Tensor, torch.Tensor, torch.Tensor]]:
        """Micro-batches of a step, and on their device their rows of two tensors and the mask."""
        for rows, tensors in training_batches(
            self.roles, experience.samples, batch, self.options, self.pad, most
        ):
            labels = tensors["labels"]
            old, target, mask = (
                column[rows, -labels.shape[1] :].to(labels.device)
                for column in (*columns, experience.mask)
            )
            yield tensors, old, target, mask

    def _step(self, role: Trained) -> float:
        """Clip the gradients, take a step and clear them; returns their norm."""
        optimizer = self.optimizers[role]
        for group in optimizer.param_groups:
            group["lr"] = self.rates[role] * min(1.0, (self.steps + 1) / max(1, self.warmup))
        norm = torch.nn.utils.clip_grad_norm_(
            self.roles.parameters(role), self.options.max_grad_norm
        )
        optimizer.step()
        self._clear(role)
        return float(norm)

    def _clear(self, role: Trained) -> None:
        """Forget the gradients of a role."""
        self.optimizers[role].zero_grad(set_to_none=True)


def shuffled(count: int, size: int, seed: str) -> list[list[int]]:
    """Indices in a random order, cut into optimizer steps."""
    order = random.Random(seed).sample(range(count), count)
    return [order[start : start + size] for start in range(0, count, size)]


def _means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
