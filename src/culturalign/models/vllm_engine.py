"""The engine for GPUs: vLLM, with the adapter applied on the fly.

About vLLM: an adapter's rank must not exceed ``max_lora_rank`` (by default 16);
``logprob_token_ids`` gives the log-probabilities of some tokens before any sampling rule; missing
sampling settings come from the model's own defaults, so all are given.
"""

import math
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from peft import PeftConfig
from transformers import AutoTokenizer

# The rules for lists below are written for the first model runner.
os.environ.setdefault("VLLM_USE_V2_MODEL_RUNNER", "0")

import vllm
from vllm import LLM, SamplingParams
from vllm.lora.request import LoRARequest
from vllm.v1.sample.logits_processor import AdapterLogitsProcessor

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.models import loading, own_decoding
from culturalign.models.generation import Answer, list_settings
from culturalign.models.gpus import require_gpus
from culturalign.models.list_rules import ListRules
from culturalign.models.lora import vllm_rank
from culturalign.models.option_scoring import Query
from culturalign.models.stop_tokens import answer_text, stop_tokens


class VllmEngine:
    """A model in vLLM; see :class:`culturalign.models.engine.Engine`."""

    def __init__(self, options: Model, base: Path | None, adapter: Path | None) -> None:
        require_gpus()
        loading.check_source(options, base)
        self.tokenizer = loading.load_tokenizer(options, base)
        self.resolve = partial(own_decoding.resolve, options=options, folder=base)
        dtype = loading.choose_dtype(options.precision)
        rank = PeftConfig.from_pretrained(str(adapter)).r if adapter else 1
        self.llm = LLM(
            model=str(base or options.source),
            revision=options.revision,
            dtype=str(dtype).removeprefix("torch."),
            tensor_parallel_size=options.tensor_parallel,
            max_model_len=options.max_model_length,
            max_num_seqs=options.max_sequences,
            enable_lora=adapter is not None,
            max_lora_rank=vllm_rank(rank),
            logits_processors=[VllmListRules],
            hf_overrides={"head_dtype": "float32"},  # see loading.Fp32Head
            enforce_eager=not torch.cuda.is_available(),  # on a CPU compiling takes too long
            seed=0,
        )
        config = self.llm.model_config.hf_config
        settings = loading.generation_settings(options, base, config)
        self.stops = stop_tokens(self.tokenizer, settings)
        self.lora = LoRARequest("adapter", 1, str(adapter)) if adapter else None
        self.facts = {
            "engine": f"vllm {vllm.__version__}",
            **loading.identity(options, base, adapter, config),
            "dtype": str(dtype),
            "tensor_parallel": options.tensor_parallel,
            "max_sequences": options.max_sequences,
        }

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Answer]:
        """Answer rendered prompts, in their order.

        vLLM seeds each request separately, so each gets its own seed: with the same one, equal
        prompts would get equal answers.
        """
        decoding = self.resolve(decoding)
        ids = self.tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
        sampling = [
            SamplingParams(
                max_tokens=own_decoding.within(decoding, len(prompt)).max_new_tokens,
                temperature=decoding.temperature,
                top_p=decoding.top_p,
                top_k=decoding.top_k,
                repetition_penalty=decoding.repetition_penalty,
                seed=decoding.seed + number if decoding.temperature > 0 else None,
                stop_token_ids=sorted(self.stops),
                detokenize=False,
                extra_args=list_settings(decoding),
            )
            for number, prompt in enumerate(ids)
        ]
        requests: list[Any] = [{"prompt_token_ids": prompt} for prompt in ids]
        outputs = self.llm.generate(requests, sampling, lora_request=self.lora)
        return [self._answer(output.outputs[0]) for output in outputs]

    def _answer(self, output: Any) -> Answer:
        return Answer(
            answer_text(self.tokenizer, output.token_ids, self.stops),
            tokens=len(output.token_ids),
            truncated=output.finish_reason == "length",
        )

    def score(self, queries: Sequence[Query]) -> list[list[float]]:
        """Log-probability of every label as the next token, nats, over the whole vocabulary."""
        requests: list[Any] = [{"prompt_token_ids": list(query.ids)} for query in queries]
        sampling = [
            SamplingParams(max_tokens=1, temperature=0.0, detokenize=False, **_wanted(query))
            for query in queries
        ]
        outputs = self.llm.generate(requests, sampling, lora_request=self.lora)
        found = [output.outputs[0].logprobs[0] for output in outputs]
        return [
            [_sum([logprobs[i].logprob for i in form if i in logprobs]) for form in query.forms]
            for query, logprobs in zip(queries, found, strict=True)
        ]


def _wanted(query: Query) -> dict[str, Any]:
    """Settings that make vLLM return the log-probabilities of a query.

    Those of the most probable tokens always come with that of the written one, which must be a
    label.
    """
    if query.top is None:
        return {"logprob_token_ids": query.tokens}
    return {"logprobs": query.top, "allowed_token_ids": query.tokens}


class VllmListRules(AdapterLogitsProcessor):
    """The rules for lists (:class:`ListRules`), request by request."""

    def __init__(self, vllm_config: Any, device: torch.device, is_pin_memory: bool) -> None:
        super().__init__(vllm_config, device, is_pin_memory)
        self.tokenizer = _tokenizer_of(vllm_config.model_config)

    def is_argmax_invariant(self) -> bool:
        """Greedy decoding depends on the rules."""
        return False

    def new_req_logits_processor(self, params: SamplingParams) -> Any:
        """The rules of one request, or None."""
        if not params.extra_args:
            return None
        return partial(_apply, ListRules(self.tokenizer, **params.extra_args))


def _tokenizer_of(model: Any) -> Any:
    return AutoTokenizer.from_pretrained(
        model.tokenizer, revision=model.tokenizer_revision or "main"
    )


def _apply(rules: ListRules, output_ids: list[int], logits: torch.Tensor) -> torch.Tensor:
    if rules.enough(output_ids):
        logits = torch.full_like(logits, -math.inf)
        logits[rules.tokenizer.eos_token_id] = 0.0
    else:
        logits[list(rules.forbidden(output_ids))] = -math.inf
    return logits


def _sum(logprobs: Sequence[float]) -> float:
    """Logarithm of the sum of probabilities given as logarithms."""
    return float(torch.tensor(logprobs, dtype=torch.float64).logsumexp(0))
