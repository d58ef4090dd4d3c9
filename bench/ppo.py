"""Native PPO compared with full-parameter PPO on the same model: memory and speed.

Full-parameter PPO has a policy and a critic in fp32 that compute in bf16 (as mixed precision
keeps them), Adam over both, and a bf16 reference. Both run the same loop of this package on the
same prompts, each in a process of its own. Bytes are those of the tensors that are there after an
update, and of gradients at their peak: the loop steps the policy and forgets its gradients before
it reads the critic's, so only the larger of the two are counted, for both. The ratio depends on
the type of the base weights, which is printed too. Needs the unpacked model of `make demo`:

    .venv/bin/python bench/ppo.py
"""

import argparse
import copy
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from transformers import set_seed

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.data.ranking_examples import read_ranking_prompt
from culturalign.models import loading
from culturalign.training.ppo import ppo_training
from culturalign.training.ppo.actor_critic import Role, Roles, Trained, value_head
from culturalign.training.ppo.environment import Environment, build_environment, ranking_reward_fn
from culturalign.training.ppo.token_scores import score_tokens, score_values

ROOT = Path(__file__).resolve().parents[1]
WORDS = ["bone", "cat", "bark", "leash", "friend", "puppy", "tail", "walk", "food", "paw", "fur"]
RULES = RewardRules(missing="last", partial=True)
GRADIENTS = "the larger of the policy's and the critic's; neither engine holds both at once"


class FullModel:
    """What the loop asks of a model, for whichever full model plays."""

    def __init__(self, model: Any) -> None:
        self.now = model

    def __call__(self, **inputs: Any) -> Any:
        """The forward pass."""
        return self.now(**inputs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)

    def get_base_model(self) -> Any:
        """The model itself; there is no adapter."""
        return self.now


class FullRoles:
    """Three whole models in place of :class:`culturalign.training.ppo.actor_critic.Roles`."""

    def __init__(self, base: Any) -> None:
        self.dtype = torch.bfloat16
        self.reference = base.to(torch.bfloat16)
        self.policy = copy.deepcopy(base).float()
        self.critic = copy.deepcopy(base).float()
        self.head = value_head(base.config.hidden_size)
        self.model: Any = FullModel(self.policy)

    def parameters(self, role: Trained) -> list[torch.nn.Parameter]:
        """What the optimizer of a role trains."""
        if role == "policy":
            return list(self.policy.parameters())
        return [*self.critic.model.parameters(), *self.head.parameters()]

    @contextmanager
    def active(self, role: Role) -> Iterator[None]:
        """Switch to a role's model; arithmetic in bf16, with weights in fp32."""
        self.model.now = getattr(self, role)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            yield

    @contextmanager
    def generating(self) -> Iterator[Any]:
        """The policy for generation, in bf16 as the native one."""
        masters = [parameter.data for parameter in self.policy.parameters()]
        for parameter in self.policy.parameters():
            parameter.data = parameter.data.to(torch.bfloat16)
        yield self.policy
        for parameter, master in zip(self.policy.parameters(), masters, strict=True):
            parameter.data = master


def build_options(arguments: argparse.Namespace) -> Ppo:
    """Paper-sized adapters, small batches."""
    batch = arguments.batch
    return Ppo(
        kind="ppo", updates=arguments.updates, rollout_batch=batch, micro_rollout_batch=batch,
        train_batch=batch, micro_train_batch=batch, micro_batch_tokens=2048,
        generation_max_length=arguments.tokens, gradient_checkpointing=False,
    )  # fmt: skip


def ranking_environment(tokenizer: Any, options: Model, count: int) -> Environment:
    """Ranking prompts in the paper's wording."""
    prompt = read_ranking_prompt(ROOT / "resources/prompts/en/ranking.txt", system="You help.")
    rng, examples = random.Random(0), []
    for _ in range(count):
        shown = rng.sample(WORDS, 10)
        examples.append(
            {"cue": "dog", "candidates": shown, "counts": [WORDS.index(w) for w in shown]}
            | {"messages": prompt.messages("dog", shown)}
        )
    return build_environment(
        examples,
        ranking_reward_fn(RULES),
        tokenizer,
        options,
        stops=frozenset({int(tokenizer.eos_token_id)}),
        max_length=2048,
    )


def size(tensors: Iterable[torch.Tensor]) -> int:
    """Bytes of different tensors."""
    return sum({id(t): t.nbytes for t in tensors}.values())


def measured(kind: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run some updates, and say what they took."""
    set_seed(0)
    chosen, options = Model(label="SmolLM2", source=arguments.base), build_options(arguments)
    tokenizer, base = loading.load_tokenizer(chosen), loading.load_model(chosen)
    roles: Any = Roles(base, options) if kind == "native" else FullRoles(base)
    environment = ranking_environment(tokenizer, chosen, arguments.batch * arguments.updates)
    learners: list[Any] = []
    learner = ppo_training.Learner
    ppo_training.Learner = lambda *rest: learners.append(learner(*rest)) or learners[0]  # type: ignore
    with tempfile.TemporaryDirectory() as scratch:
        _, facts = ppo_training.train(
            roles, environment, options, seed=0, scratch=Path(scratch), fingerprint=""
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    backward(roles, environment)
    dtypes = {
        "base_dtype": str(roles.dtype),
        "trained_dtype": str(roles.parameters("policy")[0].dtype),
    }
    numbers = {**held(kind, roles, learners[0]), "peak": peak, **speed(facts), **scoring()}
    return {**dtypes, **numbers}


def backward(roles: Any, environment: Environment) -> None:
    """Gradients of both losses, so that the tensors of each can be counted."""
    ids = torch.tensor([environment.prompts[0]])
    batch = {
        "prefix_ids": ids[:, :0],
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "position_ids": torch.arange(ids.shape[1])[None],
        "labels": ids[:, -5:],
    }
    with roles.active("policy"):
        score_tokens(roles.model, batch)[0].sum().backward()
    with roles.active("critic"):
        score_values(roles.model, roles.head, batch).sum().backward()


def held(kind: str, roles: Any, learner: Any) -> dict[str, int]:
    """Bytes of weights, gradients (policy's or critic's, the larger) and optimizer state."""
    both = roles.parameters("policy"), roles.parameters("critic")
    trained = [parameter for parameters in both for parameter in parameters]
    frozen = roles.model if kind == "native" else roles.reference
    states = [optimizer.state.values() for optimizer in learner.optimizers.values()]
    parts = {
        "weights": size([*trained, *frozen.parameters()]),
        "gradients": max(size(p.grad for p in own if p.grad is not None) for own in both),
        "optimizer": size(t for group in states for entry in group for t in entry.values()),
    }
    return {**parts, "total": sum(parts.values())}


def speed(facts: dict[str, Any]) -> dict[str, float]:
    """Rollout tokens and updates a second."""
    seconds = facts["seconds_since"]
    return {
        "rollout_tokens_per_s": facts["response_tokens_since"] / seconds["rollout"],
        "updates_per_s": facts["updates_since"] / sum(seconds.values()),
    }


def scoring() -> dict[str, float]:
    """Rewards a second, of responses with ten lines."""
    text = "\n".join(f"Rank {i}: {word}" for i, word in enumerate(WORDS[:10], start=1))
    reward_fn = ranking_reward_fn(RULES)
    example = {"candidates": WORDS[:10], "counts": list(range(10))}
    start = time.perf_counter()
    for _ in range(1000):
        reward_fn(example, text, True)
    return {"rewards_per_s": 1000 / (time.perf_counter() - start)}


def main() -> None:
    """Print both, and the share of memory that ours takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="results/models/smollm2/base")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--updates", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=64, help="longest response")
    parser.add_argument("--only", choices=["native", "full"])
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(measured(arguments.only, arguments)))
        return
    found = {}
    for kind in ("native", "full"):
        command = [sys.executable, *sys.argv, "--only", kind]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found[kind] = json.loads(done.stdout.splitlines()[-1])
    ratio = {key: found["native"][key] / found["full"][key] for key in ("total", "peak")}
    ratio |= {"base_dtype": {kind: numbers["base_dtype"] for kind, numbers in found.items()}}
    ratio |= {"gradients": GRADIENTS}
    print(json.dumps({**found, "native_over_full": ratio}, indent=2))


if __name__ == "__main__":
    main()
