"""The default engine: transformers and peft, on a CPU or one GPU."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.models import generation, loading, own_decoding
from culturalign.models.generation import Answer
from culturalign.models.option_scoring import Query, score_queries


class HfEngine:
    """A model in transformers; see :class:`culturalign.models.engine.Engine`."""

    def __init__(
        self,
        options: Model,
        base: Path | None,
        adapter: Path | None,
        *,
        batch_tokens: int,
        threads: int,
    ) -> None:
        torch.set_num_threads(threads)
        self.batch_tokens = batch_tokens
        self.resolve = partial(own_decoding.resolve, options=options, folder=base)
        self.tokenizer = loading.load_tokenizer(options, base)
        self.model = loading.load_model(options, base, adapter)
        self.model.set_output_embeddings(loading.Fp32Head(self.model.get_output_embeddings()))
        self.facts = {
            "engine": "hf",
            **loading.identity(options, base, adapter, self.model.config),
            "dtype": str(self.model.dtype),
            "threads": threads,
        }

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Answer]:
        """Answer rendered prompts, in their order."""
        return generation.generate(
            self.model,
            self.tokenizer,
            prompts,
            self.resolve(decoding),
            batch_tokens=self.batch_tokens,
        )

    def score(self, queries: Sequence[Query]) -> list[list[float]]:
        """Log-probability of every label as the next token, nats, over the whole vocabulary."""
        pad = int(self.tokenizer.pad_token_id)
        return score_queries(self.model, queries, pad=pad, batch_tokens=self.batch_tokens)
