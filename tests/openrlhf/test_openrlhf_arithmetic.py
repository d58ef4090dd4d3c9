"""Our arithmetic of PPO equals OpenRLHF's functions on random tensors, to 1e-6.

Masks have zeros before the response (the prompt) and after it (padding), as OpenRLHF's do. Values
on padding are not compared: nothing reads them.
"""

from types import SimpleNamespace

import pytest
import torch

from culturalign.training.ppo import losses

ROWS, LENGTH = 6, 17
SEEDS = range(5)


def close(found: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-6)


@pytest.fixture(params=SEEDS)
def draw(request):
    """Random tensors of a batch."""
    torch.manual_seed(request.param)
    first = torch.randint(0, 6, (ROWS, 1))
    last = first + torch.randint(0, LENGTH - 6, (ROWS, 1))
    columns = torch.arange(LENGTH)
    mask = ((columns >= first) & (columns <= last)).long()

    def tensor(scale: float = 1.0) -> torch.Tensor:
        return torch.randn(ROWS, LENGTH) * scale

    old = -tensor().abs()
    return SimpleNamespace(
        mask=mask,
        old=old,
        new=old + tensor(0.5),
        far=old + tensor(15.0),
        reference=old + tensor(0.3),
        values=tensor(),
        old_values=tensor(),
        returns=tensor(),
        advantages=tensor(),
        scores=torch.rand(ROWS) * 2 - 1,
        logits=torch.randn(ROWS, LENGTH, 50) * 3,
    )


@pytest.mark.parametrize("tokens", [None, 40.0])
@pytest.mark.parametrize("policy", ["new", "far"])
def test_the_policy_loss_and_clip_fraction(draw, policy, tokens):
    from openrlhf.models.loss import PolicyLoss

    new = getattr(draw, policy)
    loss, clipped, drift, *_ = PolicyLoss(0.2, 0.2)(
        new, draw.old, draw.advantages, draw.mask, batch_num_tokens=tokens
    )
    given = (new, draw.old, draw.advantages, draw.mask)
    ours = losses.policy_loss(*given, clip=0.2, tokens=tokens)
    torch.testing.assert_close(ours, loss, atol=1e-6, rtol=1e-6)
    close(losses.clip_fraction(*given, clip=0.2), clipped)
    close(losses.masked_mean(draw.old - new, draw.mask), drift)


@pytest.mark.parametrize("tokens", [None, 40.0])
@pytest.mark.parametrize("clip", [0.5, 0.05, None])
def test_the_value_loss(draw, clip, tokens):
    from openrlhf.models.loss import ValueLoss

    given = (draw.values, draw.old_values, draw.returns, draw.mask)
    infinite = float("inf")  # how its command line gets our null
    theirs = ValueLoss(infinite if clip is None else clip)(*given, batch_num_tokens=tokens)
    close(losses.value_loss(*given, clip=clip, tokens=tokens), theirs)


def test_gradients_of_both_losses(draw):
    from openrlhf.models.loss import PolicyLoss, ValueLoss

    def gradient(loss, x: torch.Tensor) -> torch.Tensor:
        x = x.clone().requires_grad_()
        loss(x).backward()
        return x.grad

    rest = (draw.old, draw.advantages, draw.mask)
    close(
        gradient(lambda x: losses.policy_loss(x, *rest, clip=0.2), draw.new),
        gradient(lambda x: PolicyLoss(0.2, 0.2)(x, *rest)[0], draw.new),
    )
    rest = (draw.old_values, draw.returns, draw.mask)
    close(
        gradient(lambda x: losses.value_loss(x, *rest, clip=0.5), draw.values),
        gradient(lambda x: ValueLoss(0.5)(x, *rest), draw.values),
    )


@pytest.mark.parametrize("policy", ["new", "far"])
def test_the_kl_estimators(draw, policy):
    from openrlhf.models.utils import compute_approx_kl

    new = getattr(draw, policy)
    close(losses.kl_k1(new, draw.reference), compute_approx_kl(new, draw.reference))
    theirs = compute_approx_kl(new, draw.reference, kl_estimator="k3")
    close(losses.kl_k3(new, draw.reference), theirs)


@pytest.mark.parametrize(("gamma", "lambd"), [(1.0, 1.0), (0.99, 0.95), (1.0, 0.0)])
def test_generalized_advantage_estimation(draw, gamma, lambd):
    from openrlhf.trainer.ppo_utils.experience_maker import RemoteExperienceMaker

    theirs = RemoteExperienceMaker.get_advantages_and_returns(
        None, draw.values, draw.returns, draw.mask, gamma, lambd
    )
    ours = losses.estimate_advantages(
        draw.values, draw.returns, draw.mask, gamma=gamma, lambd=lambd
    )
    for found, expected in zip(ours, theirs, strict=True):
        close(found[draw.mask > 0], expected[draw.mask > 0])


def test_from_scores_to_whitened_advantages(draw):
    """Its whole ``compute_advantages_and_returns``, over two micro-batches."""
    from openrlhf.trainer.ppo_utils.experience import Experience
    from openrlhf.trainer.ppo_utils.experience_maker import RemoteExperienceMaker
    from openrlhf.trainer.ppo_utils.kl_controller import FixedKLController

    kl = losses.kl_k1(draw.new, draw.reference)
    maker = RemoteExperienceMaker.__new__(RemoteExperienceMaker)
    options = SimpleNamespace(
        algo=SimpleNamespace(
            advantage=SimpleNamespace(estimator="gae", gamma=1.0, lambd=1.0, no_std_norm=False)
        ),
        rollout=SimpleNamespace(n_samples_per_prompt=1),
        reward=SimpleNamespace(clip_range=(-1.0, 1.0)),
    )
    maker.strategy = SimpleNamespace(args=options)
    maker.advantage_estimator, maker.kl_ctl = "gae", FixedKLController(0.1)
    half = ROWS // 2
    parts = [
        Experience(
            action_mask=draw.mask[rows],
            values=draw.values[rows],
            kl=kl[rows],
            rewards=draw.scores[rows],
            index=list(range(ROWS))[rows],
        )
        for rows in (slice(0, half), slice(half, ROWS))
    ]
    done = maker.compute_advantages_and_returns(parts)

    rewards = losses.shape_rewards(draw.scores, kl, draw.mask, 0.1)
    advantages, returns = losses.estimate_advantages(
        draw.values, rewards, draw.mask, gamma=1.0, lambd=1.0
    )
    whitened, there = losses.whiten(advantages, draw.mask), draw.mask > 0
    close(whitened[there], torch.cat([part.advantages for part in done])[there])
    close(returns[there], torch.cat([part.returns for part in done])[there])


def test_the_entropy_and_log_probabilities_of_tokens(draw):
    from openrlhf.models.utils import compute_entropy, log_probs_from_logits

    with torch.compiler.set_stance("force_eager"):  # no compiler is needed for this check
        theirs = compute_entropy(draw.logits)
    # Sums over the vocabulary in another order: the rounding of logits up to 10 in fp32.
    torch.testing.assert_close(losses.entropy(draw.logits), theirs, atol=5e-6, rtol=1e-6)
    labels = torch.randint(0, 50, (ROWS, LENGTH))
    ours = draw.logits.log_softmax(-1).gather(-1, labels[..., None]).squeeze(-1)
    torch.testing.assert_close(
        ours, log_probs_from_logits(draw.logits, labels), atol=2e-6, rtol=1e-6
    )


def test_the_adaptive_kl_coefficient():
    from openrlhf.trainer.ppo_utils.kl_controller import AdaptiveKLController

    theirs, ours = AdaptiveKLController(0.1, 0.05, 10_000), 0.1
    for kl in (0.0, 0.049, 0.052, 0.2, 3.0):
        theirs.update(kl, 64)
        ours = losses.adapt_coefficient(ours, kl=kl, target=0.05, samples=64, horizon=10_000)
        assert ours == pytest.approx(theirs.value, rel=1e-12)
