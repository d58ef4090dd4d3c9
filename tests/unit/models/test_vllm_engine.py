"""The rules for lists in vLLM, without vLLM."""

import importlib
import sys
from types import SimpleNamespace

import pytest
import torch

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
