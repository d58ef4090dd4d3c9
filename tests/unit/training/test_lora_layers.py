"""Fused LoRA layers beside peft's own."""

import copy

import pytest
import torch
from peft import LoraConfig, get_peft_model
from torch import nn

from culturalign.training.lora_layers import FusedLinear, fuse
from tests import tiny


def adapted(**settings):
    config = LoraConfig(r=3, lora_alpha=5, target_modules="all-linear", **settings)
    model = get_peft_model(tiny.build_model(), config).train()
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(weight, std=0.1)
    return model


def fused_layers(model) -> int:
    return sum(isinstance(layer, FusedLinear) for layer in model.modules())


def outputs_and_gradients(model, bf16=False):
    ids = torch.arange(1, 25).view(2, 12)
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        logits = model(input_ids=ids).logits.float()
    logits.square().sum().backward()
    return [logits, *(weight.grad for weight in model.parameters() if weight.requires_grad)]


def test_outputs_and_gradients_are_those_of_peft():
    plain = adapted().double()
    fused = copy.deepcopy(plain)
    fuse(fused)
    assert fused_layers(fused) == 14  # seven layers in each of two blocks
    for ours, theirs in zip(
        outputs_and_gradients(fused), outputs_and_gradients(plain), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("role", ["default", "critic", "none"])
def test_of_two_adapters_the_active_one_counts_or_none(role):
    plain = adapted()
    plain.add_adapter("critic", plain.peft_config["default"])
    with torch.no_grad():
        for name, weight in plain.named_parameters():
            if "lora_B.critic" in name:
                weight.fill_(0.05)
    plain.double()
    fused = copy.deepcopy(plain)
    fuse(fused)
    assert fused_layers(fused) == 14
    found = []
    for model in (fused, plain):
        ids = torch.arange(1, 13).view(1, 12)
        if role == "none":
            with model.disable_adapter():
                found.append(model(input_ids=ids).logits)
        else:
            model.set_adapter(role)
            found.append(outputs_and_gradients(model)[0])
    torch.testing.assert_close(*found, rtol=1e-9, atol=1e-12)


def test_gradients_of_one_layer_by_hand():
    """W = 2, A = 3, B = 5, scale 5/3, x = 7: y = 2x + 25x = 189; dy = 1."""
    base = nn.Sequential(nn.Linear(1, 1, bias=False))
    model = get_peft_model(base, LoraConfig(r=3, lora_alpha=5, target_modules=["0"]))
    fuse(model)
    layer = model.base_model.model[0]
    assert type(layer) is FusedLinear
    with torch.no_grad():
        layer.base_layer.weight.fill_(2)
        layer.lora_A["default"].weight.copy_(torch.tensor([[3.0], [0.0], [0.0]]))
        layer.lora_B["default"].weight.copy_(torch.tensor([[5.0, 0.0, 0.0]]))
    x = torch.tensor([[7.0]], requires_grad=True)
    y = model(x)
    y.sum().backward()
    assert y.item() == pytest.approx(189)
    assert x.grad.item() == pytest.approx(27)
    assert layer.lora_A["default"].weight.grad[0].item() == pytest.approx(5 * 7 * 5 / 3)
    assert layer.lora_B["default"].weight.grad[0, 0].item() == pytest.approx(3 * 7 * 5 / 3)


def test_mixed_precision_is_as_near_to_the_exact_gradient_as_peft():
    exact = outputs_and_gradients(adapted().double())[1:]
    distance = {}
    for name in ("peft", "ours"):
        model = adapted()
        for weight in model.parameters():
            if not weight.requires_grad:
                weight.data = weight.data.bfloat16()
        if name == "ours":
            fuse(model)
        found = outputs_and_gradients(model, bf16=True)[1:]
        assert all(gradient.dtype == torch.float32 for gradient in found)
        pairs = zip(found, exact, strict=True)
        distance[name] = sum(float((a.double() - b).norm() / b.norm()) for a, b in pairs)
    assert distance["ours"] < 1.1 * distance["peft"]


def test_layers_with_dropout_stay_pefts():
    model = adapted(lora_dropout=0.1)
    fuse(model)
    assert fused_layers(model) == 0


def test_an_adapter_is_saved_under_pefts_names(tmp_path):
    plain, fused = adapted(), adapted()
    fuse(fused)
    plain.save_pretrained(tmp_path / "plain")
    fused.save_pretrained(tmp_path / "fused")
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        saved = [(tmp_path / kind / name).read_bytes() for kind in ("plain", "fused")]
        assert saved[0] == saved[1]
