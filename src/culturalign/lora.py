"""Adapter settings in peft's terms."""

from peft import LoraConfig

from culturalign.config.sft import Lora
from culturalign.errors import UserError


def lora_config(lora: Lora, layers: int) -> LoraConfig:
    """Adapter settings for a model of so many layers.

    Raises:
        UserError: If more layers are to be adapted than there are.
    """
    adapted = lora.last_layers or layers
    if adapted > layers:
        raise UserError(f"lora.last_layers is {adapted}, but the model has {layers} layers")
    left_out = "|".join(map(str, range(layers - adapted)))
    return LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,  # type: ignore[arg-type] # a fraction is fine: it is divided by r
        lora_dropout=lora.dropout,
        target_modules=lora.target,
        exclude_modules=rf".*\.layers\.({left_out})\..*" if left_out else None,
        task_type="CAUSAL_LM",
    )
