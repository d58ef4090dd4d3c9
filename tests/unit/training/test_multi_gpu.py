"""Two processes on two GPUs, or without any on a CPU."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from culturalign.errors import UserError
from culturalign.training import multi_gpu, sft_job
from tests import jobs

pytestmark = pytest.mark.skipif(
    torch.cuda.device_count() == 1, reason="two processes need two GPUs, or none"
)
BOUND = 20
"""Seconds within which a job fails once one of its processes is dead."""


def test_two_processes_resume_after_sigterm_and_make_the_updates_of_one(tmp_path, capfd):
    single, job = jobs.make(tmp_path / "single"), jobs.make(tmp_path / "job")
    sft_job.start(single, processes=1)
    (_, _, facts) = expected = jobs.trained(single)
    capfd.readouterr()

    jobs.meanwhile(lambda: len(jobs.ranks()) == 2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as ended:
        sft_job.start(job, processes=2)
    assert ended.value.code == 143
    assert (job.scratch / "checkpoint-1/complete.json").is_file()
    sft_job.start(job, processes=2)
    found = jobs.trained(job)
    jobs.assert_same(expected, found)
    assert found[2]["resumed_from_step"] == 1
    assert (facts["ranks"], found[2]["ranks"]) == (1, 2)
    assert facts["steps"] == found[2]["steps"] == 6
    assert facts["tokens"] == found[2]["tokens"]
    printed = capfd.readouterr().err
    assert printed.count("{'loss'") == 6  # once a step, not once a step and process
    assert printed.count("Loading weights:   0%") == 2  # once an attempt


SCARCE = """
import torch
from culturalign.training import distributed, sft_job, sft_trainer

real, calls = sft_trainer.completion_loss, []

def scarce(model, batch):
    calls.append(batch)
    loss = real(model, batch)
    if len(calls) == 2 and not distributed.is_main_process():
        loss.backward()
        raise torch.OutOfMemoryError
    return loss

sft_trainer.completion_loss = scarce
sft_job.main(sft_job.Path(sft_job.sys.argv[1]))
"""
"""A rank; the second one's memory runs out once, after it has changed its gradients."""


def test_memory_that_runs_out_on_one_of_two_ranks_does_not_change_the_training(
    tmp_path, monkeypatch
):
    single, job = jobs.make(tmp_path / "single"), jobs.make(tmp_path / "job")
    sft_job.start(single, processes=1)
    (tmp_path / "scarce.py").write_text(SCARCE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    multi_gpu.launch("scarce", job.model_dump_json(), processes=2)
    found = jobs.trained(job)
    jobs.assert_same(jobs.trained(single), found)
    assert found[2]["micro_batch_tokens"] == 150 // 2  # of the rank that has less


def test_a_job_with_a_dead_process_fails_soon_even_if_the_other_hangs(tmp_path):
    def hang_and_die():
        """Rank 0 no longer responds, as in a wait for a dead GPU; rank 1 is dead."""
        first, second = jobs.ranks()
        first.suspend()
        second.kill()

    job = jobs.make(tmp_path / "job", epochs=200, checkpoint_steps=2)
    died = jobs.meanwhile(lambda: any(job.scratch.glob("checkpoint-*/complete.json")), hang_and_die)
    with pytest.raises(UserError, match=r"one of 2 training processes failed.*continues from"):
        sft_job.start(job, processes=2)
    assert time.monotonic() - died[0] < BOUND
    assert jobs.ranks() == []
    assert not job.log.exists()


def test_an_error_in_the_data_is_printed_and_fails_the_job(tmp_path, capfd):
    job = jobs.make(tmp_path / "job", max_length=5)
    with pytest.raises(UserError):
        sft_job.start(job, processes=2)
    assert "no example fits max_length" in capfd.readouterr().err


def test_without_gpus_one_process_trains():
    assert torch.cuda.is_available() or multi_gpu.process_count(4) == 1


def test_a_rank_finds_this_package_and_keeps_the_precision_of_the_training(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", "fp16")
    given = multi_gpu.environment(1, 2, 99)
    first, second = given["PYTHONPATH"].split(os.pathsep)
    assert (Path(first) / "culturalign").is_dir() and second == "elsewhere"
    assert given["ACCELERATE_MIXED_PRECISION"] == "no"


def test_appended_output_is_shown_and_the_status_returned(tmp_path, capsys):
    output = tmp_path / "output.log"
    output.write_text("before\n")
    with output.open("a") as file:
        script = "print('now'); raise SystemExit(3)"
        process = subprocess.Popen([sys.executable, "-c", script], stdout=file)
        assert multi_gpu.stream_output(process.poll, output, begin=7) == 3
    assert capsys.readouterr().err == "now\n"
