"""Does native PPO learn a planted ranking environment?

A random Llama of two layers (width 64) first learns the format on random orders; then PPO gets
rewards for the order of 4 words of 16. `make test` runs it briefly, `make test-ppo` for minutes a
seed; docs/ppo.md says what ten words take.
"""

import copy
import os
import time

import pytest
import torch

from culturalign.config.adapters import Lora
from culturalign.config.ppo import Ppo
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.ppo_training import train
from tests.ppo.planted import Planted, mean_reward, pretrained_model

LONG = pytest.mark.skipif(
    "CULTURALIGN_TEST_PPO" not in os.environ, reason="takes minutes; make test-ppo runs it"
)
VOCABULARY, LENGTH, PROMPTS = 16, 4, 512
OPTIONS = Ppo(
    kind="ppo",
    lora=Lora(rank=16, alpha=32),
    lora_actor_learning_rate=3e-3,
    lora_critic_learning_rate=3e-3,
    init_kl_coef=0.01,
    micro_train_batch=64,
    train_batch=64,
    micro_rollout_batch=128,
    rollout_batch=128,
    epochs=2,
    generation_max_length=3 * LENGTH + 4,
    gradient_checkpointing=False,
    checkpoint_updates=1000,
)


def gain(model, planted, seed, scratch, *, updates, scrambled):
    """By how much PPO raises the mean true reward."""
    options = OPTIONS.model_copy(update={"updates": updates})
    torch.manual_seed(seed)
    roles = Roles(copy.deepcopy(model), options)
    before, start = mean_reward(roles, planted, options), time.perf_counter()
    environment = planted.environment(scrambled=scrambled, seed=seed)
    train(roles, environment, options, seed=seed, scratch=scratch, fingerprint="")
    seconds = time.perf_counter() - start
    after = mean_reward(roles, planted, options)
    print(f"\nseed {seed}, {scrambled=}: {before:.3f} -> {after:.3f}, PPO took {seconds:.0f} s")
    assert abs(before) < 0.2  # it knows the format and orders at random
    return after - before


@pytest.mark.parametrize(
    ("seed", "warm_up", "updates", "least", "most"),
    [
        (0, 500, 8, 0.3, 0.2),
        *(pytest.param(seed, 600, 20, 0.5, 0.15, marks=LONG) for seed in range(3)),
    ],
)
def test_ppo_raises_the_reward_and_a_scrambled_reward_does_not(
    seed, warm_up, updates, least, most, tmp_path
):
    planted = Planted(VOCABULARY, LENGTH, PROMPTS, seed=seed)
    model = pretrained_model(planted, warm_up, seed=seed)
    assert gain(model, planted, seed, tmp_path / "a", updates=updates, scrambled=False) > least
    assert gain(model, planted, seed, tmp_path / "b", updates=updates, scrambled=True) < most
