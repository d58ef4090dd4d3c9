"""LoRA layers whose forward and backward passes are matrix products alone.

peft computes W x + s B A x step by step: it casts x to the adapter's type and back, and scales and
adds the update as tensors of their own, forward and backward. Here the products add up in place.
The results are the same up to rounding.
"""

from typing import Any

import torch
from peft.tuners.lora.layer import Linear
from torch import nn
from torch.nn.functional import linear


class LoraProduct(torch.autograd.Function):
    """W x + bias + s B A x for a frozen W, in the type of W."""

    @staticmethod
    def forward(
        ctx: Any,
        inputs: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        a: torch.Tensor,
        b: torch.Tensor,
        scale: float,
    ) -> torch.Tensor:
        """Outputs, (..., width), of inputs, (..., width of the inputs)."""
        with torch.autocast(inputs.device.type, enabled=False):
            rows = inputs.reshape(-1, inputs.shape[-1]).to(weight.dtype)
            low_a, low_b = a.to(weight.dtype), b.to(weight.dtype)
            inner = rows @ low_a.T
            outputs = linear(rows, weight, bias).addmm_(inner, low_b.T, alpha=scale)
        ctx.save_for_backward(rows, inner, weight, low_a, low_b)
        ctx.scale, ctx.dtype = scale, a.dtype
        ctx.inputs = inputs.shape, inputs.dtype
        return outputs.view(*inputs.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of the inputs, of A and of B."""
        rows, inner, weight, a, b = ctx.saved_tensors
        shape, dtype = ctx.inputs
        outer = gradients[0].reshape(-1, weight.shape[0])
        scaled = (outer @ b).mul_(ctx.scale)
        of_a, of_b = scaled.T @ rows, (outer.T @ inner).mul_(ctx.scale)
        of_inputs = None
        if ctx.needs_input_grad[0]:
            of_inputs = (outer @ weight).addmm_(scaled, a).view(shape).to(dtype)
        return of_inputs, None, None, of_a.to(ctx.dtype), of_b.to(ctx.dtype), None


class FusedLinear(Linear):
    """A linear layer of peft with plain adapters, one or none of which is active."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        """The layer's outputs."""
        if self.disable_adapters:
            return self.base_layer(x)
        (name,) = self.active_adapters
        return LoraProduct.apply(
            x,
            self.base_layer.weight,
            self.base_layer.bias,
            self.lora_A[name].weight,
            self.lora_B[name].weight,
            self.scaling[name],
        )


def fuse(model: nn.Module) -> None:
    """Make every plain LoRA layer of a model a :class:`FusedLinear`; others stay as they are."""
    for layer in model.modules():
        if type(layer) is Linear and _is_plain(layer):
            layer.__class__ = FusedLinear


def _is_plain(layer: Linear) -> bool:
    """Whether it is W x + s B A x: no dropout, variant, or quantized weight."""
    dropouts = layer.lora_dropout.values()
    return (
        type(layer.base_layer) is nn.Linear
        and not layer.lora_variant
        and not any(layer.lora_bias.values())
        and all(isinstance(dropout, nn.Identity) for dropout in dropouts)
    )
