"""Configuration of base models."""

from typing import Literal

from culturalign.config.strict import Strict


class Model(Strict):
    """A base model."""

    label: str
    """Shown in tables as the paper's "M Class"."""
    source: str
    """A Hugging Face model id, a local folder with config.json and safetensors weights, or
    `package:NAME/FILE.gguf` for weights shipped inside an installed Python package."""
    revision: str | None = None
    """Commit of the model repository; recommended for a Hugging Face id."""
    template_arguments: dict[str, str] = {}
    """Extra variables for the chat template, e.g. `date_string` for Llama, whose template
    would otherwise insert a date of its own."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Type of the frozen base weights and of the arithmetic. `auto`: bf16 where the processor
    has bf16 instructions (every A100; on a CPU AVX512-BF16 or AMX), else fp32. Recorded."""
