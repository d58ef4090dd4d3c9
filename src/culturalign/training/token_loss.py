"""The negative log-likelihood of tokens, without a copy of all logits in fp32.

PyTorch makes three such copies, of 0.2 MB a token with a vocabulary of 50,000. Here a few tokens
at a time are in fp32, and what is kept for the backward pass are the logits in their own type.
"""

from typing import Any

import torch

from culturalign.training.batches import IGNORED

TOKENS_AT_ONCE = 32
"""Their logits in fp32 (6 MB) are still in a processor's cache at the next operation."""


class TokenLoss(torch.autograd.Function):
    """Sum of the negative log-likelihood of tokens, a scalar in nats and fp32."""

    @staticmethod
    def forward(ctx: Any, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Of logits, (tokens, vocabulary), and labels, (tokens), or ``IGNORED``."""
        there, chosen = labels != IGNORED, labels.clamp(min=0)[:, None]
        sums = torch.cat([part.float().logsumexp(-1) for part in logits.split(TOKENS_AT_ONCE)])
        ctx.save_for_backward(logits, sums, chosen, there)
        return ((sums - logits.gather(1, chosen)[:, 0].float()) * there).sum()

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Gradient of the logits: the probabilities, less 1 for the label."""
        logits, sums, chosen, there = ctx.saved_tensors
        result, weights = torch.empty_like(logits), (there * gradients[0])[:, None]
        for start in range(0, len(logits), TOKENS_AT_ONCE):
            rows = slice(start, start + TOKENS_AT_ONCE)
            shares = (logits[rows].float() - sums[rows, None]).exp_()
            shares.scatter_add_(1, chosen[rows], torch.full_like(sums[rows, None], -1.0))
            result[rows] = shares.mul_(weights[rows])
        return result, None
