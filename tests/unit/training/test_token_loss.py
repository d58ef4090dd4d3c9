"""The loss of tokens beside its definition."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from culturalign.training.batches import IGNORED
from culturalign.training.token_loss import TOKENS_AT_ONCE, TokenLoss


def gradients(loss, logits):
    return torch.autograd.grad(loss * 0.3, logits)[0]


def test_two_tokens_by_hand():
    logits = torch.tensor([[0.0, math.log(3)], [5.0, 1.0]], requires_grad=True)
    loss = TokenLoss.apply(logits, torch.tensor([0, IGNORED]))
    assert loss.item() == pytest.approx(math.log(4))
    expected = torch.tensor([[-0.75, 0.75], [0.0, 0.0]])
    torch.testing.assert_close(torch.autograd.grad(loss, logits)[0], expected)


@pytest.mark.parametrize("tokens", [1, TOKENS_AT_ONCE, 2 * TOKENS_AT_ONCE + 5])
def test_loss_and_gradient_are_those_of_cross_entropy_in_double_precision(tokens):
    torch.manual_seed(0)
    logits = (10 * torch.randn(tokens, 5000)).requires_grad_()
    labels = torch.randint(0, 5000, (tokens,))
    labels[1::3] = IGNORED
    ours = TokenLoss.apply(logits, labels)
    exact = cross_entropy(logits.double(), labels, ignore_index=IGNORED, reduction="sum")
    torch.testing.assert_close(ours.double(), exact, rtol=1e-6, atol=0)
    torch.testing.assert_close(
        gradients(ours, logits), gradients(exact, logits), rtol=1e-5, atol=1e-7
    )


def test_bf16_logits_have_the_gradient_of_fp32_rounded_once():
    torch.manual_seed(0)
    logits = torch.randn(7, 100).bfloat16().requires_grad_()
    labels = torch.tensor([3, IGNORED, 4, 5, 6, 7, 99])
    ours = gradients(TokenLoss.apply(logits, labels), logits)
    single = logits.detach().float().requires_grad_()
    exact = cross_entropy(single, labels, ignore_index=IGNORED, reduction="sum")
    torch.testing.assert_close(ours, gradients(exact, single).bfloat16())
