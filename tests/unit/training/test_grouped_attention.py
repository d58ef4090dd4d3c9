"""Attention for training beside transformers' plain attention, on every architecture."""

import pytest
import torch

from culturalign.training import grouped_attention
from tests.unit.models.test_architectures import CONFIGS, build

IDS = torch.arange(3, 27).view(2, 12)
MASK = torch.ones(2, 12, dtype=torch.long)
MASK[0, :4] = 0  # padding on the left
COUNTED = MASK.bool()


def logits_and_gradients(model):
    logits = model(input_ids=IDS, attention_mask=MASK).logits[COUNTED]
    logits.square().sum().backward()
    return [logits, *(weight.grad for weight in model.parameters() if weight.grad is not None)]


@pytest.mark.parametrize("name", CONFIGS)
def test_logits_and_gradients_are_those_of_plain_attention(name):
    plain, ours = build(name), build(name)
    grouped_attention.choose(ours)
    plain.set_attn_implementation("eager")
    for found, expected in zip(
        logits_and_gradients(ours), logits_and_gradients(plain), strict=True
    ):
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_a_model_that_caps_its_weights_keeps_plain_attention():
    chosen = {}
    for name in CONFIGS:
        model = build(name)
        grouped_attention.choose(model)
        chosen[name] = model.config._attn_implementation
    assert {name for name, kind in chosen.items() if kind != grouped_attention.NAME} == {"gemma 2"}
