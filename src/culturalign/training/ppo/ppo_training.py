"""The loop of PPO (paper, section 3.4; Schulman et al. 2017, algorithm 1)."""

import math
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from culturalign.config.ppo import Ppo
from culturalign.training.ppo import losses, ppo_checkpoint
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.ppo.experience import Experience, make_experience
from culturalign.training.ppo.learner import Learner
from culturalign.training.ppo.rollout import Ids, sample_responses
from culturalign.training.preemption import paced
from culturalign.training.tokenization import Encoded

Writer = Callable[[Roles, Sequence[Ids], int], list[Ids]]
"""Lets the policy answer prompts: roles, prompts, updates done; gives responses in their order."""


def train(
    roles: Roles,
    environment: Environment,
    options: Ppo,
    *,
    seed: int,
    scratch: Path,
    fingerprint: str,
    write: Writer | None = None,
) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """Train the policy in place; continue from the last checkpoint in ``scratch``.

    Args:
        roles: Policy, reference and critic.
        environment: Prompts and rewards.
        options: Settings.
        seed: Of the order of prompts and optimizer steps. Sampling by transformers follows torch's
            random state.
        scratch: Folder of the checkpoints.
        fingerprint: Identifies everything the run depends on.
        write: Samples the responses; None for transformers.

    Raises:
        SystemExit: If SIGTERM came before the last update; the checkpoint is written.

    Returns:
        The log, a dict an update with the columns of ``PPO_LOG``; facts about the run.
    """
    plan = plan_rollouts(len(environment.prompts), options, seed)
    steps = sum(math.ceil(len(batch) / options.train_batch) for batch in plan) * options.epochs
    learner = Learner(roles, options, environment.pad, math.ceil(options.warmup_ratio * steps))
    if options.gradient_checkpointing:
        roles.model.get_base_model().gradient_checkpointing_enable({"use_reentrant": False})
    state: dict[str, Any] = {"coefficient": options.init_kl_coef, "log": []}
    start, state = ppo_checkpoint.load(scratch, learner, fingerprint) or (0, state)
    seconds = {"rollout": 0.0, "reading": 0.0, "learning": 0.0}
    tokens = 0
    with paced(options.checkpoint_minutes) as pace:
        for update in tqdm(range(start, len(plan)), desc="PPO", unit="update", initial=start):
            marks = [time.perf_counter()]
            samples, scores = roll_out(
                roles, environment, plan[update], options, write=write, done=update
            )
            marks.append(time.perf_counter())

            seen = make_experience(roles, samples, options, environment.pad)
            values = torch.tensor([score.value for score in scores])
            rewards = losses.shape_rewards(values, seen.kl, seen.mask, state["coefficient"])
            advantages, returns = losses.estimate_advantages(
                seen.values, rewards, seen.mask, gamma=options.gamma, lambd=options.lambd
            )
            if options.whiten:
                advantages = losses.whiten(advantages, seen.mask)
            marks.append(time.perf_counter())

            learned = learner.learn(seen, advantages, returns, seed=f"{seed}:{update}")
            marks.append(time.perf_counter())

            row = describe(seen, scores, returns, environment.end) | learned
            row |= {"step": update + 1, "kl_coefficient": state["coefficient"]}
            state["log"].append(row)
            if options.kl == "adaptive":
                state["coefficient"] = losses.adapt_coefficient(
                    state["coefficient"],
                    kl=row["kl"],
                    target=options.kl_target,
                    samples=len(samples),
                    horizon=options.kl_horizon,
                )
            planned = (update + 1) % options.checkpoint_updates == 0
            if (planned or pace.due()) and update + 1 < len(plan):
                ppo_checkpoint.save(scratch, learner, state, update + 1, fingerprint)
                pace.saved()
                if pace.stop:
                    pace.leave(f"update {update + 1} of {len(plan)}")
            tokens += int(seen.mask.sum())
            for name, first, last in zip(seconds, marks, marks[1:], strict=False):
                seconds[name] += last - first
    done = len(plan) - start
    facts: dict[str, Any] = {
        "updates": len(plan),
        "optimizer_steps": learner.steps,
        "resumed_from_update": start,
    }
    facts |= {"response_tokens_since": tokens, "updates_since": done, "seconds_since": seconds}
    return state["log"], facts


def plan_rollouts(count: int, options: Ppo, seed: int) -> list[list[int]]:
    """Which prompts each update answers: passes over all of them, each in a new order.

    Args:
        count: Prompts.
        options: ``updates``, or one pass; never more than ``max_samples`` responses.
        seed: Of the orders.
    """
    size = options.rollout_batch
    wanted = count if options.updates is None else options.updates * size
    wanted = min(wanted, options.max_samples)
    order: list[int] = []
    for number in range(math.ceil(wanted / count)):
        order += random.Random(f"{seed}:{number}").sample(range(count), count)
    return [order[start : min(start + size, wanted)] for start in range(0, wanted, size)]


def roll_out(
    roles: Roles,
    environment: Environment,
    indices: Sequence[int],
    options: Ppo,
    *,
    write: Writer | None = None,
    done: int = 0,
) -> tuple[list[Encoded], list[Score]]:
    """Let the policy answer some prompts, and score its responses.

    Args:
        roles: The models.
        environment: Prompts and rewards.
        indices: Of the prompts.
        options: Settings.
        write: Samples the responses; None for transformers.
        done: Updates done.
    """
    roles.model.eval()
    prompts = [environment.prompts[i] for i in indices]
    if write:
        responses = write(roles, prompts, done)
    else:
        with roles.speaking() as model:
            responses = sample_responses(
                model, prompts, options, end=environment.end, pad=environment.pad
            )
    samples = [Encoded(*pair) for pair in zip(prompts, responses, strict=True)]
    return samples, [environment.score(i, ids) for i, ids in zip(indices, responses, strict=True)]


def describe(
    seen: Experience, scores: Sequence[Score], returns: torch.Tensor, end: int
) -> dict[str, float]:
    """A rollout batch in numbers: mean reward, KL (nats a token), entropy (nats), lengths."""
    values = torch.tensor([score.value for score in scores])
    unfinished = [sample.completion[-1] != end for sample in seen.samples]
    k3 = losses.kl_k3(seen.log_probs, seen.reference)
    return {
        "reward": float(values.mean()),
        "reward_sd": float(values.std(correction=0)),
        "unparsed": sum(not score.parsed for score in scores) / len(scores),
        "incomplete": sum(not score.complete for score in scores) / len(scores),
        "kl": float(losses.masked_mean(seen.kl, seen.mask)),
        "kl_k3": float(losses.masked_mean(k3, seen.mask)),
        "entropy": float(losses.masked_mean(seen.entropy, seen.mask)),
        "explained_variance": losses.explained_variance(seen.values, returns, seen.mask),
        "response_length": float(seen.mask.sum(1).mean()),
        "truncated": sum(unfinished) / len(unfinished),
    }
