"""Rollouts by vLLM: base weights of its own, and the policy's current adapter.

About vLLM: what it has cached of a prompt belongs to the name and the path of an adapter, so every
update's adapter has a new name, else it would be answered from the cache of the last; a stop token
is part of the ids it returns; a request without a seed of its own would depend on those before it,
so a resumed run would sample other responses.
"""

import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

# The runner that make test-vllm uses, on a GPU too; as in culturalign.models.vllm_engine.
os.environ.setdefault("VLLM_USE_V2_MODEL_RUNNER", "0")

from vllm import LLM, SamplingParams
from vllm.lora.request import LoRARequest

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.models.lora import vllm_rank
from culturalign.models.stop_tokens import until_stop
from culturalign.training.ppo.actor_critic import ADAPTERS, Roles
from culturalign.training.ppo.environment import Environment
from culturalign.training.ppo.rollout import Ids

SHUTDOWN_SECONDS = 600
"""Time for vLLM to finish its responses after SIGTERM. SLURM sends it to all processes of a job,
and an update whose responses were cut short would be lost."""


class VllmSampler:
    """Samples responses of the policy; a :data:`culturalign.training.ppo.ppo_training.Sampler`.

    Attributes:
        llm: The engine, in a process of its own, so that its random state and its settings of
            torch are not the trainer's.
    """

    def __init__(
        self,
        roles: Roles,
        environment: Environment,
        options: Ppo,
        model: Model,
        base: Path | None,
        *,
        seed: int,
        scratch: Path,
    ) -> None:
        """Load the base weights, for prompts as long as those of the environment.

        The policy's adapter is handed over in ``scratch``.

        Raises:
            UserError: If vLLM cannot apply adapters of the policy's rank.
        """
        self.options, self.stops, self.seed = options, environment.stops, seed
        self.source, self.folder = model.source, scratch / "policy"
        self.loaded: LoRARequest | None = None
        self.handed = 0
        self.llm = LLM(
            model=str(base or model.source),
            revision=model.revision,
            dtype=str(roles.dtype).removeprefix("torch."),  # the output layer's too, as scored
            max_model_len=max(map(len, environment.prompts)) + options.generation_max_length,
            max_num_seqs=options.micro_rollout_batch,
            gpu_memory_utilization=options.rollout_memory,
            enable_lora=True,
            max_lora_rank=vllm_rank(roles.model.peft_config[ADAPTERS["policy"]].r),
            generation_config="vllm",  # none of the model's own defaults
            enforce_eager=not torch.cuda.is_available(),  # on a CPU compiling takes too long
            shutdown_timeout=SHUTDOWN_SECONDS,
            seed=0,
        )

    def __call__(self, roles: Roles, prompts: Sequence[Ids], done: int) -> list[Ids]:
        """Sample a response to each prompt, like ``sample_responses`` of :mod:`rollout`.

        The updates done determine the seeds, so a resumed run samples the same.

        Raises:
            RuntimeError: If vLLM cut responses short.
        """
        self._load(roles)
        sampling = [
            SamplingParams(
                max_tokens=self.options.generation_max_length,
                temperature=self.options.temperature,
                top_p=1.0,  # the whole distribution: its log-probabilities are what PPO compares
                top_k=0,
                seed=request_seed(self.seed, done, position),
                stop_token_ids=sorted(self.stops),
                detokenize=False,
            )
            for position in range(len(prompts))
        ]
        requests: list[Any] = [{"prompt_token_ids": list(ids)} for ids in prompts]
        outputs = self.llm.generate(requests, sampling, lora_request=self.loaded, use_tqdm=False)
        found = [output.outputs[0] for output in outputs]
        if any(each.finish_reason not in ("stop", "length") for each in found):
            raise RuntimeError(
                "vLLM ended before its responses did; training continues from its last checkpoint"
            )
        return [until_stop(list(each.token_ids), self.stops) for each in found]

    def _load(self, roles: Roles) -> None:
        """Hand the policy's adapter over, in place of the one before."""
        roles.save_policy(self.folder, self.source)
        if self.loaded:
            self.llm.llm_engine.remove_lora(self.loaded.lora_int_id)
        self.handed += 1
        self.loaded = LoRARequest(f"policy-{self.handed}", self.handed, str(self.folder))
        self.llm.llm_engine.add_lora(self.loaded)  # now: the folder is written again


def request_seed(seed: int, done: int, position: int) -> int:
    """Seed of one response: of the run, the updates done and the position in the rollout batch."""
    return random.Random(f"{seed}:{done}:{position}").getrandbits(63)
