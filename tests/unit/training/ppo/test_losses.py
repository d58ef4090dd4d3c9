"""Every number here is worked out by hand."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from culturalign.training.ppo import losses as a

ONE = torch.ones(1, 3)


def row(*values):
    return torch.tensor([values], dtype=torch.float32)


def test_k1_is_the_difference_k3_is_never_negative_and_both_are_bounded():
    policy, reference = row(-1.0, -2.0, -3.0), row(-2.0, -1.0, -3.0)
    assert a.kl_k1(policy, reference).tolist() == [[1.0, -1.0, 0.0]]
    # q/p - 1 - log(q/p): e^-1 - 1 + 1 = 0.3679; e - 1 - 1 = 0.7183; 0
    torch.testing.assert_close(a.kl_k3(policy, reference), row(math.exp(-1), math.e - 2, 0.0))
    assert a.kl_k1(row(-1.0), row(-40.0)).item() == 10
    assert a.kl_k1(row(-40.0), row(-1.0)).item() == -10
    assert a.kl_k3(row(-40.0), row(-1.0)).item() == 10


@given(st.lists(st.floats(-1, 0), min_size=2, max_size=6))
def test_both_estimators_have_the_divergence_as_their_mean(logits):
    p = torch.tensor(logits, dtype=torch.float64).log_softmax(-1)
    q = torch.tensor(logits[::-1], dtype=torch.float64).log_softmax(-1)
    exact = float((p.exp() * (p - q)).sum())
    assert float((p.exp() * a.kl_k1(p, q)).sum()) == pytest.approx(exact, abs=1e-5)
    assert float((p.exp() * a.kl_k3(p, q)).sum()) == pytest.approx(exact, abs=1e-5)


def test_the_score_is_on_the_last_response_token_and_every_token_pays_its_kl():
    kl = torch.tensor([[0.5, 1.0, 9.0], [9.0, 2.0, -1.0]])
    mask = torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])  # padding right, padding left
    rewards = a.shape_rewards(torch.tensor([1.0, -1.0]), kl, mask, 0.1)
    torch.testing.assert_close(rewards, torch.tensor([[-0.05, 0.9, 0.0], [0.0, -0.2, -0.9]]))


def test_advantages_by_hand():
    # gamma 0.5, lambda 0.5, values 1 2 3, rewards 0 0 4
    # delta_3 = 4 - 3 = 1; delta_2 = 0.5*3 - 2 = -0.5; delta_1 = 0.5*2 - 1 = 0
    # A_3 = 1; A_2 = -0.5 + 0.25*1 = -0.25; A_1 = 0 + 0.25*-0.25 = -0.0625
    advantages, returns = a.estimate_advantages(
        row(1, 2, 3), row(0, 0, 4), ONE, gamma=0.5, lambd=0.5
    )
    assert advantages.tolist() == [[-0.0625, -0.25, 1.0]]
    assert returns.tolist() == [[0.9375, 1.75, 4.0]]


def test_with_gamma_and_lambda_one_the_return_is_the_sum_of_later_rewards():
    advantages, returns = a.estimate_advantages(
        row(5, -2, 7), row(1, 2, 3), ONE, gamma=1.0, lambd=1.0
    )
    assert returns.tolist() == [[6.0, 5.0, 3.0]]
    assert advantages.tolist() == [[1.0, 7.0, -4.0]]


def test_padding_on_either_side_changes_no_advantage():
    def estimate(values, rewards, mask):
        return a.estimate_advantages(values, rewards, mask, gamma=0.9, lambd=0.8)

    bare, _ = estimate(row(1, 2), row(0, 1), torch.ones(1, 2))
    right, _ = estimate(row(1, 2, 99), row(0, 1, 99), row(1, 1, 0))
    left, _ = estimate(row(99, 1, 2), row(99, 0, 1), row(0, 1, 1))
    torch.testing.assert_close(right, torch.nn.functional.pad(bare, (0, 1)))
    torch.testing.assert_close(left, torch.nn.functional.pad(bare, (1, 0)))


def test_whitening_counts_response_tokens_only_and_turns_equal_values_to_zero():
    white = a.whiten(row(1.0, 3.0, 100.0), row(1, 1, 0))
    torch.testing.assert_close(white, row(-1.0, 1.0, 0.0))
    assert a.whiten(row(2.0, 2.0, 2.0), ONE).tolist() == [[0.0, 0.0, 0.0]]


RATIOS = row(math.log(1.5), math.log(0.5), math.log(1.1))  # new over old, as logarithms
ZERO = torch.zeros(1, 3)


def test_policy_loss_by_hand():
    # advantages 1, 1, 1: min(1.5, 1.2) = 1.2, min(0.5, 0.8) = 0.5, 1.1; mean 2.8 / 3
    loss = a.policy_loss(RATIOS, ZERO, ONE, ONE, clip=0.2)
    assert loss.item() == pytest.approx(-2.8 / 3)
    # advantages -1: min(-1.5, -1.2) = -1.5, min(-0.5, -0.8) = -0.8, -1.1; mean -3.4 / 3
    loss = a.policy_loss(RATIOS, ZERO, -ONE, ONE, clip=0.2)
    assert loss.item() == pytest.approx(3.4 / 3)


def test_clip_fraction_by_hand():
    assert a.clip_fraction(RATIOS, ZERO, ONE, ONE, clip=0.2).item() == pytest.approx(1 / 3)
    assert a.clip_fraction(RATIOS, ZERO, -ONE, row(0, 1, 1), clip=0.2).item() == 0.5


def test_a_clipped_token_has_no_gradient_and_others_have_that_of_the_policy_gradient():
    new = RATIOS.clone().requires_grad_()
    a.policy_loss(new, ZERO, ONE, ONE, clip=0.2).backward()
    # d(-ratio A / 3) / d log p = -ratio A / 3, but 0 where clipped
    torch.testing.assert_close(new.grad, row(0.0, -0.5 / 3, -1.1 / 3))


def test_value_loss_by_hand():
    values, old, returns = row(1.0, 3.0), row(0.0, 0.0), row(2.0, 2.0)
    mask = torch.ones(1, 2)
    # clipped values 0.5, 0.5: errors max(1, 2.25) = 2.25, max(1, 2.25) = 2.25
    assert a.value_loss(values, old, returns, mask, clip=0.5).item() == pytest.approx(1.125)
    assert a.value_loss(values, old, returns, mask, clip=None).item() == pytest.approx(0.5)


def test_losses_of_micro_batches_add_up_to_that_of_the_step():
    torch.manual_seed(0)
    new, old, target = (torch.randn(4, 5) for _ in range(3))
    mask = (torch.rand(4, 5) < 0.7).float()
    tokens = float(mask.sum())
    for loss in (
        lambda rows, **rest: a.policy_loss(
            new[rows], old[rows], target[rows], mask[rows], clip=0.2, **rest
        ),
        lambda rows, **rest: a.value_loss(
            new[rows], old[rows], target[rows], mask[rows], clip=0.2, **rest
        ),
    ):
        parts = loss(slice(0, 1), tokens=tokens) + loss(slice(1, 4), tokens=tokens)
        torch.testing.assert_close(parts, loss(slice(0, 4)))


def test_entropy_of_a_uniform_and_of_a_certain_distribution():
    logits = torch.tensor([[0.0, 0.0, 0.0, 0.0], [100.0, 0.0, 0.0, 0.0]])
    torch.testing.assert_close(a.entropy(logits), torch.tensor([math.log(4), 0.0]))


def test_explained_variance():
    returns = row(1, 2, 3)
    assert a.explained_variance(returns, returns, ONE) == 1
    assert a.explained_variance(row(2, 2, 2), returns, ONE) == pytest.approx(0)
    # errors 0, 0, 3 have variance 2; returns 1, 2, 3 have variance 2/3
    assert a.explained_variance(row(1, 2, 0), returns, ONE) == pytest.approx(-2)
    assert math.isnan(a.explained_variance(returns, row(1, 1, 1), ONE))


def test_the_coefficient_follows_the_kl():
    def adapt(kl, samples=100):
        return a.adapt_coefficient(0.1, kl=kl, target=0.5, samples=samples, horizon=1000)

    assert adapt(0.5) == 0.1
    assert adapt(0.55) == pytest.approx(0.1 * 1.01)  # 10 % above, a tenth of the horizon
    assert adapt(50.0) == pytest.approx(0.1 * 1.02)  # an error counts 20 % at most
    assert adapt(0.0) == pytest.approx(0.1 * 0.98)
