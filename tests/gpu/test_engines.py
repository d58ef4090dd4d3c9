"""transformers against vLLM: a real model's shape on a GPU, a tiny one elsewhere."""

import gc
import importlib.util
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from transformers import AutoConfig

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.models.engine import open_engine
from tests.engine_answers import (
    LARGEST,
    Entry,
    Shares,
    apart,
    asked,
    shares,
    to_query,
    write_adapter,
)
from tests.gpu import preflight, record, shapes
from tests.gpu.test_preflight import configuration

HAS_VLLM = importlib.util.find_spec("vllm") is not None
QUESTIONS, LISTS = (40, 20) if record.ON_GPU else (6, 3)
WORDS = Decoding(max_new_tokens=256 if record.ON_GPU else 16, max_items=30, distinct_items=True)


class Answers(NamedTuple):
    """What an engine answers: shares of the options, texts of the lists."""

    shares: Shares
    lists: list[str]


def answer(options: Model, adapter: Path | None, batch_tokens: int = 16_384) -> Answers:
    """Ask a model questions in four orders, and for lists; note how fast it is."""
    entries = first(QUESTIONS)
    begin = time.monotonic()
    engine = open_engine(options, None, adapter, batch_tokens=batch_tokens, threads=2)
    loaded = time.monotonic()
    queries = [to_query(entry, "en", options, engine.tokenizer) for entry in entries]
    prompts = [f"Words about the number {number}, separated by commas:" for number in range(LISTS)]
    engine.generate(prompts[:1], WORDS)  # compiles what there is to compile
    engine.score(queries[:1])
    times = [time.monotonic()]
    scores = engine.score(queries)
    times.append(time.monotonic())
    answers = engine.generate(prompts, WORDS)
    times.append(time.monotonic())
    scoring, writing = np.diff(times)
    if adapter is None and options.engine == "vllm":  # as the paper's run
        size, steps = _size(options), max(each.tokens for each in answers)
        model = f"{options.label}, {size / 1e9:.3g} B, vLLM"
        record.note("loading", loaded - begin, model)
        record.note("reading", 2 * size * sum(len(q.ids) for q in queries) / scoring, model)
        record.note("memory", 2 * size * steps / writing, model)
    del engine
    gc.collect()
    torch.cuda.empty_cache()
    return Answers(shares(entries, scores), [each.text for each in answers])


def first(questions: int) -> list[Entry]:
    """Some questions of the demo survey, in all their orders."""
    entries = asked("en")
    chosen = list(dict.fromkeys(entry["question"] for entry in entries))[:questions]
    return [entry for entry in entries if entry["question"] in chosen]


def _size(options: Model) -> int:
    revision = options.revision or "main"
    return shapes.parameters(AutoConfig.from_pretrained(options.source, revision=revision))


@pytest.fixture(scope="module")
def model(request) -> Model:
    """The run's first model if it is in the cache; else random weights of a real shape."""
    run = configuration(os.environ.get("CULTURALIGN_GPU_CONFIG", "config/paper.yaml"))
    chosen = run.models[run.run.models[0]]
    if record.ON_GPU and not preflight.not_fetched([chosen]):
        return chosen.model_copy(update={"precision": "bf16"})
    return request.getfixturevalue("saved")


@pytest.fixture(scope="module", params=[None, 64], ids=["vanilla", "rank 64"])
def adapter(model, request, tmp_path_factory) -> Path | None:
    """No adapter, or a random one that changes every answer."""
    if request.param is None:
        return None
    options = model.model_copy(update={"engine": "hf"})
    folder = tmp_path_factory.mktemp("adapter")
    return write_adapter(options, folder, request.param, scale=0.1)


@pytest.fixture(scope="module")
def ours(model, adapter) -> Answers:
    """Those of transformers."""
    return answer(model.model_copy(update={"engine": "hf"}), adapter)


def compare(model: Model, one: Answers, other: Answers) -> None:
    """Options get the same shares; in fp32 lists are the same, word for word."""
    found = apart(one.shares, other.shares)
    same = sum(a == b for a, b in zip(one.lists, other.lists, strict=True))
    print(f"\n{len(one.shares)} questions: {found}; {same} of {LISTS} lists are the same")
    for scoring, largest in LARGEST[model.precision].items():
        assert found[scoring] < largest
    assert model.precision == "bf16" or same == LISTS


@pytest.mark.skipif(not HAS_VLLM, reason="needs vLLM: an environment of envs/vllm.yaml")
def test_vllm_gives_the_answers_of_transformers(model, adapter, ours):
    compare(model, ours, answer(model.model_copy(update={"engine": "vllm"}), adapter))


def test_transformers_gives_the_same_answers_one_at_a_time(model, adapter, ours):
    compare(model, ours, answer(model.model_copy(update={"engine": "hf"}), adapter, batch_tokens=1))


def test_the_adapter_changes_more_than_the_engines_differ(model, adapter, ours):
    if adapter is None:
        pytest.skip("nothing to compare")
    plain = answer(model.model_copy(update={"engine": "hf"}), None)
    assert apart(plain.shares, ours.shares)["plain"] > LARGEST[model.precision]["plain"]


def largest_model() -> Model | None:
    """The run's model over several GPUs, if there are as many and it is in the cache."""
    run = configuration(os.environ.get("CULTURALIGN_GPU_CONFIG", "config/paper.yaml"))
    models = [run.models[name] for name in run.run.models]
    largest = max(models, key=lambda each: each.tensor_parallel)
    enough = 1 < largest.tensor_parallel <= torch.cuda.device_count()
    return largest if enough and not preflight.not_fetched([largest]) else None


@pytest.mark.skipif(not (record.ON_GPU and HAS_VLLM), reason="needs GPUs and vLLM")
def test_the_largest_model_answers_over_its_gpus():
    if (options := largest_model()) is None:
        pytest.skip("needs the run's largest model in the cache, and its GPUs")
    engine: Any = open_engine(options, None, None, batch_tokens=4096, threads=2)
    queries = [to_query(e, "en", options, engine.tokenizer) for e in first(20)]
    mass = [np.exp(scores).sum() for scores in engine.score(queries)]
    assert all(0 < each <= 1.001 for each in mass)
