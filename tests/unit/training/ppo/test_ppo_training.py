"""The loop on a tiny random model, rewarded for the share of one token in its responses."""

import multiprocessing
import os
import signal

import pytest
import torch

from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.config.adapters import Lora
from culturalign.config.ppo import Ppo
from culturalign.training.ppo import experience, learner
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.ppo.ppo_training import plan_rollouts, train
from tests import tiny

OPTIONS = Ppo(
    kind="ppo",
    lora=Lora(rank=2, alpha=4),
    lora_actor_learning_rate=0.01,
    lora_critic_learning_rate=0.01,
    micro_train_batch=4,
    train_batch=4,
    micro_rollout_batch=4,
    rollout_batch=8,
    epochs=2,
    updates=4,
    generation_max_length=5,
    gradient_checkpointing=False,
    checkpoint_updates=1,
    kl="adaptive",
    kl_horizon=100,
)
ENVIRONMENT = Environment(
    prompts=[(20 + i, 30 + i % 3, 40) for i in range(12)],
    score=lambda _, ids: Score(2 * ids.count(7) / len(ids) - 1, 7 in ids, complete=set(ids) == {7}),
    stops=frozenset({0}),
    pad=0,
)


def options(**changes):
    return Ppo(**{**OPTIONS.model_dump(), **changes})


def build_model():
    """The tiny model with larger logits; it would sample all tokens alike otherwise."""
    model = tiny.build_model(vocabulary=50)
    model.lm_head.weight.data *= 10
    return model


def run(scratch, chosen=OPTIONS, environment=ENVIRONMENT, seed=0, fingerprint="a", noise=0.0):
    torch.manual_seed(seed)
    roles = Roles(build_model(), chosen)
    for parameter in roles.parameters("policy"):  # moves the policy away from its reference
        parameter.data += noise * torch.randn_like(parameter)
    log, facts = train(
        roles, environment, chosen, seed=seed, scratch=scratch, fingerprint=fingerprint
    )
    return roles, log, facts


def weights(roles):
    return torch.cat([p.detach().flatten() for p in roles.trained().values()])


def test_every_prompt_is_answered_once_a_pass_and_passes_differ():
    plan = plan_rollouts(12, options(updates=3), seed=0)
    assert [len(batch) for batch in plan] == [8, 8, 8]
    flat = [index for batch in plan for index in batch]
    assert sorted(flat[:12]) == sorted(flat[12:]) == list(range(12))
    assert flat[:12] != flat[12:]
    one_pass = plan_rollouts(12, options(updates=None), seed=0)
    assert sorted(index for batch in one_pass for index in batch) == list(range(12))
    assert [len(b) for b in plan_rollouts(12, options(updates=3, max_samples=10), 0)] == [8, 2]


def test_every_update_is_logged_in_full(tmp_path):
    _, log, facts = run(tmp_path)
    assert [row["step"] for row in log] == [1, 2, 3, 4]
    assert all(set(row) == set(PPO_LOG.schema) for row in log)
    assert facts["optimizer_steps"] == 4 * 2 * 2  # updates x epochs x batches
    assert log[0]["kl"] == 0  # a fresh policy is its reference
    assert log[-1]["kl"] != 0


def test_answers_that_could_be_read_and_are_incomplete_show_in_the_log(tmp_path):
    read = Environment(
        ENVIRONMENT.prompts,
        lambda i, _: Score(-1.0, i % 3 > 0, i % 3 > 1),
        stops=frozenset({0}),
        pad=0,
    )
    _, log, _ = run(tmp_path, options(rollout_batch=12, updates=1), read)
    assert log[0]["unparsed"] == pytest.approx(1 / 3)
    assert log[0]["incomplete"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("changes", [{"micro_train_batch": 1}, {"gradient_checkpointing": True}])
def test_what_only_saves_memory_does_not_change_the_training(tmp_path, changes):
    # With one rollout, since another grouping would draw other responses later.
    plain, expected, _ = run(tmp_path / "a", options(updates=1))
    saving, found, _ = run(tmp_path / "b", options(updates=1, **changes))
    torch.testing.assert_close(weights(plain), weights(saving), rtol=1e-3, atol=1e-5)
    assert found[0] == pytest.approx(expected[0], rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("function", ["score_tokens", "score_values"])
@pytest.mark.parametrize("module", [experience, learner], ids=["reading", "learning"])
def test_memory_that_runs_out_does_not_change_the_training(tmp_path, monkeypatch, module, function):
    chosen = options(updates=1)
    plain, _, _ = run(tmp_path / "a", chosen)
    calls, real = [], getattr(module, function)

    def scarce(*arguments, **named):
        calls.append(arguments)
        if len(calls) == 2:
            raise torch.OutOfMemoryError
        return real(*arguments, **named)

    monkeypatch.setattr(module, function, scarce)
    saving, _, facts = run(tmp_path / "b", chosen)
    assert len(calls) > 2 and facts["micro_batch_tokens"] == 16384 // 2
    torch.testing.assert_close(weights(plain), weights(saving), rtol=0, atol=1e-7)


def test_the_base_model_is_left_as_it_was(tmp_path):
    roles, _, _ = run(tmp_path, options(updates=1))
    before, after = build_model(), roles.model.unload()
    assert all(map(torch.equal, before.state_dict().values(), after.state_dict().values()))


@pytest.mark.parametrize(("stop_kl", "stopped", "steps"), [(1e-9, 1, 1), (1e9, 0, 4)])
def test_a_batch_is_left_once_the_policy_has_moved_too_far(tmp_path, stop_kl, stopped, steps):
    chosen = options(updates=1, stop_kl=stop_kl, lora_actor_learning_rate=0.1)
    _, log, facts = run(tmp_path, chosen)
    assert (log[0]["stopped"], facts["optimizer_steps"]) == (stopped, steps)


def test_the_penalty_alone_brings_the_policy_back_to_its_reference(tmp_path):
    unpaid = Environment(
        ENVIRONMENT.prompts, lambda *_: Score(0.0, True, True), stops=frozenset({0}), pad=0
    )
    chosen = options(
        updates=40, init_kl_coef=1.0, kl="fixed", rollout_batch=32, train_batch=32,
        micro_train_batch=32,
    )  # fmt: skip
    _, log, _ = run(tmp_path, chosen, unpaid, noise=0.3)
    assert sum(row["kl_k3"] for row in log[-5:]) / 5 < 0.75 * log[0]["kl_k3"]


def test_the_critic_learns_what_the_policy_earns(tmp_path):
    # The policy does not move and is paid by its prompt only: every value is known.
    paid = Environment(
        ENVIRONMENT.prompts,
        lambda index, _: Score(index % 3 - 1.0, True, True),
        stops=frozenset({0}),
        pad=0,
    )
    chosen = options(
        updates=25, lora_actor_learning_rate=1e-12, kl="fixed", init_kl_coef=1e-9, value_clip=None,
        lora=Lora(rank=8, alpha=16), rollout_batch=32, train_batch=16, micro_train_batch=16,
        micro_rollout_batch=32, epochs=4,
    )  # fmt: skip
    _, log, _ = run(tmp_path, chosen, paid)
    assert log[-1]["explained_variance"] > 0.5
    assert log[-1]["value_loss"] < log[0]["value_loss"] / 2


def test_equal_seeds_give_equal_policies_and_another_seed_another_one(tmp_path):
    first, second, other = (run(tmp_path / n, seed=s)[0] for n, s in (("a", 0), ("b", 0), ("c", 1)))
    assert torch.equal(weights(first), weights(second))
    assert not torch.equal(weights(first), weights(other))


def rewarded_until(update, stop):
    """The environment, in which something happens while responses of an update are scored."""
    scored = []

    def score(index, ids):
        scored.append(index)
        if len(scored) > update * OPTIONS.rollout_batch:
            stop()
        return ENVIRONMENT.score(index, ids)

    return Environment(ENVIRONMENT.prompts, score, stops=frozenset({0}), pad=0)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def terminate():
    os.kill(os.getpid(), signal.SIGTERM)


def killed_run(scratch):
    """Train until the process is killed in the third update; the target of a process."""
    torch.set_num_threads(1)
    run(scratch, environment=rewarded_until(2, kill))


def test_a_killed_run_ends_like_an_uninterrupted_one(tmp_path):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    whole, log, _ = run(tmp_path / "whole")
    process = multiprocessing.get_context("spawn").Process(
        target=killed_run, args=(tmp_path / "killed",)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    resumed, resumed_log, facts = run(tmp_path / "killed")
    torch.set_num_threads(threads)
    assert facts["resumed_from_update"] == 2
    assert log == resumed_log
    assert torch.equal(weights(whole), weights(resumed))


def test_a_preempted_run_saves_a_checkpoint_and_ends_like_an_uninterrupted_one(tmp_path):
    chosen = options(checkpoint_updates=100)  # none is planned
    whole, log, _ = run(tmp_path / "whole", chosen)
    with pytest.raises(SystemExit) as ended:
        run(tmp_path / "preempted", chosen, rewarded_until(0, terminate))
    assert ended.value.code == 143
    resumed, resumed_log, facts = run(tmp_path / "preempted", chosen)
    assert facts["resumed_from_update"] == 1
    assert torch.equal(weights(whole), weights(resumed))
    assert log == resumed_log


def test_checkpoints_are_written_by_time_too(tmp_path):
    run(tmp_path, options(checkpoint_updates=100, checkpoint_minutes=1e-9))
    assert (tmp_path / "checkpoint-3/complete.json").is_file()  # of 4 updates


def test_checkpoints_of_another_run_are_neither_continued_nor_counted(tmp_path):
    run(tmp_path, options(updates=6), fingerprint="longer")
    assert run(tmp_path, options(updates=3))[2]["resumed_from_update"] == 0
    assert {p.name for p in tmp_path.iterdir()} == {"checkpoint-1", "checkpoint-2"}
    assert run(tmp_path, options(updates=3))[2]["resumed_from_update"] == 2
