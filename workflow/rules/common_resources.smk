"""What a job asks of a cluster: GPUs, cores, memory, minutes. Facts of the rules; no rules.

Who pays and which partition has the GPUs are facts of the site (slurm/). A run on one machine
takes no notice of any of this. Rules that load no model have the profile's defaults.
"""

import shutil

CORES_PER_GPU = 8  # for the data side of a GPU job; nodes of four A100s have 32 cores or more
MEMORY_PER_GPU = 64_000  # MB; 16 GB of weights (8 B parameters) pass through it, twice if merged
OFFLOADED_PER_GPU = 96_000  # MB; 192 GB of Adam's state (docs/openrlhf.md), weights, Ray's store
HOUR = 60


def threads_of_torch() -> int:
    """CPU threads of a torch job.

    On one machine half of the cores, so that two jobs run side by side: what a small model does
    in one thread, and loading it, would leave the others idle. With a GPU all of them, since two
    jobs would not fit into its memory. In a cluster's job those it was given, whatever the machine
    has that submitted it.
    """
    if workflow.remote_exec:
        return CORES_PER_GPU
    cores = workflow.cores or 1
    return cores if shutil.which("nvidia-smi") else (cores + 1) // 2


def gpus_of(model: str | None) -> int:
    """GPUs of a job in which a named model answers; none if a server does."""
    if model is None:
        return 0
    settings = CFG.models[model]
    return settings.tensor_parallel if settings.engine == "vllm" else 1


def cores_of(model: str | None) -> int:
    """Cores of a job in which a named model answers."""
    return CORES_PER_GPU * max(1, gpus_of(model))


def memory_of(model: str | None, attempt: int) -> int:
    """Main memory in MB of a job in which a named model answers."""
    return grown(MEMORY_PER_GPU * max(1, gpus_of(model)), attempt)


def environment_of(model: str | None) -> str:
    """Environment of a job in which a named model answers: that of its engine."""
    return environment_with(vllm=model is not None and CFG.models[model].engine == "vllm")


def environment_with(*, vllm: bool) -> str:
    """Environment of a job with transformers, and with vLLM beside them where it is wanted."""
    return "../../envs/vllm.yaml" if vllm else "../../envs/train.yaml"


def answering_gpus(wildcards) -> int:
    """GPUs of a job in which an arm answers."""
    return gpus_of(wildcards.model)


def training_gpus(wildcards) -> int:
    """GPUs of a training job: as the method says; PPO with LoRA takes one."""
    method = CFG.methods[wildcards.method]
    if wildcards.method in SFT_METHODS:
        return method.devices
    return method.gpus if wildcards.method in FULL_METHODS else 1


def answering_environment(wildcards) -> str:
    """Environment of a job in which an arm answers: that of its model's engine."""
    return environment_of(wildcards.model)


def rollout_environment(wildcards) -> str:
    """Environment of native PPO: that of what writes its responses."""
    return environment_with(vllm=CFG.methods[wildcards.method].rollouts == "vllm")


def answering_cores(wildcards) -> int:
    """Cores of a job in which an arm answers."""
    return cores_of(wildcards.model)


def training_cores(wildcards) -> int:
    """Cores of a training job."""
    return CORES_PER_GPU * training_gpus(wildcards)


def answering_memory(wildcards, attempt) -> int:
    """Main memory in MB of a job in which an arm answers."""
    return memory_of(wildcards.model, attempt)


def training_memory(wildcards, attempt) -> int:
    """Main memory in MB of a training job."""
    a_gpu = OFFLOADED_PER_GPU if wildcards.method in FULL_METHODS else MEMORY_PER_GPU
    return grown(a_gpu * training_gpus(wildcards), attempt)


def merging_memory(wildcards, attempt) -> int:
    """Main memory in MB of a job that turns weights into others, without a GPU."""
    return grown(MEMORY_PER_GPU, attempt)


def grown(mb: int, attempt: int) -> int:
    """Half as much again for every retry: the job may have died for want of memory."""
    return mb * (1 + attempt) // 2
