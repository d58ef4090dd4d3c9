"""Configuration of low-rank adapters."""

from culturalign.config.strict import Count, Positive, Share, Strict

VLLM_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""Values that vLLM accepts for ``max_lora_rank``."""


class Lora(Strict):
    """Low-rank adapters (Hu et al. 2021)."""

    rank: Count = 64
    """Paper, table 10."""
    alpha: Count | Positive = 256
    """Paper, table 10."""
    dropout: Share = 0.0
    """Not stated in the paper; 0 is the default of its training library."""
    target: str | list[str] = "all-linear"
    """Modules that get adapters. Not stated in the paper; its library adapts every linear
    layer by default."""
    last_layers: Count | None = None
    """Adapt only this many of the model's last layers; null: all, as in the paper. Fewer save
    time and memory, since nothing before them needs gradients."""
