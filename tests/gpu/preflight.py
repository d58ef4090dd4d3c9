"""What a GPU node needs before a job of the paper runs on it; each check names what is wrong."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from huggingface_hub import try_to_load_from_cache

from culturalign.config.models import Model
from culturalign.config.root import Config
from culturalign.grid.run_arms import Arms
from culturalign.plan import costs
from culturalign.plan.planned_jobs import Job

OLDEST_DRIVER = {12: 525, 13: 580}
"""CUDA's major version -> the first driver that runs it (NVIDIA, CUDA compatibility, table 1)."""
SHARED = 10**9
"""Bytes of /dev/shm for each GPU, for NCCL and vLLM's processes; ours."""
RANDOM_MODEL = 20e9
"""Bytes of the random weights of an 8B model and of adapters, which make test-gpu writes."""


def driver_fault(driver: str, cuda: str | None) -> str | None:
    """A driver too old for the CUDA that torch was built for.

    Args:
        driver: Version, as ``580.65.06``; or ``none``.
        cuda: ``torch.version.cuda``.
    """
    if cuda is None:
        return "this torch is a CPU build"
    needed = OLDEST_DRIVER.get(int(cuda.partition(".")[0]))
    if needed is None:
        return f"CUDA {cuda} is none of {sorted(OLDEST_DRIVER)}: see what driver it needs"
    major = driver.partition(".")[0]
    if not major.isdecimal() or int(major) < needed:
        return f"driver {driver}, but torch for CUDA {cuda} needs {needed} or newer"
    return None


def compiler_fault(printed: str, cuda: str | None) -> str | None:
    """A CUDA compiler of another major version than torch, with which DeepSpeed does not build.

    Args:
        printed: What ``nvcc --version`` prints.
        cuda: ``torch.version.cuda``.
    """
    found = re.search(r"release (\d+)\.", printed)
    if found and cuda and found[1] == cuda.partition(".")[0]:
        return None
    return f"nvcc is of CUDA {found[1] if found else 'unknown'}, torch of CUDA {cuda}"


def room_fault(folder: Path, needed: float) -> str | None:
    """Too little free space in a folder, in bytes."""
    free = shutil.disk_usage(folder).free
    if free >= needed:
        return None
    return f"{folder} has {free / 1e9:.0f} GB free, {needed / 1e9:.0f} are needed"


def programs_fault(folder: Path) -> str | None:
    """A folder for temporary files in which nothing can be run, as compiled kernels are."""
    try:
        with tempfile.TemporaryDirectory(dir=folder) as inside:
            program = Path(inside, "program")
            program.write_text("#!/bin/sh\n", encoding="utf-8")
            program.chmod(0o700)
            subprocess.run([program], check=True)
    except OSError as error:
        return f"in {folder} nothing can be written and run ({error.strerror}); set TMPDIR"
    return None


def scratch_bytes(config: Config) -> float:
    """Checkpoints of the largest training of a run, as the plan counts them."""
    arms = Arms(config)
    rules = dict.fromkeys(arms.sft_methods, "train_sft")
    rules |= dict.fromkeys(arms.native_methods, "train_ppo")
    rules |= dict.fromkeys(arms.full_methods, "train_ppo_openrlhf")
    jobs = [
        Job(rule, (), (), {"model": model, "method": method}, 1)
        for method, rule in rules.items()
        for model in config.run.models
        if method in config.run.methods and config.models[model].train
    ]
    return max((costs.scratch(job, config) or 0.0 for job in jobs), default=0.0)


def not_fetched(models: Iterable[Model], cache: Path | None = None) -> list[str]:
    """Models of the hub that are not in its cache (by default that of ``HF_HOME``)."""
    return [
        model.source
        for model in models
        if re.fullmatch(r"[\w.-]+/[\w.-]+", model.source)
        and not isinstance(
            try_to_load_from_cache(
                model.source, "config.json", cache_dir=cache, revision=model.revision or "main"
            ),
            str,
        )
    ]
