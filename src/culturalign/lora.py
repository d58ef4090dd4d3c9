"""Adapter settings in peft's terms."""

from peft import LoraConfig

from culturalign.config.sft import VLLM_RANKS, Lora
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


def vllm_rank(rank: int) -> int:
    """The least ``max_lora_rank`` of vLLM that admits adapters of a rank.

    Raises:
        UserError: If none does.
    """
    if rank > VLLM_RANKS[-1]:
        raise UserError(
            f"the adapter has rank {rank}, but vLLM applies ranks up to {VLLM_RANKS[-1]}; "
            "use hf, or train a smaller one"
        )
    return next(size for size in VLLM_RANKS if size >= rank)
