"""ZeRO on a CPU, two processes (make test-deepspeed, in its own environment)."""

import os
import signal

import pytest

from culturalign.training import sft_job
from tests import jobs

pytest.importorskip("deepspeed", reason="needs DeepSpeed: make test-deepspeed")


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    """The result of one process, without DeepSpeed."""
    job = jobs.make(tmp_path_factory.mktemp("single") / "job")
    sft_job.start(job)
    return jobs.trained(job)


@pytest.mark.parametrize("stage", [1, 2, 3])
def test_zero_makes_the_updates_of_one_process_also_after_an_interruption(single, stage, tmp_path):
    job = jobs.make(tmp_path / "job", zero_stage=stage)
    jobs.meanwhile(lambda: len(jobs.ranks()) == 2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as ended:
        sft_job.start(job, processes=2)
    assert ended.value.code == 143
    assert list(job.scratch.glob("checkpoint-1/global_step*"))  # DeepSpeed wrote it
    sft_job.start(job, processes=2)
    assert jobs.trained(job)[2]["resumed_from_step"] == 1
    jobs.assert_same(single, jobs.trained(job))
