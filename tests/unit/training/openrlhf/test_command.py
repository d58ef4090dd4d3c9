from pathlib import Path

import pytest
from pydantic import ValidationError

from culturalign.config.ppo import Ppo
from culturalign.training.openrlhf.command import arguments, flags

PATHS = Path("/start"), Path("/scratch")
PAPER = Ppo(kind="ppo", engine="openrlhf")

TABLE_11 = {  # as printed in the paper -> flags of OpenRLHF 0.11.2
    "actor.adam.lr": 5e-7,
    "critic.adam.lr": 9e-6,
    "algo.kl.init_coef": 0.1,
    "train.micro_batch_size": 8,
    "train.batch_size": 32,
    "rollout.micro_batch_size": 16,
    "rollout.batch_size": 64,
    "data.max_samples": 1_000_000,
    "train.max_epochs": 1,
    "data.max_len": 1024 + 1024,  # prompt and generation together
    "rollout.max_new_tokens": 1024,
    "ds.zero_stage": 3,
    "ds.param_dtype": "bf16",
    "actor.gradient_checkpointing_enable": True,
    "ds.adam_offload": True,
    "ds.attn_implementation": "flash_attention_2",
    "vllm.tensor_parallel_size": 2,
}


def test_every_value_of_table_11_reaches_the_command():
    given = flags(PAPER, *PATHS, seed=3)
    assert {name: given[name] for name in TABLE_11} == TABLE_11
    assert given["train.seed"] == 3


def test_policy_reference_critic_and_engines_share_four_gpus():
    given = flags(PAPER, *PATHS, seed=0)
    assert {given[f"{role}.num_gpus_per_node"] for role in ("actor", "ref", "critic")} == {4}
    assert given["vllm.num_engines"] * given["vllm.tensor_parallel_size"] == 4
    assert given["train.colocate_all"] is True


def test_critic_and_engine_can_have_gpus_of_their_own():
    apart = {"critic_gpus": 2, "vllm_tensor_parallel": 2, "packing": True}
    given = flags(PAPER.model_copy(update=apart), *PATHS, seed=0)
    sizes = [given[f"{role}.num_gpus_per_node"] for role in ("actor", "ref", "critic")]
    assert (*sizes, given["vllm.num_engines"]) == (4, 4, 2, 1)
    assert given["train.colocate_actor_ref"] and not given["train.colocate_all"]
    assert given["ds.packing_samples"] is True


def value_of(listed: list[str], flag: str) -> str:
    return listed[listed.index(flag) + 1]


def test_a_run_always_writes_checkpoints_and_continues_from_them():
    listed = arguments(PAPER, *PATHS, seed=0)
    assert "--ckpt.load_enable" in listed
    assert int(value_of(listed, "--ckpt.save_steps")) > 0


def test_switches_have_no_value_and_are_left_out_when_off_and_no_value_clip_is_infinite():
    off = {"adam_offload": False, "flash_attention": False, "value_clip": None}
    listed = arguments(PAPER.model_copy(update=off), *PATHS, seed=0)
    assert "--ds.adam_offload" not in listed
    assert value_of(listed, "--ds.attn_implementation") == "sdpa"
    assert "True" not in listed and "False" not in listed
    assert float(value_of(listed, "--critic.value_clip")) == float("inf")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"gpus": 8}, "must be a multiple of micro_train_batch x gpus"),
        ({"critic_gpus": 3}, "micro_train_batch x critic_gpus"),
        ({"packing": True, "flash_attention": False}, "packing needs flash_attention"),
        ({"gpus": 3}, "must be a multiple of vllm_tensor_parallel"),
        ({"gpus": 4, "micro_rollout_batch": 32}, "micro_rollout_batch x gpus"),
        ({"precision": "fp32"}, "precision must be bf16"),
        ({"whiten": False, "stop_kl": 0.1}, "cannot do whiten: false, stop_kl;"),
        ({"updates": 3, "kl": "adaptive"}, "cannot do updates, kl: adaptive;"),
    ],
)
def test_settings_that_openrlhf_cannot_follow_are_refused(changes, problem):
    with pytest.raises(ValidationError, match=problem):
        Ppo(kind="ppo", engine="openrlhf", **changes)
    Ppo(kind="ppo", engine="native", **changes)
