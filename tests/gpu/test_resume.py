"""make test-gpu continues where it was stopped, and starts over if the code has changed."""

import json
import os
import subprocess
import sys

import pytest

from culturalign.plan.speeds import read_record
from tests import tiny
from tests.gpu import record

TESTS = """
import os
from pathlib import Path

ran = Path(__file__).with_name("ran.txt")

def note(name):
    with ran.open("a") as file:
        file.write(name)

def test_a():
    note("a")

def test_b():
    note("b")
    assert "repaired" in os.environ

def test_c():
    note("c")
"""


@pytest.fixture
def run(tmp_path):
    """Function: the tests that a run of make test-gpu's pytest starts."""
    (tmp_path / "test_it.py").write_text(TESTS)
    given = {"CULTURALIGN_GPU_RECORD": str(tmp_path / "gpu.json"), "PYTHONPATH": os.pathsep.join(
        [str(tiny.ROOT), str(tiny.ROOT / "src")]
    )}  # fmt: skip

    def started(**changes):
        command = [sys.executable, "-m", "pytest", "-x", "-p", "tests.gpu.resume", "test_it.py"]
        (tmp_path / "ran.txt").write_text("")
        subprocess.run(command, cwd=tmp_path, env={**os.environ, **given, **changes}, check=False)
        return (tmp_path / "ran.txt").read_text()

    return started


def test_it_ends_at_the_first_difference_and_continues_there(run, tmp_path):
    assert run() == "ab"
    assert run(repaired="1") == "bc"
    assert run(repaired="1") == ""
    file = tmp_path / "gpu.json"
    found = json.loads(file.read_text())
    (key,) = found["passed"]
    found["passed"] = {key + "other code": found["passed"][key]}
    file.write_text(json.dumps(found))
    assert run(repaired="1") == "abc"
    assert list(read_record(file).passed) == [key]  # what passed with the other code is dropped


def test_measurements_are_written_on_gpus_only(monkeypatch, tmp_path):
    monkeypatch.setattr(record, "FILE", tmp_path / "results/gpu.json")
    record.note("loading", 12.5, "tiny")
    assert not record.FILE.exists()
    monkeypatch.setattr(record, "ON_GPU", True)
    monkeypatch.setattr(record.torch.cuda, "get_device_name", lambda: "NVIDIA A100")
    record.note("loading", 12.5, "tiny")
    record.note("loading", 13.5, "small")
    found = read_record(record.FILE).measured["loading"]
    assert (found.value, found.model, found.gpu) == (13.5, "small", "NVIDIA A100")


def test_the_script_goes_through_the_environments_until_one_fails(tmp_path):
    pythons = []
    for name, status in (("a", 0), ("b", 3), ("c", 0)):
        python = tmp_path / name
        python.write_text(
            f"#!/bin/sh\necho {name} $CULTURALIGN_TEST_GPU >> {tmp_path}/ran; exit {status}\n"
        )
        python.chmod(0o700)
        pythons.append(str(python))
    done = subprocess.run(["bash", str(tiny.ROOT / "slurm/test-gpu.sh"), *pythons], check=False)
    assert done.returncode == 3
    assert (tmp_path / "ran").read_text() == "a 1\nb 1\n"
