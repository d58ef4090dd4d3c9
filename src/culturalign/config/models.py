"""Configuration of base models."""

from typing import Literal

from pydantic import Field, JsonValue, field_validator

from culturalign.config.strict import Count, Strict

RESERVED = {
    *("messages", "conversation", "chat_template", "tokenize", "add_generation_prompt"),
    *("continue_final_message", "padding", "truncation", "max_length", "return_tensors"),
    *("return_dict", "return_assistant_tokens_mask", "tokenizer_kwargs", "strftime_now"),
}
"""Arguments that we or transformers give a chat template."""


class Model(Strict):
    """A base model."""

    label: str
    """Shown in tables as the paper's "M Class"."""
    source: str
    """A Hugging Face model id, a local folder with config.json and safetensors weights, the
    path of a `.gguf` file, or `package:NAME/FILE.gguf` for one inside an installed Python
    package."""
    revision: str | None = None
    """Commit of the model repository; recommended for a Hugging Face id."""
    template: Literal["own", "llama3", "qwen", "gemma"] = "own"
    """Chat template: the tokenizer's own, or that of Llama 3 or Qwen without date and default
    system text, as LLaMA-Factory renders them, with which the paper's authors ran SFT;
    or Gemma's (ours), for its base models, which have none; it needs `system_in_user`."""
    template_arguments: dict[str, JsonValue] = {}
    """Extra variables for the chat template, text or any other JSON value: `date_string` for
    Llama, whose template would otherwise insert a date of its own; `enable_thinking: false` for
    Qwen3, which would otherwise reason before it answers."""
    system_in_user: bool = False
    """Whether the system text is put before the first user message, for chat templates without a
    system role (Gemma 2, Mistral 7B v0.1 and v0.2). Without it such a model is refused."""
    train: bool = True
    """Whether the run's methods train it; false for a baseline that is only evaluated."""
    baseline: str | None = None
    """Another model of the run; table 7 tests this model's vanilla arm against its vanilla arm,
    e.g. a 70B model against the small one of its family. Without it there is no test. The paper
    prints stars on its vanilla 70B rows and does not say what they are tested against."""
    tasks: list[Literal["associations", "ranking", "mcq", "survey", "personas"]] = Field(
        default=["associations", "ranking", "mcq", "survey", "personas"], min_length=1
    )
    """Tasks of its arms. The paper's 70B baselines only answer the survey (table 7)."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Type of the frozen base weights and of the arithmetic. `auto`: bf16 where the processor
    is faster in it (every A100; CPUs of AMD with AVX512-BF16, of Intel with AMX), else fp32.
    Recorded."""
    engine: Literal["hf", "vllm"] = "hf"
    """What generates and scores: transformers, on a CPU or one GPU, or vLLM, in an environment of
    its own (envs/vllm.yaml). Training always uses transformers, even if vLLM writes the rollouts
    of PPO. Scores of the two differ by rounding (docs/engines.md)."""
    tensor_parallel: Count = 1
    """GPUs over which vLLM spreads the model."""
    max_sequences: Count = 64
    """Most answers that vLLM generates at a time. Fewer are more reproducible, more are faster."""
    max_model_length: Count = 4096
    """Longest prompt and answer together, in tokens; vLLM sets memory aside for it."""

    @field_validator("template_arguments")
    @classmethod
    def _are_not_ours(cls, arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if taken := sorted(arguments.keys() & RESERVED):
            raise ValueError(f"{taken[0]} is given to every chat template already; remove it")
        return arguments
