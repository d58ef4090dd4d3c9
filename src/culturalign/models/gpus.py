"""Whether a job sees the GPUs that it was given; else it would train on a CPU for days."""

import os
from collections.abc import Mapping
from pathlib import Path

import torch

from culturalign.errors import UserError

WITHOUT_GPUS = "CULTURALIGN_WITHOUT_GPUS"
"""Environment variable: 1 lets jobs run on the CPU although they were given GPUs."""
DRIVER = Path("/sys/module/nvidia/version")
"""Where Linux says which NVIDIA driver is loaded."""


def granted(environment: Mapping[str, str]) -> int:
    """How many GPUs a job was given: by SLURM, or by name in ``CUDA_VISIBLE_DEVICES``."""
    named = environment.get("CUDA_VISIBLE_DEVICES", "").split(",")
    visible = [name for name in named if name.strip() not in {"", "-1", "NoDevFiles"}]
    slurm = environment.get("SLURM_GPUS_ON_NODE", "")
    return max(len(visible), int(slurm) if slurm.isdecimal() else 0)


def require_gpus(found: int | None = None, environment: Mapping[str, str] = os.environ) -> None:
    """Stop a job that does not see the GPUs that it was given, before it loads a model.

    Args:
        found: GPUs that torch sees; by default it is asked.
        environment: Environment of the job.

    Raises:
        UserError: If torch sees fewer; names driver and CUDA, which have to fit each other.
    """
    asked = granted(environment)
    seen = torch.cuda.device_count() if found is None else found
    if seen >= asked or environment.get(WITHOUT_GPUS) == "1":
        return
    raise UserError(
        f"this job was given {asked} GPUs, but torch sees {seen} (driver {driver()}, torch "
        f"{torch.__version__}, built for CUDA {torch.version.cuda or 'none: a CPU build'}); use a "
        "build of torch that fits the driver (docs/slurm.md), or, to run on the CPU, set "
        f"{WITHOUT_GPUS}=1"
    )


def driver() -> str:
    """Version of the NVIDIA driver; ``none`` if none is loaded."""
    return DRIVER.read_text(encoding="utf-8").strip() if DRIVER.is_file() else "none"
