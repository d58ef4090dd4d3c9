"""The arithmetic of PPO (Schulman et al. 2017) with a KL penalty (Ziegler et al. 2019).

Every tensor is (batch, length), with one column per response token; ``mask`` is 1 on response
tokens and 0 on padding, which may be on either side. Logarithms are natural. Conventions are those
of OpenRLHF 0.11.2, to which the paper's settings (table 11) belong, and values on response tokens
are equal to its own. One difference: our results are 0 on padding.
"""

import math

import torch

KL_BOUND = 10.0
"""Bound of a token's KL estimate, plus or minus, in nats, as in OpenRLHF."""
RATIO_BOUND = 20.0
"""Bound of the logarithm of the policy ratio, likewise."""
SMALLEST_VARIANCE = 1e-8


def masked_mean(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean over response tokens, a scalar."""
    return (x * mask).sum() / mask.sum()


def kl_k1(log_probs: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """KL(policy || reference) of a sampled token in nats: unbiased, may be negative.

    Estimator k1 of Schulman (2020), log p - log q. Training penalizes this one.
    """
    return (log_probs.float() - reference.float()).clamp(-KL_BOUND, KL_BOUND)


def kl_k3(log_probs: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """The same by estimator k3, q/p - 1 - log(q/p): never negative, less variance; for logs."""
    difference = (log_probs.float() - reference.float()).clamp(min=-KL_BOUND)
    return ((-difference).exp() - 1 + difference).clamp(max=KL_BOUND)


def shape_rewards(
    scores: torch.Tensor, kl: torch.Tensor, mask: torch.Tensor, coefficient: float
) -> torch.Tensor:
    """Reward of each token: the KL penalty, and the response's score on its last token.

    Args:
        scores: Reward of each response, (batch,).
        kl: KL of each token, nats.
        mask: Response tokens; every row has one.
        coefficient: Weight of the penalty (paper, table 11: initially 0.1).
    """
    rewards = -coefficient * kl * mask
    columns = torch.arange(mask.shape[1], device=mask.device)
    last = (columns * (mask > 0)).argmax(1)
    rewards[torch.arange(len(scores), device=mask.device), last] += scores.to(rewards.dtype)
    return rewards


def estimate_advantages(
    values: torch.Tensor, rewards: torch.Tensor, mask: torch.Tensor, *, gamma: float, lambd: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Generalized advantage estimation (Schulman et al. 2016), from the last token back.

    delta_t = r_t + gamma V_{t+1} - V_t, with V = 0 after the last token;
    A_t = delta_t + gamma lambd A_{t+1}.

    Returns:
        Advantages, and returns A_t + V_t, which the critic learns.
    """
    values, rewards = values * mask, rewards * mask
    advantages = torch.zeros_like(rewards)
    following_value = following = torch.zeros_like(rewards[:, 0])
    for t in reversed(range(rewards.shape[1])):
        delta = rewards[:, t] + gamma * following_value - values[:, t]
        following = delta + gamma * lambd * following
        advantages[:, t], following_value = following, values[:, t]
    advantages = advantages * mask
    return advantages, advantages + values


def whiten(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Shift and scale to mean 0 and variance 1 over all response tokens of the batch."""
    centered = (x - masked_mean(x, mask)) * mask
    variance = masked_mean(centered**2, mask)
    return centered * variance.clamp(min=SMALLEST_VARIANCE).rsqrt()


def _surrogates(
    log_probs: torch.Tensor, old: torch.Tensor, advantages: torch.Tensor, clip: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Advantage times the policy ratio, plain and clipped."""
    ratio = (log_probs - old).clamp(-RATIO_BOUND, RATIO_BOUND).exp()
    return ratio * advantages, ratio.clamp(1 - clip, 1 + clip) * advantages


def policy_loss(
    log_probs: torch.Tensor,
    old: torch.Tensor,
    advantages: torch.Tensor,
    mask: torch.Tensor,
    *,
    clip: float,
    tokens: float | None = None,
) -> torch.Tensor:
    """Clipped surrogate loss (Schulman et al. 2017, equation 7), a mean over tokens.

    Args:
        log_probs: Log-probability of each token under the policy that learns.
        old: The same under the policy that wrote the responses.
        advantages: Advantage of each token.
        mask: Response tokens.
        clip: Epsilon.
        tokens: Number of response tokens of the whole optimizer step, if the tensors are a part
            of it; the losses of the parts then add up to the loss of the step.
    """
    plain, clipped = _surrogates(log_probs, old, advantages, clip)
    return -(torch.min(plain, clipped) * mask).sum() / (mask.sum() if tokens is None else tokens)


def clip_fraction(
    log_probs: torch.Tensor,
    old: torch.Tensor,
    advantages: torch.Tensor,
    mask: torch.Tensor,
    *,
    clip: float,
) -> torch.Tensor:
    """Share of response tokens whose gradient is 0 because of the clipping."""
    plain, clipped = _surrogates(log_probs, old, advantages, clip)
    return masked_mean((clipped < plain).float(), mask)


def value_loss(
    values: torch.Tensor,
    old: torch.Tensor,
    returns: torch.Tensor,
    mask: torch.Tensor,
    *,
    clip: float | None,
    tokens: float | None = None,
) -> torch.Tensor:
    """Half the squared error of the values, the larger of plain and clipped, a mean over tokens.

    Args:
        values: Value of each token, from the critic that learns.
        old: The same when the responses were written.
        returns: Targets of the values.
        mask: Response tokens.
        clip: How far a value may move from the old one and still count; None for no clipping.
        tokens: As in :func:`policy_loss`.
    """
    error = (values - returns) ** 2
    if clip is not None:
        error = torch.max(error, (old + (values - old).clamp(-clip, clip) - returns) ** 2)
    return 0.5 * (error * mask).sum() / (mask.sum() if tokens is None else tokens)


def entropy(logits: torch.Tensor) -> torch.Tensor:
    """Entropy of each token's distribution in nats: (..., vocabulary) to (...)."""
    logs = logits.float().log_softmax(-1)
    return -(logs.exp() * logs).sum(-1)


def explained_variance(values: torch.Tensor, returns: torch.Tensor, mask: torch.Tensor) -> float:
    """1 - Var(returns - values) / Var(returns): 1 perfect, 0 no better than their mean.

    Not a number if all returns are equal.
    """

    def variance(x: torch.Tensor) -> float:
        return float(masked_mean((x - masked_mean(x, mask)) ** 2, mask))

    total = variance(returns)
    return 1 - variance(returns - values) / total if total > 0 else math.nan


def adapt_coefficient(
    coefficient: float, *, kl: float, target: float, samples: int, horizon: int
) -> float:
    """Move the KL coefficient so that the KL nears its target (Ziegler et al. 2019, section 2.2).

    Args:
        coefficient: Current coefficient.
        kl: Observed KL, in the unit of ``target``.
        target: Target KL.
        samples: Responses since the last change.
        horizon: Responses over which an error of 20 % or more changes the coefficient by 20 %.
    """
    error = min(max(kl / target - 1, -0.2), 0.2)
    return coefficient * (1 + error * samples / horizon)
