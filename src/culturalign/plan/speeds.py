"""How fast a GPU works: assumed for an A100, or measured on the user's own (make test-gpu)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from pydantic import ValidationError

from culturalign.config.strict import Positive, Strict
from culturalign.errors import UserError

PEAK = 312e12
"""FLOP/s of an A100 in bf16 (NVIDIA's data sheet)."""
BANDWIDTH = 2.0e12
"""Bytes/s of the memory of an A100 with 80 GB (NVIDIA's data sheet)."""
BUSY = 0.35
"""Share of both that a job is assumed to reach; ours."""
BUSY_SFT = 0.097
"""The same of LoRA training, from the log of the paper's authors for Llama on English
(notes/HLCP-8-SFT_Training/README.md): 1.716e19 FLOP in 39 h 13 min on four A100s, by the Trainer's
count of 6 a parameter and token. They read two examples at a time."""
START = 180.0
"""Seconds to load a model; ours."""
MEASURED = Path("results/gpu.json")
"""Where make test-gpu writes what it measured."""


@dataclass(frozen=True)
class Speeds:
    """What one GPU does; the defaults are assumed, not measured.

    Attributes:
        reading: FLOP/s in forward passes, 2 a parameter and token.
        training: FLOP/s in LoRA training, 4 a parameter and token.
        memory: Bytes/s of weights read in generation.
        loading: Seconds to load a model.
    """

    reading: float = PEAK * BUSY
    training: float = PEAK * BUSY_SFT
    memory: float = BANDWIDTH * BUSY
    loading: float = START


ASSUMED = Speeds()
UNITS = {
    "reading": (1e12, "TFLOP/s reading"),
    "training": (1e12, "TFLOP/s in LoRA training"),
    "memory": (1e12, "TB/s of weights in generation"),
    "loading": (1.0, "s to load a model"),
}


class Measurement(Strict):
    """A measured number and where it is from."""

    value: Positive
    """In the unit of :class:`Speeds`."""
    model: str
    """Shape of the model."""
    gpu: str
    """Name of the GPU."""
    commit: str
    """Of the code."""


class GpuRecord(Strict):
    """The file of make test-gpu."""

    measured: dict[str, Measurement] = {}
    """Name -> its newest measurement."""
    passed: dict[str, list[str]] = {}
    """Environment, GPUs and code -> tests passed with them, which are not run again."""


def read_record(path: Path) -> GpuRecord:
    """What make test-gpu has measured; nothing if there is no such file.

    Raises:
        UserError: If the file is not one of make test-gpu.
    """
    if not path.is_file():
        return GpuRecord()
    try:
        return GpuRecord.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise UserError(
            f"{path}: {place}: {first['msg']}; make test-gpu writes this file: remove it and run "
            "that again"
        ) from error


def measured_speeds(measured: Mapping[str, Measurement]) -> Speeds:
    """The assumed speeds with the measured ones in their place."""
    known = {field.name for field in fields(Speeds)}
    return replace(ASSUMED, **{n: each.value for n, each in measured.items() if n in known})


def describe(measured: Mapping[str, Measurement]) -> str:
    """A line for each speed: its value, and where it is from."""
    lines = []
    for name, (unit, words) in UNITS.items():
        assumed = f"{getattr(ASSUMED, name) / unit:.3g}"
        if each := measured.get(name):
            source = f"measured on {each.gpu}, {each.model}, {each.commit[:7]}; assumed {assumed}"
            lines.append(f"{each.value / unit:.3g} {words} ({source})")
        else:
            lines.append(f"{assumed} {words} (assumed, A100)")
    return "A GPU: " + ",\n  ".join(lines) + "."
