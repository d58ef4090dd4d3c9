"""SFT and native PPO on random weights: of a real model's shape on a GPU, else of a tiny one."""

import gc
import importlib.util
import math
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch

from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.sft import Sft
from culturalign.models import loading
from culturalign.training import micro_batch_limit, sft_trainer
from culturalign.training.ppo import learner, ppo_training
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.tokenization import Encoded
from tests.gpu import record, shapes
from tests.gpu.record import DEVICE
from tests.gpu.shapes import Shape, surprise

LORA = Lora(rank=64, alpha=256)
SAME = 1e-6 if DEVICE == "cpu" else 0.02
"""Distance of two adapters by an adapter's length; sums on a GPU have no fixed order."""


@pytest.fixture
def model(saved) -> Iterator[Any]:
    """The model, loaded as a job does."""
    loaded = loading.load_model(saved)
    if DEVICE == "cuda":
        torch.cuda.reset_peak_memory_stats()
    yield loaded
    del loaded
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


class MicroBatch(NamedTuple):
    """A micro-batch as it begins: time in s, its tokens, bytes allocated, peak before it."""

    begin: float
    tokens: int
    allocated: int
    peak: int


class Watch:
    """Stands before SFT's loss: sees every micro-batch of the training, and may end it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[MicroBatch] = []
        self.ends_at: int | None = None
        self.loss = sft_trainer.completion_loss
        monkeypatch.setattr(sft_trainer, "completion_loss", self)

    def __call__(self, model: Any, batch: Any) -> torch.Tensor:
        if torch.is_grad_enabled():
            self.seen.append(self._now(int(batch["attention_mask"].sum())))
            if len(self.seen) == self.ends_at:
                os.kill(os.getpid(), signal.SIGTERM)
        return self.loss(model, batch)

    def _now(self, tokens: int) -> MicroBatch:
        allocated = peak = 0
        if DEVICE == "cuda":
            torch.cuda.synchronize()
            allocated, peak = torch.cuda.memory_allocated(), torch.cuda.max_memory_allocated()
            torch.cuda.reset_peak_memory_stats()
        return MicroBatch(time.monotonic(), tokens, allocated, peak)

    def speed(self, last: int) -> float:
        """Tokens a second of the last micro-batches but one."""
        chosen = self.seen[-last - 1 :]
        return sum(each.tokens for each in chosen[:-1]) / (chosen[-1].begin - chosen[0].begin)

    def bytes_per_token(self) -> float:
        """Memory that a micro-batch takes beyond what was there, by token; the largest."""
        pairs = zip(self.seen, self.seen[1:], strict=False)
        return max((after.peak - each.allocated) / each.tokens for each, after in pairs)


@pytest.fixture
def watch(monkeypatch) -> Watch:
    return Watch(monkeypatch)


def example(number: int, shape: Shape) -> Encoded:
    """Tokens that no other example shares, of the longest length."""
    each = torch.Generator().manual_seed(number)
    ids = torch.randint(3, shape.config.vocab_size, (shape.length,), generator=each).tolist()
    return Encoded(tuple(ids[: shape.length // 2]), tuple(ids[shape.length // 2 :]), (1, 5))


def train(model: Any, shape: Shape, scratch: Path) -> tuple[Any, list[dict[str, float]], Any]:
    """SFT in three steps; nothing but the longest examples."""
    examples = [example(number, shape) for number in range(24)]
    chosen = Sft(
        kind="sft", lora=LORA, learning_rate=1e-4, warmup_ratio=0.0, epochs=1, global_batch=8,
        micro_batch=4, micro_batch_tokens=shape.tokens, checkpoint_steps=100,
    )  # fmt: skip
    return sft_trainer.train(
        model, examples, examples[:2], chosen, pad=0, seed=0, scratch=scratch, fingerprint="a"
    )


def update(trained: Any) -> torch.Tensor:
    """The adapter's B, all of it, on the CPU: zero before training."""
    weights = [w for name, w in trained.named_parameters() if "lora_B" in name]
    return torch.cat([weight.detach().float().flatten().cpu() for weight in weights])


@pytest.fixture(scope="module")
def whole() -> dict[str, torch.Tensor]:
    """What the training that was not stopped has learned, once it has run."""
    return {}


def test_sft_starts_at_the_loss_of_a_guess_and_its_six_largest_micro_batches_fit(
    shape, model, estimates, watch, whole, tmp_path
):
    trained, log, facts = train(model, shape, tmp_path)
    whole["update"] = update(trained)
    assert facts["steps"] == 3 and len(watch.seen) >= 6
    assert len(set(sorted(each.tokens for each in watch.seen)[-6:])) == 1  # all are the largest
    assert log[0]["loss"] == pytest.approx(surprise(shape.config)[0], abs=0.2)
    assert [facts["micro_batch_tokens"]] == estimates  # memory never ran out
    named = shapes.named(shape.config)
    record.note("training", 4 * shapes.parameters(shape.config) * watch.speed(5), named)
    if DEVICE == "cuda":
        record.note("SFT's peak", max(each.peak for each in watch.seen), named)
        record.note("activations", watch.bytes_per_token(), named)


def test_sft_stopped_by_sigterm_continues_and_ends_in_the_same_adapter(
    shape, saved, watch, whole, tmp_path
):
    if not whole:  # it passed in an earlier run of make test-gpu
        whole["update"] = update(train(loading.load_model(saved), shape, tmp_path / "whole")[0])
    watch.seen.clear()
    watch.ends_at = 1
    with pytest.raises(SystemExit) as ended:
        train(loading.load_model(saved), shape, tmp_path)
    assert ended.value.code == 143
    del ended  # it holds the model
    gc.collect()
    torch.cuda.empty_cache()
    trained, _, facts = train(loading.load_model(saved), shape, tmp_path)
    assert facts["resumed_from_step"] == 1
    assert torch.dist(update(trained), whole["update"]) < SAME * whole["update"].norm()


def holds_twice(config: Any, options: Ppo) -> bool:
    """Whether vLLM's share of the GPU holds the weights, with a quarter more for its cache."""
    if DEVICE == "cpu":
        return True
    _, total = torch.cuda.mem_get_info()
    return options.rollout_memory * total > 1.25 * 2 * shapes.parameters(config)


def sampler_of(roles: Roles, environment: Environment, options: Ppo, saved: Model, scratch: Path):
    """vLLM, if the options ask for it."""
    if options.rollouts == "hf":
        return None
    from culturalign.training.ppo.vllm_rollout import VllmSampler

    return VllmSampler(roles, environment, options, saved, None, seed=0, scratch=scratch)


@pytest.mark.parametrize("rollouts", ["hf", "vllm"])
def test_two_updates_of_ppo_move_the_policy_and_fit(
    rollouts, shape, saved, model, estimates, tmp_path
):
    if rollouts == "vllm" and not importlib.util.find_spec("vllm"):
        pytest.skip("needs vLLM: an environment of envs/vllm.yaml")
    prompts = [example(number, shape).prompt for number in range(16)]
    chosen = Ppo(
        kind="ppo", lora=LORA, rollout_batch=8, train_batch=8, micro_train_batch=8,
        micro_rollout_batch=8, updates=2, generation_max_length=shape.length // 2,
        micro_batch_tokens=shape.tokens, lora_actor_learning_rate=1e-4, rollouts=rollouts,
    )  # fmt: skip
    if rollouts == "vllm" and not holds_twice(shape.config, chosen):
        pytest.skip("the weights do not fit twice (docs/slurm.md)")
    roles = Roles(model, chosen)
    before = [weight.detach().clone() for weight in roles.parameters("policy")]
    environment = Environment(
        prompts, lambda _, ids: Score(float(ids[0] % 2), True, complete=True), frozenset({0}), pad=0
    )
    sampler = sampler_of(roles, environment, chosen, saved, tmp_path)
    begin = time.monotonic()
    log, facts = ppo_training.train(
        roles, environment, chosen, seed=0, scratch=tmp_path, fingerprint="a", sampler=sampler
    )
    del sampler
    named = f"{shapes.named(shape.config)}, rollouts {rollouts}"
    record.note(f"PPO's seconds an update ({rollouts})", (time.monotonic() - begin) / 2, named)
    if DEVICE == "cuda":
        record.note(f"PPO's peak ({rollouts})", torch.cuda.max_memory_allocated(), named)
    assert facts["updates"] == 2 and all(math.isfinite(row["policy_loss"]) for row in log)
    assert log[0]["kl"] == pytest.approx(0, abs=1e-2)  # the policy begins at its reference
    assert log[0]["entropy"] == pytest.approx(math.log(shape.config.vocab_size), abs=0.5)
    assert any(
        not torch.equal(a, b) for a, b in zip(before, roles.parameters("policy"), strict=True)
    )
    room = 8 * (len(prompts[0]) + shape.length // 2)
    assert facts["micro_rollout_tokens"] == (room if rollouts == "hf" else None)
    assert [facts["micro_batch_tokens"]] == estimates  # memory never ran out
