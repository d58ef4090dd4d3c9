"""The loop on a tiny random model, whose responses are worth the share of one token in them."""

import json
import multiprocessing
import os
import signal
import time

import pytest
import torch
from safetensors.torch import load_file, save_file

from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.config.adapters import Lora
from culturalign.config.ppo import Ppo
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
    end=0,
    pad=0,
)


def options(**changes):
    return Ppo(**{**OPTIONS.model_dump(), **changes})


def build_model():
    """The tiny model with larger logits; it would sample all tokens alike otherwise."""
    model = tiny.build_model(vocabulary=50)
    model.lm_head.weight.data *= 10
    return model


def run(scratch, chosen=OPTIONS, environment=ENVIRONMENT, seed=0, fingerprint="a", strayed=0.0):
    torch.manual_seed(seed)
    roles = Roles(build_model(), chosen)
    for parameter in roles.policy_parameters:  # how far the policy is from its reference at first
        parameter.data += strayed * torch.randn_like(parameter)
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


def test_without_a_number_of_updates_there_is_one_pass_and_never_more_than_max_samples():
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
        ENVIRONMENT.prompts, lambda i, _: Score(-1.0, i % 3 > 0, i % 3 > 1), end=0, pad=0
    )
    _, log, _ = run(tmp_path, options(rollout_batch=12, updates=1), read)
    assert log[0]["unparsed"] == pytest.approx(1 / 3)
    assert log[0]["incomplete"] == pytest.approx(2 / 3)


def test_micro_batches_do_not_change_the_training(tmp_path):
    # With one rollout, since another grouping would draw other responses later.
    whole, first, _ = run(tmp_path / "a", options(updates=1))
    cut, second, _ = run(tmp_path / "b", options(updates=1, micro_train_batch=1))
    torch.testing.assert_close(weights(whole), weights(cut), rtol=1e-3, atol=1e-5)
    for name in first[0]:
        assert first[0][name] == pytest.approx(second[0][name], rel=1e-3, abs=1e-5), name


def test_recomputing_activations_does_not_change_the_training(tmp_path):
    plain, _, _ = run(tmp_path / "a", options(updates=1))
    again, _, _ = run(tmp_path / "b", options(updates=1, gradient_checkpointing=True))
    torch.testing.assert_close(weights(plain), weights(again), rtol=1e-3, atol=1e-5)


def test_the_base_model_is_left_as_it_was(tmp_path):
    roles, _, _ = run(tmp_path, options(updates=1))
    before, after = build_model(), roles.model.unload()
    assert all(map(torch.equal, before.state_dict().values(), after.state_dict().values()))


def test_a_batch_is_left_before_the_first_step_of_a_policy_that_has_gone_too_far(tmp_path):
    far = options(updates=1, stop_kl=1e-9, lora_actor_learning_rate=0.1)
    _, log, facts = run(tmp_path, far)
    assert (log[0]["stopped"], facts["optimizer_steps"]) == (1, 1)  # of 4


def test_a_policy_that_has_not_gone_too_far_takes_every_step(tmp_path):
    _, log, facts = run(tmp_path, options(updates=1, stop_kl=1e9))
    assert (log[0]["stopped"], facts["optimizer_steps"]) == (0, 4)


def test_the_penalty_alone_brings_a_strayed_policy_back(tmp_path):
    unpaid = Environment(ENVIRONMENT.prompts, lambda *_: Score(0.0, True, True), end=0, pad=0)
    chosen = options(updates=40, init_kl_coef=1.0, kl="fixed", rollout_batch=32, train_batch=32)
    _, log, _ = run(tmp_path, chosen, unpaid, strayed=0.3)
    assert sum(row["kl_k3"] for row in log[-10:]) / 10 < 0.75 * log[0]["kl_k3"]


def test_the_critic_learns_what_the_policy_earns(tmp_path):
    # A policy that stands still, paid by its prompt alone: every value is known.
    paid = Environment(
        ENVIRONMENT.prompts, lambda index, _: Score(index % 3 - 1.0, True, True), end=0, pad=0
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


def finish(folder):
    """Train and write what came out; the target of a process."""
    torch.set_num_threads(1)
    roles, log, facts = run(folder / "scratch", options(updates=30))
    save_file({n: p.detach().clone() for n, p in roles.trained().items()}, folder / "w.safetensors")
    (folder / "log.json").write_text(json.dumps([log, facts["resumed_from_update"]]))


def process(folder):
    folder.mkdir(exist_ok=True)
    started = multiprocessing.get_context("spawn").Process(target=finish, args=(folder,))
    started.start()
    return started


def test_a_run_killed_in_the_middle_ends_like_an_uninterrupted_one(tmp_path):
    process(tmp_path / "whole").join()
    killed = process(tmp_path / "killed")
    while not list((tmp_path / "killed").glob("scratch/checkpoint-*/complete.json")):
        assert killed.is_alive(), "training ended before it could be killed"
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    killed.join()
    assert not (tmp_path / "killed/log.json").exists()
    process(tmp_path / "killed").join()
    log, start = json.loads((tmp_path / "whole/log.json").read_text())
    resumed_log, resumed_from = json.loads((tmp_path / "killed/log.json").read_text())
    assert start == 0 < resumed_from
    assert log == resumed_log
    whole, resumed = (load_file(tmp_path / name / "w.safetensors") for name in ("whole", "killed"))
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_run_told_to_stop_saves_itself_and_ends_like_an_uninterrupted_one(tmp_path):
    chosen = options(checkpoint_updates=100)  # none is planned
    whole, log, _ = run(tmp_path / "whole", chosen)

    def told(index, ids):
        os.kill(os.getpid(), signal.SIGTERM)
        return ENVIRONMENT.score(index, ids)

    with pytest.raises(SystemExit) as ended:
        run(tmp_path / "told", chosen, Environment(ENVIRONMENT.prompts, told, end=0, pad=0))
    assert ended.value.code == 143
    resumed, resumed_log, facts = run(tmp_path / "told", chosen)
    assert facts["resumed_from_update"] == 1
    assert torch.equal(weights(whole), weights(resumed))
    assert log == resumed_log


def test_checkpoints_are_written_by_time_too(tmp_path):
    run(tmp_path, options(checkpoint_updates=100, checkpoint_minutes=1e-9))
    assert (tmp_path / "checkpoint-3/complete.json").is_file()  # of 4 updates


def test_a_checkpoint_of_another_run_is_not_continued(tmp_path):
    run(tmp_path, fingerprint="a")
    assert run(tmp_path, fingerprint="a")[2]["resumed_from_update"] == 3
    assert run(tmp_path, fingerprint="b")[2]["resumed_from_update"] == 0


def test_checkpoints_that_another_run_left_do_not_crowd_out_the_new_ones(tmp_path):
    run(tmp_path, options(updates=6), fingerprint="longer")
    run(tmp_path, options(updates=3))
    assert {p.name for p in tmp_path.iterdir()} == {"checkpoint-1", "checkpoint-2"}
    assert run(tmp_path, options(updates=3))[2]["resumed_from_update"] == 2
