"""What the learner knows about a rollout batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from culturalign.config.ppo import Ppo
from culturalign.models.prefix_cache import narrowest_window
from culturalign.training.batches import IGNORED, Batch, collate, micro_batches
from culturalign.training.ppo import losses
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.token_scores import score_tokens, score_values
from culturalign.training.tokenization import Encoded


@dataclass(frozen=True)
class Experience:
    """A rollout batch as seen by the policy that wrote it, the reference and the critic.

    Tensors are (batch, longest response) in fp32 on the CPU, 0 on padding, which is on the left:
    every response ends in the last column. Log-probabilities are nats.

    Attributes:
        samples: Prompts and responses.
        mask: 1 on response tokens.
        log_probs: Log-probabilities of the policy that wrote the responses.
        reference: Log-probabilities of the reference.
        entropy: Entropy of the policy's distribution, nats.
        values: Values of the critic.
    """

    samples: list[Encoded]
    mask: torch.Tensor
    log_probs: torch.Tensor
    reference: torch.Tensor
    entropy: torch.Tensor
    values: torch.Tensor

    @property
    def kl(self) -> torch.Tensor:
        """KL to the reference of each token, estimator k1."""
        return losses.kl_k1(self.log_probs, self.reference) * self.mask


@torch.no_grad()
def make_experience(
    roles: Roles, samples: list[Encoded], options: Ppo, pad: int, most: int
) -> Experience:
    """Score the responses by policy, reference and critic, ``most`` tokens at a time."""
    shape = len(samples), max(len(sample.completion) for sample in samples)
    names = ("mask", "log_probs", "reference", "entropy", "values")
    found = {name: torch.zeros(shape) for name in names}
    roles.model.eval()
    for rows, batch in training_batches(roles, samples, range(len(samples)), options, pad, most):
        seen = {"mask": batch["labels"] != IGNORED}
        with roles.active("policy"):
            seen["log_probs"], seen["entropy"] = score_tokens(
                roles.model, batch, temperature=options.temperature
            )
        with roles.active("reference"):
            seen["reference"], _ = score_tokens(roles.model, batch, temperature=options.temperature)
        with roles.active("critic"):
            seen["values"] = score_values(roles.model, roles.head, batch)
        for name, tensor in seen.items():
            found[name][rows, -tensor.shape[1] :] = tensor.float().cpu()
    return Experience(samples, **found)


def training_batches(
    roles: Roles,
    samples: Sequence[Encoded],
    indices: Sequence[int],
    options: Ppo,
    pad: int,
    most: int,
) -> Iterator[tuple[list[int], Batch]]:
    """Micro-batches of some samples: their indices, and their tensors on the model's device.

    A micro-batch has ``most`` tokens at most, or one sample.
    """
    window = narrowest_window(roles.model.config)
    groups = micro_batches(
        indices,
        samples,
        max_examples=options.micro_train_batch,
        max_tokens=most,
        window=window,
    )
    for rows in groups:
        batch = collate([samples[i] for i in rows], pad, window)
        yield rows, {name: tensor.to(roles.model.device) for name, tensor in batch.items()}
