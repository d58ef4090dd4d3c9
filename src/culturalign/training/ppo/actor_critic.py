"""Policy, reference and critic as three roles of one base model.

The base weights are in memory once. The policy is a LoRA adapter on them; the reference is the
base itself, or a frozen copy of the adapter the policy starts from; the critic is a second
adapter with a value head. The head is no part of a peft adapter, so the saved policy is an ordinary
adapter that every engine loads.
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

Role = Literal["policy", "reference", "critic"]
POLICY = "default"  # the name under which peft saves an adapter without a folder of its own
REFERENCE, CRITIC = "reference", "critic"


class Roles:
    """One base model that plays policy, reference and critic by turns."""

    def __init__(self, base: Any, options: Ppo, start: Path | None = None) -> None:
        """Put the adapters on a base model; their first weights follow torch's random state.

        Args:
            base: Causal language model, on its device; it is changed in place.
            options: Settings.
            start: Adapter that the policy starts from, without its dropout, and the reference
                stays at; None for the base model itself.
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
            self.model.load_adapter(start, REFERENCE, is_trainable=False)
        self.model.add_adapter(CRITIC, config)
        self.head = value_head(base.config.hidden_size).to(base.device)
        self.frozen_start = start is not None
        self._restore_gradients()

    @property
    def policy_parameters(self) -> list[nn.Parameter]:
        """What the policy's optimizer trains."""
        return list(self._adapter(POLICY).values())

    @property
    def critic_parameters(self) -> list[nn.Parameter]:
        """What the critic's optimizer trains: its adapter and the value head."""
        return [*self._adapter(CRITIC).values(), *self.head.parameters()]

    def trained(self) -> dict[str, nn.Parameter]:
        """Every trained parameter by name, for checkpoints."""
        head = {f"value_head.{name}": p for name, p in self.head.named_parameters()}
        return self._adapter(POLICY) | self._adapter(CRITIC) | head

    def _adapter(self, name: str) -> dict[str, nn.Parameter]:
        return {n: p for n, p in self.model.named_parameters() if f".{name}." in n}

    @contextmanager
    def playing(self, role: Role) -> Iterator[None]:
        """Let the model play a role, the forward pass and its backward pass both inside.

        Choosing an adapter in peft also chooses which one requires gradients. All are put back
        afterwards, so that a role played later never finds its parameters frozen.
        """
        try:
            if role == "reference" and not self.frozen_start:
                with self.model.disable_adapter():
                    yield
            else:
                name = {"policy": POLICY, "reference": REFERENCE, "critic": CRITIC}[role]
                self.model.set_adapter(name, inference_mode=role == "reference")
                yield
        finally:
            self.model.set_adapter(POLICY)
            self._restore_gradients()

    def computing(self) -> Any:
        """Arithmetic in the type of the base, with the adapters' weights in fp32."""
        return torch.autocast(
            self.model.device.type, dtype=torch.bfloat16, enabled=self.dtype == torch.bfloat16
        )

    def _restore_gradients(self) -> None:
        for name, trained in ((POLICY, True), (CRITIC, True), (REFERENCE, False)):
            for parameter in self._adapter(name).values():
                parameter.requires_grad_(trained)

    @contextmanager
    def speaking(self) -> Iterator[Any]:
        """The policy for generation, its adapter in the type of the base.

        The same products as under autocast, without casting the weights at every token.
        """
        masters = [parameter.data for parameter in self.policy_parameters]
        try:
            for parameter in self.policy_parameters:
                parameter.data = parameter.data.to(self.dtype)
            with self.playing("policy"):
                yield self.model
        finally:
            for parameter, master in zip(self.policy_parameters, masters, strict=True):
                parameter.data = master

    def save_policy(self, folder: Path, source: str) -> None:
        """Write the policy's adapter, which names its base as configured."""
        self.model.peft_config[POLICY].base_model_name_or_path = source
        # Embeddings are never trained; "auto" would ask the network whether they changed.
        self.model.save_pretrained(folder, selected_adapters=[POLICY], save_embedding_layers=False)


def value_head(width: int) -> nn.Linear:
    """A line from a hidden state to a value, in fp32, with small first weights (as OpenRLHF)."""
    head = nn.Linear(width, 1, bias=False)
    nn.init.normal_(head.weight, std=1 / (width + 1))
    return head
