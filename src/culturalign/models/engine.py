"""The interface of all engines, and the choice of the one that a model's configuration names."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from transformers import PreTrainedTokenizerBase

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.generation import Answer
from culturalign.models.option_scoring import Query


class Engine(Protocol):
    """One loaded model, with an adapter or without.

    Attributes:
        tokenizer: The model's tokenizer.
        facts: What identifies weights and arithmetic, for the provenance record.
    """

    tokenizer: PreTrainedTokenizerBase
    facts: dict[str, Any]

    def resolve(self, decoding: Decoding) -> Decoding:
        """A decoding with the model's own sampling filled in if it asks for that."""

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Answer]:
        """Answer rendered prompts, in their order."""

    def score(self, queries: Sequence[Query]) -> list[list[float]]:
        """Log-probability of every label as the next token, nats, over the whole vocabulary."""


def open_engine(
    options: Model, base: Path | None, adapter: Path | None, *, batch_tokens: int, threads: int
) -> Engine:
    """Load a model in the engine that its configuration names.

    Args:
        options: The model's configuration.
        base: Local copy to read instead of ``options.source``.
        adapter: Folder of an adapter; None for the base model itself.
        batch_tokens: Largest batch in tokens; vLLM fills its batches by itself.
        threads: CPU threads.

    Raises:
        UserError: If vLLM is needed and not installed.
    """
    if options.engine == "vllm":
        if not importlib.util.find_spec("vllm"):
            raise UserError(
                "engine: vllm needs vLLM, which is not installed; run with --sdm conda, set "
                "engine: hf under this model, or see docs/slurm.md"
            )
        from culturalign.models.vllm_engine import VllmEngine

        return VllmEngine(options, base, adapter)
    from culturalign.models.hf_engine import HfEngine

    return HfEngine(options, base, adapter, batch_tokens=batch_tokens, threads=threads)
