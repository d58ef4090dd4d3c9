"""SFT and native PPO on random weights: of a real model's shape on a GPU, else of a tiny one."""

import gc
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from transformers import AutoModelForCausalLM, LlamaConfig, PreTrainedConfig, Qwen2Config

from culturalign.config.adapters import Lora
from culturalign.config.ppo import Ppo
from culturalign.config.sft import Sft
from culturalign.training import micro_batch_limit, sft_trainer
from culturalign.training.ppo import learner, ppo_training
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.tokenization import Encoded

DEVICE = "cuda" if os.environ.get("CULTURALIGN_TEST_GPU") == "1" else "cpu"
LORA = Lora(rank=64, alpha=256)


class Shape(NamedTuple):
    """A model's shape, and how much it is given.

    Attributes:
        config: Of the model.
        length: Tokens of the longest example: half prompt, half answer.
        tokens: Setting ``micro_batch_tokens``.
    """

    config: PreTrainedConfig
    length: int
    tokens: int


ROPE = {"rope_type": "llama3", "rope_theta": 5e5, "factor": 8.0, "low_freq_factor": 1.0,
        "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}  # fmt: skip
TINY = LlamaConfig(
    hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, vocab_size=500, rope_parameters=ROPE, max_position_embeddings=131072,
)  # fmt: skip
LLAMA_8B = LlamaConfig(
    hidden_size=4096, intermediate_size=14336, num_hidden_layers=32, num_attention_heads=32,
    num_key_value_heads=8, vocab_size=128256, rope_parameters=ROPE,
    max_position_embeddings=131072,
)  # fmt: skip
QWEN_1B5 = Qwen2Config(
    hidden_size=1536, intermediate_size=8960, num_hidden_layers=28, num_attention_heads=12,
    num_key_value_heads=2, vocab_size=151936,
)  # fmt: skip


@pytest.fixture(scope="module")
def shape() -> Shape:
    """The largest that the GPU has room for: that of the paper from 40 GB on."""
    if DEVICE == "cpu":
        return Shape(TINY, length=24, tokens=200)
    free, _ = torch.cuda.mem_get_info()
    return Shape(LLAMA_8B if free > 38e9 else QWEN_1B5, length=2048, tokens=16_384)


@pytest.fixture
def model(shape) -> Iterator[Any]:
    """Random weights: every token is about as likely as any other."""
    torch.manual_seed(0)
    dtype = torch.bfloat16 if DEVICE == "cuda" else torch.float32
    with torch.device(DEVICE):
        built = AutoModelForCausalLM.from_config(shape.config, dtype=dtype)
    if DEVICE == "cuda":
        torch.cuda.reset_peak_memory_stats()
    yield built.eval()
    del built
    gc.collect()
    torch.cuda.empty_cache()


@pytest.fixture
def estimates(monkeypatch) -> list[int]:
    """How many tokens a micro-batch may have by the estimate, once training has asked."""
    found: list[int] = []

    def asked(*arguments: Any, **named: Any) -> int:
        found.append(micro_batch_limit.fitting_tokens(*arguments, **named))
        return found[-1]

    for module in (sft_trainer, learner):
        monkeypatch.setattr(module, "fitting_tokens", asked)
    return found


def example(number: int, shape: Shape) -> Encoded:
    """Tokens that no other example shares, of the longest length."""
    each = torch.Generator().manual_seed(number)
    ids = torch.randint(3, shape.config.vocab_size, (shape.length,), generator=each).tolist()
    return Encoded(tuple(ids[: shape.length // 2]), tuple(ids[shape.length // 2 :]), (1, 5))


def tell(name: str, tokens: int, seconds: float, flops: float) -> None:
    """Print speed and memory; FLOPs are those of a token."""
    peak = torch.cuda.max_memory_allocated() / 1e9 if DEVICE == "cuda" else math.nan
    rate = tokens / seconds
    print(f"\n{name}: {rate:.0f} tokens/s, {flops * rate / 1e12:.3g} TFLOP/s, peak {peak:.1f} GB")


def surprise(config: PreTrainedConfig) -> tuple[float, float]:
    """Expected loss and entropy of random weights, nats.

    A state of length sqrt(width) times weights of standard deviation s are normal logits of
    variance v = width s^2, whose log-sum-exp is ln V + v / 2 and weighted mean v.
    """
    half = config.hidden_size * config.initializer_range**2 / 2
    return math.log(config.vocab_size) + half, math.log(config.vocab_size) - half


def options(scratch: Path, shape: Shape, **changes: Any) -> Sft:
    return Sft(
        kind="sft", lora=LORA, learning_rate=1e-4, warmup_ratio=0.0, epochs=1, global_batch=8,
        micro_batch=8, micro_batch_tokens=shape.tokens, checkpoint_steps=100,
        **changes,
    )  # fmt: skip


def test_sft_starts_at_the_loss_of_a_guess_and_its_largest_micro_batches_fit(
    shape, model, estimates, tmp_path
):
    examples = [example(number, shape) for number in range(24)]
    chosen = options(tmp_path, shape)
    begin = time.monotonic()
    trained, log, facts = sft_trainer.train(
        model, examples, examples[:2], chosen, pad=0, seed=0, scratch=tmp_path, fingerprint="a"
    )
    tell("SFT", facts["tokens"], time.monotonic() - begin, 4 * trained.num_parameters())
    assert facts["steps"] == 3
    assert log[0]["loss"] == pytest.approx(surprise(shape.config)[0], abs=0.2)
    assert [facts["micro_batch_tokens"]] == estimates  # memory never ran out


def test_two_updates_of_ppo_move_the_policy_and_fit(shape, model, estimates, tmp_path):
    prompts = [example(number, shape).prompt for number in range(16)]
    chosen = Ppo(
        kind="ppo", lora=LORA, rollout_batch=8, train_batch=8, micro_train_batch=8,
        micro_rollout_batch=8, updates=2, generation_max_length=shape.length // 2,
        micro_batch_tokens=shape.tokens, lora_actor_learning_rate=1e-4,
    )  # fmt: skip
    roles = Roles(model, chosen)
    before = [weight.detach().clone() for weight in roles.parameters("policy")]
    environment = Environment(
        prompts, lambda _, ids: Score(float(ids[0] % 2), True, complete=True), frozenset({0}), pad=0
    )
    begin = time.monotonic()
    log, facts = ppo_training.train(
        roles, environment, chosen, seed=0, scratch=tmp_path, fingerprint="a"
    )
    read = facts["response_tokens_since"] + 16 * len(prompts[0])
    tell("PPO", read, time.monotonic() - begin, 22 * model.num_parameters())
    assert facts["updates"] == 2 and all(math.isfinite(row["policy_loss"]) for row in log)
    assert log[0]["kl"] == pytest.approx(0, abs=1e-2)  # the policy begins at its reference
    assert log[0]["entropy"] == pytest.approx(math.log(shape.config.vocab_size), abs=0.5)
    assert any(
        not torch.equal(a, b) for a, b in zip(before, roles.parameters("policy"), strict=True)
    )
    room = 8 * (len(prompts[0]) + shape.length // 2)
    assert facts["micro_rollout_tokens"] == room
    assert [facts["micro_batch_tokens"]] == estimates  # memory never ran out
