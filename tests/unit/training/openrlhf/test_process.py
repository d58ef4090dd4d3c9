import os
import sys
import time

import psutil
import pytest

from culturalign.errors import UserError
from culturalign.training.openrlhf import process


def test_output_of_both_streams_is_logged_and_a_failure_says_that_checkpoints_are_kept(
    tmp_path, capsys
):
    log = tmp_path / "output.log"
    log.write_text("before\n")
    script = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)"
    with pytest.raises(UserError, match=r"status 3;.*continues from the last"):
        process.run([sys.executable, "-c", script], log)
    assert log.read_text() == "before\nout\nerr\n"
    assert capsys.readouterr().err == "out\nerr\n"


def test_a_run_has_its_own_ray_folder_and_inherits_no_address(tmp_path):
    found = process.environment({"RAY_ADDRESS": "10.0.0.1:6379", "HOME": "/h"}, tmp_path)
    assert "RAY_ADDRESS" not in found
    assert found["RAY_TMPDIR"] == str(tmp_path) and found["HOME"] == "/h"


def test_sockets_of_ray_fit_into_their_names_where_the_temporary_folder_is_long(monkeypatch):
    sockets = "/ray-abcdefgh/ray/session_2026-01-01_00-00-00_123456_1234567/sockets/plasma_store"
    for folder in ("/tmp", "/local/scratch/users/someone/job.123456"):
        monkeypatch.setattr(process.tempfile, "tempdir", folder)
        assert len(process.short_folder() + sockets) < 108


def test_the_compiler_of_the_environment_is_named(tmp_path):
    assert process.cuda_home(tmp_path) == {}
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/nvcc").touch()
    assert process.cuda_home(tmp_path) == {"CUDA_HOME": str(tmp_path)}


def test_nothing_that_the_command_started_outlives_it(tmp_path):
    pid_file = tmp_path / "pid"
    script = (
        "import subprocess, sys, pathlib;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " stdout=subprocess.DEVNULL);"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(p.pid))"
    )
    process.run([sys.executable, "-c", script], tmp_path / "output.log")
    pid = int(pid_file.read_text())
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    os.kill(pid, 9)
    pytest.fail("a grandchild is still running")
