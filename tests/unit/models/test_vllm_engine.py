"""The rules for lists in vLLM, without vLLM."""

import importlib
import math
import sys
from types import SimpleNamespace

import pytest
import torch

from culturalign.models.option_scoring import Query

NAMES = ("vllm", "vllm.lora", "vllm.lora.request", "vllm.v1", "vllm.v1.sample",
         "vllm.v1.sample.logits_processor")  # fmt: skip
STUB = SimpleNamespace(
    LLM=None, SamplingParams=None, LoRARequest=None, AdapterLogitsProcessor=object
)


@pytest.fixture
def engine(monkeypatch):
    """The engine's module, importing names in place of vLLM."""
    for name in NAMES:
        monkeypatch.setitem(sys.modules, name, STUB)
    monkeypatch.delitem(sys.modules, "culturalign.models.vllm_engine", raising=False)
    yield importlib.import_module("culturalign.models.vllm_engine")
    sys.modules.pop("culturalign.models.vllm_engine", None)


class Enough:
    """Rules of a list that is long enough; the end of the answer is token 2."""

    tokenizer = SimpleNamespace(eos_token_id=2)

    def enough(self, ids):
        return True


def test_after_the_last_item_only_the_end_is_possible(engine):
    logits = torch.tensor([0.5, 3.0, -1.0, 2.0])
    found = engine._apply(Enough(), [1], logits)
    assert found.softmax(0).tolist() == [0, 0, 1, 0]
    assert logits.tolist() == [0.5, 3.0, -1.0, 2.0]


def test_the_rules_make_no_tensor_on_another_device(engine):
    """The meta device stands for a GPU: it refuses tensors of the CPU as a GPU does."""
    logits = torch.empty(4, device="meta")
    assert engine._apply(Enough(), [1], logits).device.type == "meta"


def answers(*logprobs):
    """What vLLM returns: for each request token -> log-probability."""
    tokens = [{i: SimpleNamespace(logprob=value) for i, value in row.items()} for row in logprobs]
    return [SimpleNamespace(outputs=[SimpleNamespace(logprobs=[row])]) for row in tokens]


def test_labels_outside_the_most_probable_tokens_have_probability_0(engine, monkeypatch):
    asked = []
    monkeypatch.setattr(engine, "SamplingParams", lambda **given: asked.append(given))
    loaded = object.__new__(engine.VllmEngine)
    loaded.lora = None
    loaded.llm = SimpleNamespace(
        generate=lambda *_, **__: answers({7: -0.5, 8: -2.0}, {7: -0.5, 30: -1.0})
    )
    queries = [Query((1, 2), ((7,), (8,))), Query((1, 2), ((7,), (8,), ()), top=2)]
    assert loaded.score(queries) == [[-0.5, -2.0], [-0.5, -math.inf, -math.inf]]
    assert asked[0]["logprob_token_ids"] == [7, 8] and "allowed_token_ids" not in asked[0]
    assert (asked[1]["logprobs"], asked[1]["allowed_token_ids"]) == (2, [7, 8])


def test_the_rules_read_the_tokenizer_at_the_revision_of_the_model(engine, monkeypatch):
    """A cache that was filled for a revision has no other, and a job has no network."""
    read = []
    monkeypatch.setattr(
        engine.AutoTokenizer, "from_pretrained", lambda *place, **rest: read.append((place, rest))
    )
    engine._tokenizer_of(SimpleNamespace(tokenizer="org/model", tokenizer_revision="abc"))
    assert read == [(("org/model",), {"revision": "abc"})]
