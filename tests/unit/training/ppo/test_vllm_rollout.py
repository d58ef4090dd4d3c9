"""What of vLLM's rollouts can be tested without vLLM: what is asked of it. tests/vllm asks it."""

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
ENVIRONMENT = Environment([(5, 6, 7), (8, 9)], lambda *_: Score(0.0, True, True), end=0, pad=0)
TINY = Model(label="Tiny", source="tiny")


class Engine:
    """Stands for vLLM: notes what it is given, and answers each prompt with it and the end."""

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
    writer = module.VllmWriter(roles, ENVIRONMENT, OPTIONS, TINY, None, seed=seed, scratch=folder)
    return roles, writer


def test_vllm_gets_what_the_trainer_has_and_no_defaults_of_the_model(module, tmp_path):
    _, writer = build(module, tmp_path)
    settings = writer.llm.settings
    assert (settings["model"], settings["dtype"]) == ("tiny", "float32")
    assert (settings["gpu_memory_utilization"], settings["max_num_seqs"]) == (0.3, 8)
    assert (settings["max_lora_rank"], settings["max_model_len"]) == (8, 3 + 5)
    assert (settings["enable_lora"], settings["generation_config"]) == (True, "vllm")


def test_responses_end_with_their_end_of_turn_and_are_scored(module, tmp_path):
    roles, writer = build(module, tmp_path)
    samples, scores = roll_out(roles, ENVIRONMENT, [1, 0], OPTIONS, write=writer)
    assert [(s.prompt, s.completion) for s in samples] == [
        ((8, 9), (8, 9, 0)), ((5, 6, 7), (5, 6, 7, 0)),
    ]  # fmt: skip
    assert len(scores) == 2


def test_responses_are_sampled_from_the_whole_distribution_each_with_a_seed_of_its_own(
    module, tmp_path
):
    roles, writer = build(module, tmp_path)
    writer(roles, ENVIRONMENT.prompts, 3)
    (sampling, _) = writer.llm.calls[0]
    for place, one in enumerate(sampling):
        assert (one.temperature, one.top_p, one.top_k, one.max_tokens) == (0.7, 1.0, 0, 5)
        assert (one.stop_token_ids, one.seed) == ([0], module.request_seed(0, 3, place))


def test_seeds_follow_the_run_the_update_and_the_place_and_nothing_else(module, tmp_path):
    places = [(seed, done, place) for seed in (0, 1) for done in (0, 1, 11) for place in (0, 1)]
    seeds = {module.request_seed(*each) for each in places}
    assert len(seeds) == len(places) and all(0 <= seed < 2**63 for seed in seeds)
    roles, writer = build(module, tmp_path / "a")
    for done in (0, 1):
        writer(roles, ENVIRONMENT.prompts, done)
    resumed_roles, resumed = build(module, tmp_path / "b")
    resumed(resumed_roles, ENVIRONMENT.prompts, 1)
    found = [[one.seed for one in call[0]] for call in (*writer.llm.calls, *resumed.llm.calls)]
    assert found[0] != found[1] == found[2]


def test_every_update_hands_over_the_policy_as_it_stands_under_a_new_name(module, tmp_path):
    # vLLM caches prompts by the adapter's name: with the old one, the old policy would answer.
    roles, writer = build(module, tmp_path)
    handed = []
    for done in range(3):
        for parameter in roles.policy_parameters:
            parameter.data.fill_(done)
        writer(roles, ENVIRONMENT.prompts, done)
        (weights,) = writer.llm.loaded.values()
        handed.append({float(value) for w in weights.values() for value in w.unique()})
    assert handed == [{0.0}, {1.0}, {2.0}]
    names = [lora.lora_name for _, lora in writer.llm.calls]
    assert len(set(names)) == len({lora.lora_int_id for _, lora in writer.llm.calls}) == 3
    assert all(torch.equal(p, torch.full_like(p, 2.0)) for p in roles.policy_parameters)


def test_responses_that_were_broken_off_are_not_learned_from(module, tmp_path):
    roles, writer = build(module, tmp_path)
    writer.llm.reason = "abort"
    with pytest.raises(RuntimeError, match="ended before its responses did"):
        writer(roles, ENVIRONMENT.prompts, 0)
