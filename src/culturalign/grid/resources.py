"""What a job asks of a cluster: GPUs, cores, memory, time. Facts of the rules.

Who pays and which partition has the GPUs are facts of the site (slurm/). A run on one machine
ignores all of this. Rules that load no model have the profile's defaults.
"""

import math
from collections.abc import Mapping

from culturalign.config.ppo import Ppo
from culturalign.config.root import Config
from culturalign.config.sft import ClcaSft, Sft
from culturalign.plan import costs
from culturalign.plan.planned_jobs import Job
from culturalign.plan.roleplay_costs import model_of

CORES_PER_GPU = 8
"""For the data side of a GPU job; nodes of four A100s have 32 cores or more."""
MEMORY_PER_GPU = 64_000
"""MB; 16 GB of weights (8 B parameters) pass through it, twice if merged."""
OFFLOADED_PER_GPU = 96_000
"""MB; four have 288 GB of Adam's state and gradients for 8B (docs/openrlhf.md), Ray's store."""
HOUR = 60
"""Minutes."""

LONGEST = costs.LONGEST_HOURS * HOUR
"""Of a job that the plan puts below it; also of a training whose cost is not known."""
UNKNOWN = 24 * HOUR
"""Of an answering job whose cost is not known: a server's, or that of a model of unknown size."""
SHORTEST = 2 * HOUR
"""Of any job; the plan does not count how long a site takes to start a job and to read files."""
MARGIN = 3
"""Time asked over the time planned, whose constants were not measured (plan/costs.py); ours."""


def retry_memory(mb: int, attempt: int) -> int:
    """Half as much again for every retry: the job may have died for lack of memory."""
    return mb * (1 + attempt) // 2


class Resources:
    """GPUs, cores, memory, and environment of the jobs that load a model."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def gpus(self, model: str | None) -> int:
        """GPUs of a job in which a model answers; none if a server does."""
        if model is None:
            return 0
        settings = self._config.models[model]
        return settings.tensor_parallel if settings.engine == "vllm" else 1

    def cores(self, model: str | None) -> int:
        """Cores of a job in which a model answers."""
        return CORES_PER_GPU * max(1, self.gpus(model))

    def memory(self, model: str | None, attempt: int) -> int:
        """Main memory in MB of a job in which a model answers."""
        return retry_memory(MEMORY_PER_GPU * max(1, self.gpus(model)), attempt)

    def environment(self, model: str | None) -> str:
        """Environment of a job in which a model answers: that of its engine."""
        return "vllm" if model and self._config.models[model].engine == "vllm" else "train"

    def rollout_environment(self, method: str) -> str:
        """Environment of native PPO: that of the engine that samples its responses."""
        options = self._config.methods[method]
        return "vllm" if isinstance(options, Ppo) and options.rollouts == "vllm" else "train"

    def training_gpus(self, method: str) -> int:
        """GPUs of a training job; PPO with LoRA takes one."""
        options = self._config.methods[method]
        if isinstance(options, Sft | ClcaSft):
            return options.devices
        if not isinstance(options, Ppo) or options.engine == "native":
            return 1
        if options.critic_gpus is None:
            return options.gpus
        return options.gpus + options.critic_gpus + options.vllm_tensor_parallel

    def minutes(self, rule: str, wildcards: Mapping[str, str], attempt: int) -> int:
        """Minutes of a job of a rule that loads a model: the plan's with a margin.

        More on every retry, and up to `LONGEST`, but never less than the plan itself: a training
        that runs out of time continues from its checkpoint. An answering job starts over, so the
        plan refuses one above `LONGEST` (:func:`culturalign.plan.plan_table.too_long`).
        """
        job = Job(rule, (), (), wildcards, self._gpus_of(rule, wildcards))
        seconds = costs.seconds(job, self._config, {}) if job.gpus else None
        if seconds is None:
            return LONGEST if job.trains else UNKNOWN
        planned = seconds / 60
        asked = max(SHORTEST, MARGIN * attempt * planned)
        return math.ceil(min(asked, max(LONGEST, planned)))

    def _gpus_of(self, rule: str, wildcards: Mapping[str, str]) -> int:
        if rule.startswith("train_"):
            return self.training_gpus(wildcards["method"])
        return self.gpus(model_of(rule, wildcards, self._config.clca))

    def training_cores(self, method: str) -> int:
        """Cores of a training job."""
        return CORES_PER_GPU * self.training_gpus(method)

    def training_memory(self, method: str, attempt: int) -> int:
        """Main memory in MB of a training job."""
        options = self._config.methods[method]
        offloads = isinstance(options, Ppo) and options.engine != "native"
        per_gpu = OFFLOADED_PER_GPU if offloads else MEMORY_PER_GPU
        # A third request of an offloading job, 768 GB, would fit no node of many sites.
        grown = min(attempt, 2) if offloads else attempt
        return retry_memory(per_gpu * self.training_gpus(method), grown)
