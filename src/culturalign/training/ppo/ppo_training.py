"""The loop of PPO (paper, section 3.4; Schulman et al. 2017, algorithm 1)."""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from culturalign.config.ppo import Ppo
from culturalign.training.micro_batch_limit import MicroBatchLimit
from culturalign.training.ppo import losses, ppo_checkpoint
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.ppo.experience import Experience, make_experience
from culturalign.training.ppo.learner import Learner
from culturalign.training.ppo.rollout import Ids, rollout_limit, sample_responses
from culturalign.training.preemption import preemptible
from culturalign.training.tokenization import Encoded

Sampler = Callable[[Roles, Sequence[Ids], int], list[Ids]]
"""Samples responses of the policy, given roles, prompts and updates done; in their order."""


def train(
    roles: Roles,
    environment: Environment,
    options: Ppo,
    *,
    seed: int,
    scratch: Path,
    fingerprint: str,
    sampler: Sampler | None = None,
) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """Train the policy in place; continue from the last checkpoint in ``scratch``.

    Args:
        roles: Policy, reference and critic.
        environment: Prompts and rewards.
        options: Settings.
        seed: Determines the order of prompts and optimizer steps.
        scratch: Folder of the checkpoints.
        fingerprint: Identifies everything the run depends on.
        sampler: Samples the responses; None for transformers, which follow torch's random state.

    Raises:
        SystemExit: If SIGTERM arrived before the last update; the checkpoint is written.

    Returns:
        The log, a dict per update with the columns of ``PPO_LOG``; facts about the run.
    """
    plan = plan_rollouts(len(environment.prompts), options, seed)
    steps = sum(math.ceil(len(batch) / options.train_batch) for batch in plan) * options.epochs
    learner = Learner(roles, options, environment.pad, math.ceil(options.warmup_ratio * steps))
    if options.gradient_checkpointing:
        roles.model.get_base_model().gradient_checkpointing_enable({"use_reentrant": False})
    state: dict[str, Any] = {"coefficient": options.init_kl_coef, "log": []}
    start, state = ppo_checkpoint.load(scratch, learner, fingerprint) or (0, state)
    seconds = {"rollout": 0.0, "reading": 0.0, "learning": 0.0}
    tokens, room = 0, rollout_limit(environment.prompts, options)
    with preemptible(options.checkpoint_minutes) as timer:
        for update in tqdm(range(start, len(plan)), desc="PPO", unit="update", initial=start):
            with _timed(seconds, "rollout"):
                samples, scores = roll_out(
                    roles, environment, plan[update], options,
                    sampler=sampler, done=update, limit=room,
                )  # fmt: skip
            with _timed(seconds, "reading"):
                experience = learner.limit.redo(
                    partial(make_experience, roles, samples, options, environment.pad),
                    lambda: None,
                    max(map(len, samples)),
                )
                advantages, returns = estimate_advantages(
                    experience, scores, options, state["coefficient"]
                )
            with _timed(seconds, "learning"):
                learned = learner.learn(experience, advantages, returns, seed=f"{seed}:{update}")
            row = describe(experience, scores, returns, environment.stops) | learned
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
            tokens += int(experience.mask.sum())
            planned = (update + 1) % options.checkpoint_updates == 0
            if (planned or timer.due()) and update + 1 < len(plan):
                ppo_checkpoint.save(scratch, learner, state, update + 1, fingerprint)
                timer.reset()
                if timer.preempted:
                    timer.exit(f"update {update + 1} of {len(plan)}")
    return state["log"], {
        "updates": len(plan),
        "optimizer_steps": learner.steps,
        "micro_batch_tokens": learner.limit.tokens,
        "micro_rollout_tokens": None if sampler else room.tokens,
        "resumed_from_update": start,
        "response_tokens_since": tokens,
        "updates_since": len(plan) - start,
        "seconds_since": seconds,
    }


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    seconds[stage] += time.perf_counter() - begin


def plan_rollouts(count: int, options: Ppo, seed: int) -> list[list[int]]:
    """Which of the prompts each update answers: passes over all of them, each in a new order.

    There are ``updates``, or one pass, and never more than ``max_samples`` responses.
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
    sampler: Sampler | None = None,
    done: int = 0,
    limit: MicroBatchLimit | None = None,
) -> tuple[list[Encoded], list[Score]]:
    """Let the policy answer the prompts of some indices, and score its responses.

    The sampler also depends on the updates done; without one, transformers samples, within the
    limit of :func:`sample_responses`.
    """
    roles.model.eval()
    prompts = [environment.prompts[i] for i in indices]
    if sampler:
        responses = sampler(roles, prompts, done)
    else:
        with roles.generating() as model:
            responses = sample_responses(
                model, prompts, options, stops=environment.stops, pad=environment.pad, limit=limit
            )
    samples = [Encoded(*pair) for pair in zip(prompts, responses, strict=True)]
    return samples, [environment.score(i, ids) for i, ids in zip(indices, responses, strict=True)]


def estimate_advantages(
    experience: Experience, scores: Sequence[Score], options: Ppo, coefficient: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Advantages and returns of each token, from scores and the KL penalty."""
    values = torch.tensor([score.value for score in scores])
    rewards = losses.shape_rewards(values, experience.kl, experience.mask, coefficient)
    advantages, returns = losses.estimate_advantages(
        experience.values, rewards, experience.mask, gamma=options.gamma, lambd=options.lambd
    )
    return losses.whiten(advantages, experience.mask) if options.whiten else advantages, returns


def describe(
    experience: Experience,
    scores: Sequence[Score],
    returns: torch.Tensor,
    stops: frozenset[int],
) -> dict[str, float]:
    """A rollout batch in numbers: mean reward, KL (nats per token), entropy (nats), lengths."""
    mask, values = experience.mask, torch.tensor([score.value for score in scores])
    k3 = losses.kl_k3(experience.log_probs, experience.reference)
    return {
        "reward": float(values.mean()),
        "reward_sd": float(values.std(correction=0)),
        "unparsed": sum(not score.parsed for score in scores) / len(scores),
        "incomplete": sum(not score.complete for score in scores) / len(scores),
        "kl": float(losses.masked_mean(experience.kl, mask)),
        "kl_k3": float(losses.masked_mean(k3, mask)),
        "entropy": float(losses.masked_mean(experience.entropy, mask)),
        "explained_variance": losses.explained_variance(experience.values, returns, mask),
        "response_length": float(mask.sum(1).mean()),
        "truncated": sum(s.completion[-1] not in stops for s in experience.samples) / len(scores),
    }
