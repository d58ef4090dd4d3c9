"""A small version of tests/ppo: PPO learns the order of words from rewards alone."""

import copy

import torch

from culturalign.config.adapters import Lora
from culturalign.config.ppo import Ppo
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.ppo_training import train
from tests.ppo.planted import Planted, mean_reward, taught_model

# 4 words of 16 to rank; warm-up of 500 steps on random orders; 8 updates of 128 responses.
PLANTED = Planted(vocabulary=16, length=4, prompts=512)
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
    updates=8,
    generation_max_length=16,
    gradient_checkpointing=False,
    checkpoint_updates=100,
)


def rewards(model, scratch, *, scrambled):
    torch.manual_seed(0)
    roles = Roles(model, OPTIONS)
    environment = PLANTED.environment(scrambled=scrambled)
    train(roles, environment, OPTIONS, seed=0, scratch=scratch, fingerprint="")
    return mean_reward(roles, PLANTED, OPTIONS)


def test_ppo_raises_the_reward_and_a_scrambled_reward_teaches_nothing(tmp_path):
    model = taught_model(PLANTED, steps=500)
    before = mean_reward(Roles(copy.deepcopy(model), OPTIONS), PLANTED, OPTIONS)
    assert abs(before) < 0.2  # it knows the format and orders at random
    learned = rewards(copy.deepcopy(model), tmp_path / "a", scrambled=False)
    control = rewards(copy.deepcopy(model), tmp_path / "b", scrambled=True)
    assert learned - before > 0.3
    assert control - before < 0.2
