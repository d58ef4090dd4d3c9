"""What the learner knows about a rollout batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from culturalign.config.ppo import Ppo
from culturalign.training.batches import collate, micro_batches
from culturalign.training.ppo import losses
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.token_scores import Batch, response_states, score_tokens, values_of
from culturalign.training.tokenization import Encoded


@dataclass(frozen=True)
class Experience:
    """A rollout batch as the policy that wrote it, the reference and the critic saw it.

    Tensors are (batch, longest response) in fp32 on the CPU, 0 on padding, which stands on the
    left: every response ends in the last column. Log-probabilities are nats.

    Attributes:
        samples: Prompts and responses.
        mask: 1 on response tokens.
        log_probs: Of the policy that wrote the responses.
        reference: Log-probabilities of the reference.
        entropy: Of the policy's distribution, nats.
        values: Of the critic.
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
def make_experience(roles: Roles, samples: list[Encoded], options: Ppo, pad: int) -> Experience:
    """Let policy, reference and critic read the responses."""
    shape = len(samples), max(len(sample.completion) for sample in samples)
    found = {name: torch.zeros(shape) for name in ("log_probs", "reference", "entropy", "values")}
    mask = torch.zeros(shape)
    roles.model.eval()
    for rows, batch in training_batches(roles, samples, range(len(samples)), options, pad):
        longest, labels = batch["labels"].shape[1], batch["labels"]
        seen = {}
        with roles.computing():
            with roles.playing("policy"):
                seen["log_probs"], seen["entropy"] = score_tokens(
                    roles.model, response_states(roles.model, batch), labels,
                    temperature=options.temperature,
                )  # fmt: skip
            with roles.playing("reference"):
                seen["reference"], _ = score_tokens(
                    roles.model, response_states(roles.model, batch), labels,
                    temperature=options.temperature,
                )  # fmt: skip
            with roles.playing("critic"):
                states = response_states(roles.model, batch)
                seen["values"] = values_of(roles.head, states, labels)
        mask[rows, -longest:] = (labels >= 0).float().cpu()
        for name, tensor in seen.items():
            found[name][rows, -longest:] = tensor.float().cpu()
    return Experience(samples, mask, **found)


def training_batches(
    roles: Roles, samples: Sequence[Encoded], indices: Sequence[int], options: Ppo, pad: int
) -> Iterator[tuple[list[int], Batch]]:
    """Micro-batches of some samples: their indices, and their tensors on the model's device."""
    groups = micro_batches(
        indices, samples, most=options.micro_train_batch, tokens=options.micro_batch_tokens
    )
    for rows in groups:
        batch = collate([samples[i] for i in rows], pad)
        yield rows, {name: tensor.to(roles.model.device) for name, tensor in batch.items()}
