"""A job that was given GPUs and does not see them stops before it loads anything."""

import pytest
import torch

from culturalign.errors import UserError
from culturalign.models import gpus
from culturalign.training import multi_gpu


@pytest.mark.parametrize(
    ("environment", "count"),
    [
        ({}, 0),
        ({"CUDA_VISIBLE_DEVICES": ""}, 0),
        ({"CUDA_VISIBLE_DEVICES": "-1"}, 0),
        ({"CUDA_VISIBLE_DEVICES": "NoDevFiles"}, 0),  # what SLURM sets for a job without GPUs
        ({"CUDA_VISIBLE_DEVICES": "0,1,2,3"}, 4),
        ({"CUDA_VISIBLE_DEVICES": "GPU-8e1c,MIG-77af"}, 2),
        ({"SLURM_GPUS_ON_NODE": "4"}, 4),
        ({"SLURM_GPUS_ON_NODE": "4", "CUDA_VISIBLE_DEVICES": "0,1"}, 4),
        ({"SLURM_JOB_ID": "7"}, 0),  # an allocation without GPUs
    ],
)
def test_gpus_given_to_a_job(environment, count):
    assert gpus.granted(environment) == count


def test_fewer_gpus_than_given_end_the_job_with_driver_and_cuda(tmp_path, monkeypatch):
    version = tmp_path / "version"
    version.write_text("570.86.15\n")
    monkeypatch.setattr(gpus, "DRIVER", version)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    with pytest.raises(UserError, match=r"given 4 GPUs.* sees 0 .*570\.86\.15.*CUDA 13\.0"):
        gpus.require_gpus(0, {"SLURM_GPUS_ON_NODE": "4"})


def test_as_many_gpus_as_given_and_a_laptop_pass():
    gpus.require_gpus(4, {"SLURM_GPUS_ON_NODE": "4"})
    gpus.require_gpus(0, {})


def test_a_cluster_without_gpus_can_say_so():
    gpus.require_gpus(0, {"SLURM_GPUS_ON_NODE": "4", gpus.WITHOUT_GPUS: "1"})


def test_training_does_not_start_on_the_cpu_in_silence(monkeypatch):
    monkeypatch.setenv("SLURM_GPUS_ON_NODE", "4")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(UserError, match="given 4 GPUs, but torch sees 1"):
        multi_gpu.process_count(4)
