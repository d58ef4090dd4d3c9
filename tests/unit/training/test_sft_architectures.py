"""SFT's loss and gradients on real architectures, against plain peft and one pass an example."""

import copy

import pytest
import torch
from peft import LoraConfig, get_peft_model
from torch.nn.functional import cross_entropy

from culturalign.models.prefix_cache import narrowest_window
from culturalign.training import grouped_attention
from culturalign.training.batches import collate
from culturalign.training.lora_layers import FusedLinear, fuse
from culturalign.training.sft_trainer import completion_loss
from tests.unit.models.test_adapted_architectures import moved
from tests.unit.models.test_architectures import CONFIGS, build, encoded

LORA = LoraConfig(r=2, lora_alpha=4, target_modules="all-linear", task_type="CAUSAL_LM")


def gradients(model):
    return {n: weight.grad for n, weight in model.named_parameters() if weight.requires_grad}


@pytest.mark.parametrize("name", CONFIGS)
def test_loss_and_gradients_are_those_of_plain_peft_one_example_at_a_time(name):
    torch.manual_seed(2)
    plain = moved(get_peft_model(build(name), LORA)).train()
    ours = copy.deepcopy(plain)
    plain.get_base_model().set_attn_implementation("eager")
    pairs = [differentiable(plain, example) for example in encoded()]
    expected = sum(cross_entropy(*pair, reduction="sum") for pair in pairs)
    expected.backward()

    grouped_attention.choose(ours.get_base_model())
    fuse(ours)
    assert any(isinstance(layer, FusedLinear) for layer in ours.modules())
    found = completion_loss(ours, collate(encoded(), 0, narrowest_window(ours.config)))
    found.backward()
    assert found.item() == pytest.approx(expected.item(), rel=3e-7)
    for key, gradient in gradients(plain).items():
        torch.testing.assert_close(gradients(ours)[key], gradient, rtol=1e-4, atol=1e-5)


def differentiable(model, example):
    """Logits and tokens of an example's completion."""
    ids = torch.tensor([(*example.prompt, *example.completion)])
    return model(ids).logits[0, len(example.prompt) - 1 : -1], torch.tensor(example.completion)
