"""The update: clipped steps of policy and critic on a rollout batch (Schulman et al. 2017)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from culturalign.config.ppo import Ppo
from culturalign.training.ppo import losses
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.experience import Experience, training_batches
from culturalign.training.ppo.token_scores import response_states, score_tokens, values_of

BETAS = (0.9, 0.95)
"""Of Adam; OpenRLHF's. The paper does not state them."""


@dataclass
class Learner:
    """The optimizers, over adapters and value head alone.

    Attributes:
        roles: The models.
        options: Settings.
        pad: Id of the padding token.
        warmup: Optimizer steps of linear warm-up.
        steps: Optimizer steps taken.
    """

    roles: Roles
    options: Ppo
    pad: int
    warmup: int
    steps: int = 0
    policy: torch.optim.AdamW = field(init=False)
    critic: torch.optim.AdamW = field(init=False)

    def __post_init__(self) -> None:
        decay = self.options.weight_decay
        self.policy = torch.optim.AdamW(
            self.roles.policy_parameters, betas=BETAS, weight_decay=decay
        )
        self.critic = torch.optim.AdamW(
            self.roles.critic_parameters, betas=BETAS, weight_decay=decay
        )

    def learn(
        self, seen: Experience, advantages: torch.Tensor, returns: torch.Tensor, *, seed: str
    ) -> dict[str, float]:
        """Go over a rollout batch ``epochs`` times in optimizer steps of ``train_batch``.

        With ``stop_kl``, a step for which the policy has moved too far is not taken, nor any
        after it. The first is always taken: it starts at the policy that wrote the responses.

        Args:
            seen: The rollout batch.
            advantages: Of its tokens.
            returns: What the critic should have said.
            seed: Of the order.

        Returns:
            Means over the steps taken; ``stopped``, 1 if the batch was left early.
        """
        if self.options.gradient_checkpointing:
            self.roles.model.train()
        rows: list[dict[str, float]] = []
        for epoch in range(self.options.epochs):
            for batch in shuffled(len(seen.samples), self.options.train_batch, f"{seed}:{epoch}"):
                row = self._read_policy(seen, advantages, batch)
                if rows and (limit := self.options.stop_kl) and row["policy_kl"] > limit:
                    self.policy.zero_grad(set_to_none=True)
                    return _means(rows) | {"stopped": 1.0}
                row |= self._policy_step() | self._critic_step(seen, returns, batch)
                rows.append(row)
                self.steps += 1
        return _means(rows) | {"stopped": 0.0}

    def _read_policy(
        self, seen: Experience, advantages: torch.Tensor, batch: Sequence[int]
    ) -> dict[str, float]:
        """Gradients for a step of the policy, and what it looks like before the step."""
        options, roles = self.options, self.roles
        tokens = float(seen.mask[list(batch)].sum())
        sums: dict[str, float] = {}
        for rows, tensors in training_batches(roles, seen.samples, batch, options, self.pad):
            old, advantage, mask = _part(
                rows, tensors["labels"], seen.log_probs, advantages, seen.mask
            )
            with roles.playing("policy"), roles.computing():
                states = response_states(
                    roles.model, tensors, recompute=options.gradient_checkpointing
                )
                new, entropy = score_tokens(
                    roles.model, states, tensors["labels"],
                    temperature=options.temperature, learn_entropy=options.entropy_coef > 0,
                )  # fmt: skip
                loss = losses.policy_loss(
                    new, old, advantage, mask, clip=options.clip, tokens=tokens
                )
                (loss - options.entropy_coef * (entropy * mask).sum() / tokens).backward()
            share, new = float(mask.sum()) / tokens, new.detach()
            clipped = losses.clip_fraction(new, old, advantage, mask, clip=options.clip)
            moved = losses.masked_mean(losses.kl_k3(old, new), mask)
            _add(sums, policy_loss=float(loss.detach()))
            _add(sums, clip_fraction=share * float(clipped), policy_kl=share * float(moved))
        return sums

    def _policy_step(self) -> dict[str, float]:
        """One step of the policy, along its gradients."""
        rate = self.options.lora_actor_learning_rate
        return {"policy_grad_norm": self._step(self.policy, rate, self.roles.policy_parameters)}

    def _critic_step(
        self, seen: Experience, returns: torch.Tensor, batch: Sequence[int]
    ) -> dict[str, float]:
        """One step of the critic."""
        options, roles = self.options, self.roles
        tokens = float(seen.mask[list(batch)].sum())
        total = 0.0
        for rows, tensors in training_batches(roles, seen.samples, batch, options, self.pad):
            old, target, mask = _part(rows, tensors["labels"], seen.values, returns, seen.mask)
            with roles.playing("critic"), roles.computing():
                states = response_states(
                    roles.model, tensors, recompute=options.gradient_checkpointing
                )
                values = values_of(roles.head, states, tensors["labels"])
                loss = losses.value_loss(
                    values, old, target, mask, clip=options.value_clip, tokens=tokens
                )
                loss.backward()
            total += float(loss.detach())
        norm = self._step(self.critic, options.lora_critic_learning_rate, roles.critic_parameters)
        return {"value_loss": total, "critic_grad_norm": norm}

    def _step(self, optimizer: torch.optim.AdamW, rate: float, parameters: list[Any]) -> float:
        """Clip the gradients, step, and forget them; returns their norm."""
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (self.steps + 1) / max(1, self.warmup))
        norm = torch.nn.utils.clip_grad_norm_(parameters, self.options.max_grad_norm)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return float(norm)


def shuffled(count: int, size: int, seed: str) -> list[list[int]]:
    """Indices in a random order, cut into optimizer steps."""
    order = random.Random(seed).sample(range(count), count)
    return [order[start : start + size] for start in range(0, count, size)]


def _part(
    rows: Sequence[int], labels: torch.Tensor, *whole: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    """A micro-batch's part of tensors of the rollout batch, on its device."""
    return tuple(tensor[list(rows), -labels.shape[1] :].to(labels.device) for tensor in whole)


def _add(sums: dict[str, float], **values: float) -> None:
    for name, value in values.items():
        sums[name] = sums.get(name, 0.0) + value


def _means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
