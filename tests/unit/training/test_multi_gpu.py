"""Two processes on a CPU, in place of two GPUs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.training import checkpoints, multi_gpu, sft_job
from culturalign.training.multi_gpu import follow
from tests import jobs

BOUND = 60
"""Seconds within which a job fails once one of its processes is dead."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What one process makes of the job."""
    job = jobs.make(tmp_path_factory.mktemp("alone") / "job")
    sft_job.start(job)
    return jobs.trained(job)


def test_the_kind_of_device_belongs_to_what_a_checkpoint_depends_on(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(checkpoints, "fingerprint", lambda facts, _: str(seen.append(facts)))
    sft_job.start(jobs.make(tmp_path / "job"), processes=1)
    assert seen[0]["device"] == loading.device().type


def hang_and_die() -> None:
    """Rank 0 hears nothing any more, as in a wait for a dead GPU; rank 1 is dead."""
    first, second = jobs.ranks()
    first.suspend()
    second.kill()


def test_two_processes_make_the_updates_of_one(alone, tmp_path, capfd):
    job = jobs.make(tmp_path / "job")
    sft_job.start(job, processes=2)
    (_, _, facts), (_, _, theirs) = alone, jobs.trained(job)
    assert (facts["ranks"], theirs["ranks"]) == (1, 2)
    assert facts["steps"] == theirs["steps"] == 6
    assert facts["tokens"] == theirs["tokens"]
    jobs.assert_same(alone, jobs.trained(job))
    printed = capfd.readouterr().err
    assert printed.count("{'loss'") == 6  # once a step, not once a step and process
    assert printed.count("Loading weights:   0%") == printed.count(" 0/6 [") == 1


def test_a_job_with_a_dead_process_fails_soon_even_if_the_other_hangs(tmp_path):
    job = jobs.make(tmp_path / "job", epochs=1e4, checkpoint_steps=2)
    died = jobs.meanwhile(
        lambda: any(job.scratch.glob("checkpoint-*/complete.json")),
        hang_and_die,
    )
    with pytest.raises(UserError, match=r"one of 2 training processes failed.*continues from"):
        sft_job.start(job, processes=2)
    assert time.monotonic() - died[0] < BOUND
    assert jobs.ranks() == []
    assert not job.log_out.exists()


def test_a_job_told_to_stop_saves_itself_and_ends_like_an_uninterrupted_one(alone, tmp_path):
    job = jobs.make(tmp_path / "job")
    jobs.meanwhile(lambda: len(jobs.ranks()) == 2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as ended:
        sft_job.start(job, processes=2)
    assert ended.value.code == 143
    assert (job.scratch / "checkpoint-1/complete.json").is_file()
    sft_job.start(job, processes=2)
    assert jobs.trained(job)[2]["resumed_from_step"] == 1
    jobs.assert_same(alone, jobs.trained(job))


def test_a_fault_of_the_data_is_told_and_fails_the_job(tmp_path, capfd):
    job = jobs.make(tmp_path / "job", max_length=5)
    with pytest.raises(UserError):
        sft_job.start(job, processes=2)
    assert "no example fits max_length" in capfd.readouterr().err


def test_without_gpus_one_process_trains():
    assert torch.cuda.is_available() or multi_gpu.count(4) == 1


def test_a_process_finds_this_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    first, second = multi_gpu.environment()["PYTHONPATH"].split(os.pathsep)
    assert (Path(first) / "culturalign").is_dir() and second == "elsewhere"


def test_what_is_appended_is_shown_and_the_status_returned(tmp_path, capsys):
    output = tmp_path / "output.log"
    output.write_text("before\n")
    looks: list[bool] = []
    script = "import time; print('now', flush=True); time.sleep(0.5); raise SystemExit(3)"
    with output.open("a") as file:
        process = subprocess.Popen([sys.executable, "-c", script], stdout=file)
        status = follow(process, output, begin=7, each=lambda: looks.append(True))
    assert status == 3
    assert capsys.readouterr().err == "now\n"
    assert looks
