import importlib.util

import pytest
import torch

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.engine import open_engine
from culturalign.models.hf_engine import HfEngine
from culturalign.models.option_scoring import Query

PROMPT = "List words about dog:"


def engine_of(folder, precision="fp32"):
    options = Model(label="Tiny", source=str(folder), precision=precision)
    return open_engine(options, None, None, batch_tokens=512, threads=1)


def test_the_default_engine_is_transformers_and_says_so(tiny_model):
    engine = engine_of(tiny_model)
    assert isinstance(engine, HfEngine)
    assert (engine.facts["engine"], engine.facts["dtype"]) == ("hf", "torch.float32")
    assert engine.facts["adapter_digest"] is None and len(engine.facts["model_digest"]) == 64


def test_a_greedy_answer_begins_with_the_likeliest_token(tiny_model):
    engine = engine_of(tiny_model)
    ids = tuple(engine.tokenizer(PROMPT).input_ids)
    every = tuple((token,) for token in range(len(engine.tokenizer)))
    likeliest = int(torch.tensor(engine.score([Query(ids, every)])[0]).argmax())
    (answer,) = engine.generate([PROMPT], Decoding(max_new_tokens=1))
    assert answer.text == engine.tokenizer.decode([likeliest], skip_special_tokens=True)


def test_probabilities_of_all_tokens_sum_to_one_in_bf16_too(tiny_model):
    engine = engine_of(tiny_model, "bf16")
    every = tuple((token,) for token in range(len(engine.tokenizer)))
    scores = engine.score([Query((5, 6, 7), every)])[0]
    assert abs(float(torch.tensor(scores).exp().sum()) - 1) < 1e-5


def test_an_engine_that_is_not_installed_is_named_before_anything_is_loaded(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    options = Model(label="x", source="/nowhere", engine="vllm")
    with pytest.raises(UserError, match=r"vllm needs vLLM, which is not installed; .* engine: hf"):
        open_engine(options, None, None, batch_tokens=1, threads=1)
