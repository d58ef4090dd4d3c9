"""Updates of native PPO beside full-parameter PPO and trl's GRPO: the same prompts and tokens.

Full-parameter PPO has a policy and a critic in fp32 that compute in bf16 (as mixed precision
keeps them), Adam over both, and a bf16 reference. It runs the loop of this package. trl's
GRPOTrainer has an adapter as large as ours, but no critic. Responses never end before their limit.
Loading does not count. Needs the unpacked model of a run:

    make bench-ppo   # after make demo

The counted bytes are those of the tensors that are there after an update, and of gradients at
their peak: the loop steps the policy and forgets its gradients before it reads the critic's, so
only the larger of the two are counted. The ratio depends on the type of the base weights.
"""

import argparse
import copy
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import rows
import torch
from sft import version_of
from transformers import set_seed

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.data.ranking_examples import read_ranking_prompt
from culturalign.models import loading
from culturalign.models.chat_template import render
from culturalign.training.ppo import ppo_training
from culturalign.training.ppo.actor_critic import Role, Roles, Trained, value_head
from culturalign.training.ppo.environment import Environment, build_environment, ranking_reward_fn
from culturalign.training.ppo.token_scores import score_tokens, score_values

ROOT = Path(__file__).resolve().parents[1]
WORDS = ["bone", "cat", "bark", "leash", "friend", "puppy", "tail", "walk", "food", "paw", "fur"]
RULES = RewardRules(missing="last", partial=True)
FULL, GRPO = "full parameters", "trl's GRPO"
SAME = 2
"""How often each prompt is answered: GRPO compares the answers to one prompt."""


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


def ranking_examples(count: int) -> list[dict[str, Any]]:
    """Ranking prompts in the paper's wording."""
    prompt = read_ranking_prompt(ROOT / "resources/prompts/en/ranking.txt", system="You help.")
    rng = random.Random(0)
    drawn = [rng.sample(WORDS, 10) for _ in range(count)]
    return [
        {"cue": "dog", "candidates": shown, "counts": [WORDS.index(w) for w in shown]}
        | {"messages": prompt.messages("dog", shown)}
        for shown in drawn
    ]


def run_one(arguments: argparse.Namespace) -> None:
    """In a process of its own: some updates, what they took, and the bytes that they hold."""
    set_seed(0)
    torch.set_num_threads(1)
    chosen, options = chosen_model(arguments), build_options(arguments)
    tokenizer, base = loading.load_tokenizer(chosen), loading.load_model(chosen)
    ours = arguments.one == rows.OURS
    roles: Any = Roles(base, options) if ours else FullRoles(base)
    never = frozenset({len(tokenizer)})
    environment = build_environment(
        ranking_examples(arguments.batch * arguments.updates // SAME) * SAME,
        ranking_reward_fn(RULES), tokenizer, chosen, stops=never, max_length=2048,
    )  # fmt: skip
    learners: list[Any] = []
    learner = ppo_training.Learner
    ppo_training.Learner = lambda *rest: learners.append(learner(*rest)) or learners[0]  # type: ignore
    with tempfile.TemporaryDirectory() as scratch:
        work = partial(
            ppo_training.train, roles, environment, options,
            seed=0, scratch=Path(scratch), fingerprint="",
        )  # fmt: skip
        taken, (_, facts) = rows.timed(work)
    backward(roles, environment)
    found = {"base_dtype": str(roles.dtype), **held(ours, roles, learners[0])}
    told = {name: facts[name] for name in ("seconds_since", "response_tokens_since")}
    arguments.found.write_text(json.dumps(found | told), encoding="utf-8")
    print(json.dumps(taken))


def chosen_model(arguments: argparse.Namespace) -> Model:
    """The model that all train."""
    base = (arguments.run / "results/models/smollm2/base").resolve()
    return Model(label="SmolLM2", source=str(base), precision="bf16")


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


def held(ours: bool, roles: Any, learner: Any) -> dict[str, int]:
    """Bytes of weights, gradients (policy's or critic's, the larger) and optimizer state."""
    both = roles.parameters("policy"), roles.parameters("critic")
    trained = [parameter for parameters in both for parameter in parameters]
    frozen = roles.model if ours else roles.reference
    states = [optimizer.state.values() for optimizer in learner.optimizers.values()]
    parts = {
        "weights": size([*trained, *frozen.parameters()]),
        "gradients": max(size(p.grad for p in own if p.grad is not None) for own in both),
        "optimizer": size(t for group in states for entry in group for t in entry.values()),
    }
    return {**parts, "total": sum(parts.values())}


def size(tensors: Iterable[torch.Tensor]) -> int:
    """Bytes of different tensors."""
    return sum({id(t): t.nbytes for t in tensors}.values())


def write_settings(arguments: argparse.Namespace, folder: Path) -> Path:
    """What trl's process needs; the file's path."""
    chosen, options = chosen_model(arguments), build_options(arguments)
    tokenizer = loading.load_tokenizer(chosen)
    examples = ranking_examples(arguments.batch * arguments.updates // SAME)
    settings = {
        "folder": str(folder), "model": chosen.source, "same": SAME, "batch": arguments.batch,
        "prompts": [render(tokenizer, example["messages"], chosen) for example in examples],
        "tokens": arguments.tokens, "rank": options.lora.rank, "alpha": options.lora.alpha,
        "learning_rate": options.lora_actor_learning_rate, "beta": options.init_kl_coef,
    }  # fmt: skip
    path = folder / "settings.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path


def main() -> None:
    """Measure all by turns, and print the bytes that ours and full-parameter PPO hold."""
    parser = rows.arguments(__doc__)
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--updates", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=64, help="length of a response")
    parser.add_argument("--peer-python", default=sys.executable, help="trl's")
    parser.add_argument("--one", choices=[rows.OURS, FULL])
    parser.add_argument("--found", type=Path)
    options = parser.parse_args()
    if options.one:
        run_one(options)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = str(ROOT / "bench/ppo_peer.py"), str(write_settings(options, folder))
        grpo = partial(rows.child, options.peer_python, *script, own=False)
        contenders = rows.alternatives(FULL, folder) | {GRPO: grpo}
        done = f"{options.updates * options.batch} responses"
        versions = {GRPO: version_of("trl", options.peer_python)}
        rows.by_turns("PPO", done, contenders, options, versions)
        ours, full = rows.found_by(FULL, folder)
    ratio = ours["total"] / full["total"]
    print(json.dumps({rows.OURS: ours, FULL: full, "ours_over_full": ratio}, indent=2))


if __name__ == "__main__":
    main()
