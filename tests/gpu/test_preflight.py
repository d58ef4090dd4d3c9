"""The checks of a GPU node: on made-up nodes everywhere, on this one with make test-gpu."""

import os
import shutil
import subprocess
import tempfile
from functools import reduce
from pathlib import Path

import pytest
import torch

from culturalign.config.load import load
from culturalign.config.models import Model
from culturalign.config.overlay import merge
from culturalign.config.root import Config
from culturalign.files.yaml_file import read_document
from culturalign.models import gpus
from tests import tiny
from tests.gpu import preflight

PAPER = "config/paper.yaml"
on_gpu = pytest.mark.skipif(
    os.environ.get("CULTURALIGN_TEST_GPU") != "1", reason="needs a GPU: make test-gpu"
)


def configuration(names: str) -> Config:
    """The run of some files, given as ``snakemake --configfile`` takes them."""
    files = [tiny.ROOT / name for name in ("config/config.yaml", *names.split())]
    return load(reduce(merge, (read_document(file).content for file in files)), files)


@pytest.fixture
def config() -> Config:
    """The run that the node is to do."""
    return configuration(os.environ.get("CULTURALIGN_GPU_CONFIG", PAPER))


@pytest.mark.parametrize(
    ("driver", "cuda", "said"),
    [
        ("580.65.06", "13.0", None),
        ("570.124.06", "13.0", "driver 570.124.06, but torch for CUDA 13.0 needs 580 or newer"),
        ("570.124.06", "12.6", None),
        ("none", "13.0", "driver none, but torch for CUDA 13.0 needs 580 or newer"),
        ("580.65.06", None, "this torch is a CPU build"),
        ("580.65.06", "99.1", "CUDA 99.1 is none of [12, 13]: see what driver it needs"),
    ],
)
def test_a_driver_has_to_be_new_enough_for_torch(driver, cuda, said):
    assert preflight.driver_fault(driver, cuda) == said


def test_the_compiler_has_to_be_of_torchs_major_version():
    printed = "Cuda compilation tools, release 12.6, V12.6.85\n"
    assert preflight.compiler_fault(printed, "12.8") is None
    assert preflight.compiler_fault(printed, "13.0") == "nvcc is of CUDA 12, torch of CUDA 13.0"
    assert preflight.compiler_fault(printed, None) == "nvcc is of CUDA 12, torch of CUDA None"
    assert preflight.compiler_fault("", "13.0") == "nvcc is of CUDA unknown, torch of CUDA 13.0"


def test_a_folder_needs_room_and_lets_programs_run(tmp_path):
    assert preflight.room_fault(tmp_path, 1) is None
    assert "1000000000 are needed" in preflight.room_fault(tmp_path, 1e18)
    assert preflight.programs_fault(tmp_path) is None
    assert "set TMPDIR" in preflight.programs_fault(tmp_path / "nowhere")


def test_the_paper_needs_scratch_for_two_checkpoints_of_openrlhf():
    needed = preflight.scratch_bytes(configuration(PAPER))
    assert needed == 2 * 2 * 14 * 8e9  # docs/openrlhf.md: 224 GB each


def test_models_of_the_hub_have_to_be_in_its_cache(tmp_path):
    there = tmp_path / "models--some--There"
    snapshot = there / "snapshots/abc"
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    (there / "refs").mkdir()
    (there / "refs/main").write_text("abc")
    names = ["some/There", "some/Missing", "/a/folder", "package:a/b.gguf"]
    models = [Model(label=name, source=name) for name in names]
    assert preflight.not_fetched(models, tmp_path) == ["some/Missing"]


@on_gpu
def test_this_node_has_a_driver_for_its_torch():
    assert preflight.driver_fault(gpus.driver(), torch.version.cuda) is None


@on_gpu
def test_this_job_sees_its_gpus_and_each_multiplies_as_the_cpu_does():
    gpus.require_gpus()
    count = torch.cuda.device_count()
    print(f"\n{count} GPUs:", *(torch.cuda.get_device_name(n) for n in range(count)))
    assert count
    left, right = torch.randn(2, 256, 256, generator=torch.Generator().manual_seed(0))
    for number in range(count):
        product = left.to(f"cuda:{number}") @ right.to(f"cuda:{number}")
        torch.testing.assert_close(product.cpu(), left @ right, rtol=1e-2, atol=1e-2)


@on_gpu
@pytest.mark.skipif(shutil.which("nvcc") is None, reason="no nvcc: only envs/ppo.yaml has one")
def test_the_compiler_of_this_node_fits_its_torch():
    done = subprocess.run(["nvcc", "--version"], capture_output=True, text=True, check=True)
    assert preflight.compiler_fault(done.stdout, torch.version.cuda) is None


@on_gpu
def test_this_node_has_room(config):
    shared = preflight.SHARED * torch.cuda.device_count()
    faults = [
        preflight.room_fault(Path("/dev/shm"), shared),
        preflight.room_fault(Path.cwd(), preflight.scratch_bytes(config)),
        preflight.room_fault(Path(tempfile.gettempdir()), preflight.RANDOM_MODEL),
        preflight.programs_fault(Path(tempfile.gettempdir())),
    ]
    assert not any(faults), faults


@on_gpu
def test_the_models_of_the_run_are_in_the_cache_that_this_node_sees(config):
    assert preflight.not_fetched(config.models[name] for name in config.run.models) == []
