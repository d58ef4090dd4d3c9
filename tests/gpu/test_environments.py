"""Whether every environment that Snakemake has built imports what its jobs need."""

import subprocess
import sys
from pathlib import Path

import pytest

from culturalign.training.openrlhf import command
from tests import tiny
from tests.gpu.record import ON_GPU

NEEDED = {
    "base": ("snakemake", "polars", "scipy"),
    "train": ("torch", "transformers", "peft", "accelerate", "deepspeed", "scipy", "opencc"),
    "vllm": ("torch", "vllm", "peft", "accelerate", "scipy", "opencc"),
    "ppo": ("torch", "vllm", "deepspeed", "flash_attn", "ray", command.MODULE),
}
"""File in envs/ -> modules."""
ENVIRONMENTS = tiny.ROOT / ".snakemake/conda"


def python_of(name: str, environments: Path) -> Path | None:
    """The interpreter of an environment: Snakemake leaves a copy of its file beside it."""
    text = (tiny.ROOT / f"envs/{name}.yaml").read_bytes()
    same = [file for file in environments.glob("*.yaml") if file.read_bytes() == text]
    return same[0].with_suffix("") / "bin/python" if same else None


def import_fault(python: Path, modules: tuple[str, ...]) -> str | None:
    """The error that importing modules ends with, or that torch sees no GPU."""
    lines = [f"import {module}" for module in modules]
    if ON_GPU and "torch" in modules:
        lines.append("assert torch.cuda.is_available(), 'torch sees no GPU'")
    done = subprocess.run(
        [python, "-c", "\n".join(lines)], capture_output=True, text=True, check=False
    )
    return None if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def test_an_environment_is_found_by_its_file(tmp_path):
    text = (tiny.ROOT / "envs/train.yaml").read_text()
    (tmp_path / "0ab_.yaml").write_text(text)
    (tmp_path / "1cd_.yaml").write_text(text + "# an older one\n")
    assert python_of("train", tmp_path) == tmp_path / "0ab_/bin/python"
    assert python_of("vllm", tmp_path) is None


def test_a_module_that_is_missing_is_named():
    python = Path(sys.executable)
    assert import_fault(python, ("json", "polars")) is None
    said = import_fault(python, ("json", "no_such_module"))
    assert said == "ModuleNotFoundError: No module named 'no_such_module'"


def test_every_environment_has_modules_to_import():
    assert {file.stem for file in (tiny.ROOT / "envs").glob("*.yaml")} == set(NEEDED)


@pytest.mark.skipif(not ON_GPU, reason="needs a GPU: make test-gpu")
@pytest.mark.parametrize("name", NEEDED)
def test_what_the_jobs_of_an_environment_need_can_be_imported(name):
    if (python := python_of(name, ENVIRONMENTS)) is None:
        pytest.skip(f"Snakemake has not built envs/{name}.yaml (docs/slurm.md, step 4)")
    assert import_fault(python, NEEDED[name]) is None
