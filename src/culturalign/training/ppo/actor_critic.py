"""Policy, reference and critic as three roles of one base model.

The base weights are in memory once. The policy is a LoRA adapter on them; the reference is the
base itself, or a frozen copy of the adapter that the policy starts from; the critic is a second
adapter with a value head. The head is not part of a peft adapter, so the saved policy is an
ordinary adapter that every engine loads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import torch
from peft import PeftConfig, PeftModel, get_peft_model
from torch import nn

from culturalign.config.ppo import Ppo
from culturalign.models.lora import lora_config
from culturalign.training.lora_layers import fuse

Trained = Literal["policy", "critic"]
Role = Trained | Literal["reference"]
ADAPTERS: dict[Role, str] = {"policy": "default", "reference": "reference", "critic": "critic"}
"""Role -> adapter. peft saves the one named "default" without a folder of its own."""


class Roles:
    """One base model that takes the roles of policy, reference and critic in turn."""

    def __init__(self, base: Any, options: Ppo, start: Path | None = None) -> None:
        """Put the adapters on a base model; their first weights follow torch's random state.

        Args:
            base: Causal language model, on its device; changed in place.
            options: Settings.
            start: Adapter that the policy starts from, without its dropout, and the reference
                keeps; None for the base model itself.
        """
        config = lora_config(options.lora, base.config.num_hidden_layers)
        self.dtype: torch.dtype = base.dtype
        for parameter in base.parameters():
            parameter.requires_grad_(False)
        if start is None:
            self.model: Any = get_peft_model(base, config)
        else:
            settings = PeftConfig.from_pretrained(str(start))
            settings.lora_dropout = 0.0  # of SFT; here it would make log-probabilities random
            self.model = PeftModel.from_pretrained(base, start, is_trainable=True, config=settings)
            self.model.load_adapter(start, ADAPTERS["reference"], is_trainable=False)
        self.model.add_adapter(ADAPTERS["critic"], config)
        self.head = value_head(base.config.hidden_size).to(base.device)
        self.frozen_start = start is not None
        fuse(self.model)
        self._restore_gradients()

    def parameters(self, role: Trained) -> list[nn.Parameter]:
        """What a role's optimizer trains: its adapter, for the critic also the value head."""
        head = self.head.parameters() if role == "critic" else ()
        return [*self._adapter(role).values(), *head]

    def trained(self) -> dict[str, nn.Parameter]:
        """Every trained parameter by name, for checkpoints."""
        head = {f"value_head.{name}": p for name, p in self.head.named_parameters()}
        return self._adapter("policy") | self._adapter("critic") | head

    def _adapter(self, role: Role) -> dict[str, nn.Parameter]:
        name = f".{ADAPTERS[role]}."
        return {n: p for n, p in self.model.named_parameters() if name in n}

    @contextmanager
    def active(self, role: Role) -> Iterator[None]:
        """Give the model a role, for a forward pass and its backward pass, in the base's type.

        The adapters' weights stay in fp32. Choosing an adapter in peft also chooses which one
        requires gradients; all are restored afterwards, so that no role finds its parameters
        frozen later.
        """
        try:
            with torch.autocast(
                self.model.device.type, torch.bfloat16, enabled=self.dtype == torch.bfloat16
            ):
                if role == "reference" and not self.frozen_start:
                    with self.model.disable_adapter():
                        yield
                else:
                    frozen = role == "reference"
                    self.model.set_adapter(ADAPTERS[role], inference_mode=frozen)
                    yield
        finally:
            self.model.set_adapter(ADAPTERS["policy"])
            self._restore_gradients()

    def _restore_gradients(self) -> None:
        for role in ADAPTERS:
            for parameter in self._adapter(role).values():
                parameter.requires_grad_(role != "reference")

    @contextmanager
    def generating(self) -> Iterator[Any]:
        """The policy for generation, its adapter in the type of the base.

        The same products as under autocast, without casting the weights at every token.
        """
        parameters = self.parameters("policy")
        masters = [parameter.data for parameter in parameters]
        try:
            for parameter in parameters:
                parameter.data = parameter.data.to(self.dtype)
            self.model.set_adapter(ADAPTERS["policy"])
            yield self.model
        finally:
            for parameter, master in zip(parameters, masters, strict=True):
                parameter.data = master
            self._restore_gradients()

    def save_policy(self, folder: Path, source: str) -> None:
        """Write the policy's adapter, which names its base as configured."""
        policy = ADAPTERS["policy"]
        self.model.peft_config[policy].base_model_name_or_path = source
        # Embeddings are never trained; "auto" would ask the network whether they changed.
        self.model.save_pretrained(folder, selected_adapters=[policy], save_embedding_layers=False)


def value_head(width: int) -> nn.Linear:
    """A line from a hidden state to a value, in fp32, with small first weights (as OpenRLHF)."""
    head = nn.Linear(width, 1, bias=False)
    nn.init.normal_(head.weight, std=1 / (width + 1))
    return head
