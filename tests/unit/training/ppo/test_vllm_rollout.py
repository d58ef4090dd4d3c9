"""What our sampler asks of vLLM, without vLLM. tests/vllm runs the real one."""

import importlib
import sys
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.ppo.ppo_training import roll_out
from tests import tiny

OPTIONS = Ppo(
    kind="ppo", rollouts="vllm", rollout_memory=0.3, lora=Lora(rank=2, alpha=4), temperature=0.7,
    generation_max_length=5, micro_rollout_batch=8,
)  # fmt: skip
ENVIRONMENT = Environment(
    [(5, 6, 7), (8, 9)], lambda *_: Score(0.0, True, True), stops=frozenset({0}), pad=0
)
TINY = Model(label="Tiny", source="tiny")


class Engine:
    """Stands for vLLM: records what it is given; a response is the prompt and the end of turn."""

    def __init__(self, **settings):
        self.settings, self.calls, self.loaded, self.reason = settings, [], {}, "stop"
        self.llm_engine = SimpleNamespace(add_lora=self.add, remove_lora=self.loaded.pop)

    def add(self, lora):
        assert not self.loaded
        self.loaded[lora.lora_int_id] = load_file(f"{lora.path}/adapter_model.safetensors")

    def generate(self, requests, sampling, lora_request, use_tqdm):
        assert list(self.loaded) == [lora_request.lora_int_id]
        self.calls.append((sampling, lora_request))
        ids = ([*request["prompt_token_ids"], 0, 1] for request in requests)
        return [
            SimpleNamespace(outputs=[SimpleNamespace(token_ids=i, finish_reason=self.reason)])
            for i in ids
        ]


def request(name, number, path):
    return SimpleNamespace(lora_name=name, lora_int_id=number, path=path)


@pytest.fixture
def module(monkeypatch):
    """The module, importing names in place of vLLM."""
    stub = SimpleNamespace(LLM=Engine, SamplingParams=SimpleNamespace, LoRARequest=request)
    for name in ("vllm", "vllm.lora", "vllm.lora.request"):
        monkeypatch.setitem(sys.modules, name, stub)
    monkeypatch.delitem(sys.modules, "culturalign.training.ppo.vllm_rollout", raising=False)
    yield importlib.import_module("culturalign.training.ppo.vllm_rollout")
    sys.modules.pop("culturalign.training.ppo.vllm_rollout", None)


def build(module, folder, seed=0):
    roles = Roles(tiny.build_model(vocabulary=50), OPTIONS)
    sampler = module.VllmSampler(roles, ENVIRONMENT, OPTIONS, TINY, None, seed=seed, scratch=folder)
    return roles, sampler


def test_vllm_gets_what_the_trainer_has_and_no_defaults_of_the_model(module, tmp_path):
    _, sampler = build(module, tmp_path)
    settings = sampler.llm.settings
    assert (settings["model"], settings["dtype"]) == ("tiny", "float32")
    assert (settings["gpu_memory_utilization"], settings["max_num_seqs"]) == (0.3, 8)
    assert (settings["max_lora_rank"], settings["max_model_len"]) == (8, 3 + 5)
    assert (settings["enable_lora"], settings["generation_config"]) == (True, "vllm")


def test_responses_end_with_their_end_of_turn_and_are_scored(module, tmp_path):
    roles, sampler = build(module, tmp_path)
    samples, scores = roll_out(roles, ENVIRONMENT, [1, 0], OPTIONS, sampler=sampler)
    assert [(s.prompt, s.completion) for s in samples] == [
        ((8, 9), (8, 9, 0)), ((5, 6, 7), (5, 6, 7, 0)),
    ]  # fmt: skip
    assert len(scores) == 2


def test_each_response_is_sampled_from_the_whole_distribution_with_its_own_seed(module, tmp_path):
    roles, sampler = build(module, tmp_path / "a")
    for done in (0, 1):
        sampler(roles, ENVIRONMENT.prompts, done)
    resumed_roles, resumed = build(module, tmp_path / "b")
    resumed(resumed_roles, ENVIRONMENT.prompts, 1)
    calls = [sampling for sampling, _ in (*sampler.llm.calls, *resumed.llm.calls)]
    for one in calls[0]:
        assert (one.temperature, one.top_p, one.top_k, one.max_tokens) == (0.7, 1.0, 0, 5)
        assert one.stop_token_ids == [0]
    first, second, again = ([one.seed for one in sampling] for sampling in calls)
    assert first != second == again
    positions = [(seed, done, n) for seed in (0, 1) for done in (0, 1, 11) for n in (0, 1)]
    assert len({module.request_seed(*each) for each in positions}) == len(positions)


def test_every_update_hands_over_the_current_policy_under_a_new_name(module, tmp_path):
    # vLLM caches prompts by the adapter's name: with the old one, the old policy would answer.
    roles, sampler = build(module, tmp_path)
    handed = []
    for done in range(3):
        for parameter in roles.parameters("policy"):
            parameter.data.fill_(done)
        sampler(roles, ENVIRONMENT.prompts, done)
        (weights,) = sampler.llm.loaded.values()
        handed.append({float(value) for w in weights.values() for value in w.unique()})
    assert handed == [{0.0}, {1.0}, {2.0}]
    names = [lora.lora_name for _, lora in sampler.llm.calls]
    assert len(set(names)) == len({lora.lora_int_id for _, lora in sampler.llm.calls}) == 3
    assert all(torch.equal(p, torch.full_like(p, 2.0)) for p in roles.parameters("policy"))


def test_responses_that_were_cut_short_are_not_learned_from(module, tmp_path):
    roles, sampler = build(module, tmp_path)
    sampler.llm.reason = "abort"
    with pytest.raises(RuntimeError, match="ended before its responses did"):
        sampler(roles, ENVIRONMENT.prompts, 0)
