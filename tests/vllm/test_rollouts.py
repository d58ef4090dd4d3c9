"""PPO with the responses of vLLM, on a tiny model (make test-vllm, in its own environment)."""

import json
import os
import signal
from pathlib import Path

import polars as pl
import pytest
import torch

pytest.importorskip("vllm", reason="needs the vLLM environment: make test-vllm")

from transformers import AutoModelForCausalLM

from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.files.jsonl import write_jsonl
from culturalign.models.stop_tokens import until_stop
from culturalign.training.ppo import ppo_job
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.ppo.ppo_task import PpoJob
from culturalign.training.ppo.ppo_training import train
from culturalign.training.ppo.rollout import sample_responses
from culturalign.training.ppo.vllm_rollout import VllmSampler
from tests import tiny

OPTIONS = Ppo(
    kind="ppo", rollouts="vllm", lora=Lora(rank=4, alpha=8), lora_actor_learning_rate=0.01,
    micro_rollout_batch=4, rollout_batch=4, train_batch=4, micro_train_batch=4, updates=3,
    generation_max_length=8, gradient_checkpointing=False, checkpoint_updates=100,
)  # fmt: skip
ENVIRONMENT = Environment(
    # Longer than a block of vLLM's cache, 128 tokens on a CPU: each is answered from it again.
    prompts=[tuple(4 + (7 * i + k * k) % 250 for k in range(140 + i)) for i in range(8)],
    score=lambda _, ids: Score(sum(i % 2 for i in ids) / len(ids), True, complete=True),
    stops=frozenset({0}),
    pad=0,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A tiny model with heads of a size that vLLM has kernels for, and with larger logits.

    It would sample all tokens alike otherwise. As Qwen2.5, it brings a repetition penalty.
    """
    folder = tmp_path_factory.mktemp("model")
    tokenizer = tiny.build_tokenizer()
    model = tiny.build_model(len(tokenizer), head_dim=32)
    model.lm_head.weight.data *= 10
    model.generation_config.repetition_penalty = 5.0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def roles_on(folder: Path) -> Roles:
    torch.manual_seed(0)
    return Roles(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32), OPTIONS)


@pytest.fixture(scope="module")
def sampler(folder, tmp_path_factory) -> VllmSampler:
    model = Model(label="Tiny", source=str(folder), precision="fp32")
    scratch = tmp_path_factory.mktemp("scratch")
    return VllmSampler(roles_on(folder), ENVIRONMENT, OPTIONS, model, None, seed=0, scratch=scratch)


def perturb(roles: Roles) -> None:
    """A large step of the policy, in any direction."""
    torch.manual_seed(1)
    for parameter in roles.parameters("policy"):
        parameter.data += 0.3 * torch.randn_like(parameter)


def test_both_give_the_same_likeliest_responses_before_an_update_and_after_it(
    folder, sampler, monkeypatch
):
    # Colder than the 0.01 that vLLM samples at: at that, tokens of these logits are nearly tied.
    roles = roles_on(folder)
    cold = OPTIONS.model_copy(update={"temperature": 1e-4})
    monkeypatch.setattr(sampler, "options", OPTIONS.model_copy(update={"temperature": 0.0}))

    def both():
        with roles.generating() as model:
            ours = sample_responses(
                model.eval(),
                ENVIRONMENT.prompts,
                cold,
                stops=ENVIRONMENT.stops,
                pad=ENVIRONMENT.pad,
            )
        return ours, sampler(roles, ENVIRONMENT.prompts, 0)

    before, theirs_before = both()
    perturb(roles)
    after, theirs_after = both()
    assert theirs_before == before
    assert theirs_after == after
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_seeds_decide_the_responses_and_an_adapter_that_comes_back_gives_its_own_again(
    folder, sampler
):
    roles, other = roles_on(folder), roles_on(folder)
    perturb(other)
    same = [ENVIRONMENT.prompts[0]] * 4
    first, perturbed, again = (sampler(each, same, 0) for each in (roles, other, roles))
    assert first == again != perturbed
    assert len(set(first)) == 4
    assert sampler(roles, same, 1) != first


def test_a_response_ends_with_its_end_of_turn(folder, sampler, monkeypatch):
    roles = roles_on(folder)
    whole = sampler(roles, ENVIRONMENT.prompts, 0)
    assert max(map(len, whole)) == OPTIONS.generation_max_length
    ending = next(ids[3] for ids in whole if len(ids) > 4)
    monkeypatch.setattr(sampler, "stops", frozenset({ending}))
    assert sampler(roles, ENVIRONMENT.prompts, 0) == [
        until_stop(ids, sampler.stops) for ids in whole
    ]


def test_tokens_come_with_the_probabilities_that_the_trainer_finds(folder, sampler):
    # First tokens after one prompt, many times: their shares near the policy's distribution.
    roles = roles_on(folder)
    perturb(roles)
    drawn = [
        ids[0] for done in range(40) for ids in sampler(roles, [ENVIRONMENT.prompts[0]] * 50, done)
    ]
    with torch.no_grad(), roles.generating() as model:
        expected = model(torch.tensor([ENVIRONMENT.prompts[0]])).logits[0, -1].softmax(-1)
    shares = torch.bincount(torch.tensor(drawn), minlength=len(expected)) / len(drawn)
    assert expected.max() < 0.9  # there is something to sample
    torch.testing.assert_close(shares, expected, atol=0.04, rtol=0)


def test_a_preempted_run_ends_like_an_uninterrupted_one(folder, sampler, tmp_path):
    def run(name, environment=ENVIRONMENT):
        roles = roles_on(folder)
        log, facts = train(
            roles,
            environment,
            OPTIONS,
            seed=0,
            scratch=tmp_path / name,
            fingerprint="a",
            sampler=sampler,
        )
        return [p.detach().clone() for p in roles.parameters("policy")], log, facts

    whole, log, _ = run("whole")

    def preempt(index, ids):
        os.kill(os.getpid(), signal.SIGTERM)
        return ENVIRONMENT.score(index, ids)

    with pytest.raises(SystemExit):
        run("preempted", Environment(ENVIRONMENT.prompts, preempt, stops=frozenset({0}), pad=0))
    resumed, resumed_log, facts = run("preempted")
    assert facts["resumed_from_update"] == 1
    assert log == resumed_log
    assert all(map(torch.equal, whole, resumed))


def test_a_job_leaves_its_adapter_and_a_whole_log(folder, tmp_path):
    write_jsonl(tiny.ranking_examples(4), tmp_path / "train.jsonl")
    job = PpoJob(
        train=tmp_path / "train.jsonl", code=[], seed=0, threads=1,
        options=OPTIONS.model_copy(update={"updates": 2}),
        task={"rules": {}, "reward": RewardRules().model_dump()},
        model=Model(label="Tiny", source=str(folder), precision="fp32"),
        scratch=tmp_path / "scratch", result=tmp_path / "adapter",
        log=tmp_path / "training.parquet",
    )  # fmt: skip
    ppo_job.run(job)
    log = pl.read_parquet(tmp_path / "training.parquet")
    assert log.schema == PPO_LOG.schema and log["step"].to_list() == [1, 2]
    assert log.drop_nulls().height == 2
    assert (tmp_path / "adapter/adapter_model.safetensors").is_file()
    record = json.loads((tmp_path / "adapter/provenance.json").read_text())
    assert record["ppo"]["rollouts"] == "vllm" and record["run"]["updates"] == 2
