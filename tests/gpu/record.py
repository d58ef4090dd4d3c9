"""The file of make test-gpu: which tests passed here, and what was measured (plan/speeds.py)."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from culturalign import provenance
from culturalign.plan.speeds import MEASURED, GpuRecord, Measurement, read_record
from tests import tiny

FILE = Path(os.environ.get("CULTURALIGN_GPU_RECORD", MEASURED))
ON_GPU = os.environ.get("CULTURALIGN_TEST_GPU") == "1"
DEVICE = "cuda" if ON_GPU else "cpu"


def gpu_names() -> str:
    """The GPUs that this job sees."""
    names = [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())]
    return ", ".join(names) or "no GPU"


def here() -> str:
    """What a test's outcome depends on: the environment, the GPUs, packages and code."""
    code = [p for room in ("src", "tests") for p in sorted((tiny.ROOT / room).rglob("*.py"))]
    return f"{sys.prefix}: {gpu_names()}: {provenance.digest_of(provenance.versions(), code)}"


def passed(key: str) -> list[str]:
    """Tests that passed here."""
    return read_record(FILE).passed.get(key, [])


def note_passed(key: str, test: str) -> None:
    """Record that a test passed here; what passed in this environment before changes is dropped."""

    def add(record: GpuRecord) -> None:
        environment = key.partition(":")[0]
        for other in [k for k in record.passed if k != key and k.startswith(f"{environment}:")]:
            del record.passed[other]
        record.passed.setdefault(key, []).append(test)

    _change(add)


def note(name: str, value: float, model: str) -> None:
    """Record a measurement, on GPUs only, and print it.

    Args:
        name: A field of :class:`culturalign.plan.speeds.Speeds`, or another name.
        value: In its unit.
        model: Shape of the model.
    """
    print(f"\n{name}: {value:.4g} ({model})")
    if ON_GPU:
        measurement = Measurement(
            value=value, model=model, gpu=torch.cuda.get_device_name(), commit=provenance.commit()
        )
        _change(lambda record: record.measured.update({name: measurement}))


def _change(act: Callable[[GpuRecord], None]) -> None:
    """Change the file as a whole, so that a job that is killed leaves the one before."""
    act(record := read_record(FILE))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    part = FILE.with_suffix(".part")
    part.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    part.replace(FILE)
