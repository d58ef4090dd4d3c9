"""One PPO job of the native engine: from files to an adapter with provenance and training log."""

import importlib.util

import torch
from transformers import set_seed

from culturalign import provenance
from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.errors import UserError
from culturalign.files.jsonl import read_jsonl
from culturalign.models import loading
from culturalign.models.stop_tokens import stop_tokens
from culturalign.training.ppo import ppo_training
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import build_environment, build_reward_fn
from culturalign.training.ppo.ppo_task import PpoJob


def run(job: PpoJob) -> None:
    """Train an adapter; continue an interrupted run of the same job.

    Raises:
        UserError: If vLLM is needed and not installed.
        SystemExit: If SIGTERM arrived before the last update; the checkpoint is written.
    """
    options = job.options
    if options.rollouts == "vllm" and not importlib.util.find_spec("vllm"):
        raise UserError(
            "rollouts: vllm needs vLLM, which is not installed; set it to hf, or see docs/slurm.md"
        )
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    tokenizer = loading.load_tokenizer(job.model, job.base)
    model = loading.load_model(job.model, job.base)
    facts = job.facts(model, ppo=options.model_dump(), task=job.task)
    environment = build_environment(
        read_jsonl(job.train),
        build_reward_fn(options.task, job.task, job.human()),
        tokenizer,
        job.model,
        stops=stop_tokens(tokenizer, model.generation_config),
        max_length=options.prompt_max_length,
    )
    roles = Roles(model, options, job.start)
    sampler: ppo_training.Sampler | None = None
    if options.rollouts == "vllm":
        from culturalign.training.ppo.vllm_rollout import VllmSampler

        sampler = VllmSampler(
            roles, environment, options, job.model, job.base, seed=job.seed, scratch=job.scratch
        )
    log, run_facts = ppo_training.train(
        roles,
        environment,
        options,
        seed=job.seed,
        scratch=job.scratch,
        fingerprint=provenance.digest_of(facts, job.inputs()),
        sampler=sampler,
    )
    roles.save_policy(job.result, job.model.source)
    job.write_records({**facts, "run": run_facts}, log, PPO_LOG)
