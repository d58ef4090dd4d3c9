"""The check of configuration files that Snakemake cannot read."""

import subprocess
import sys

import pytest

from culturalign.config.check import DEFAULT, faults_of


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"run:\n  seeds: [0\ndata: {}\n", ":3: not valid YAML"),
        (b"# names\n- run\n- data\n", ":2: the file holds a list; a configuration has keys"),
        (b"cue;R1\ncat;dog\n", ":1: the file holds text;"),
        (b"# nothing\n", ":1: the file holds nothing;"),
        ("run: {}\nlabel: Café\n".encode("latin-1"), ":2: not UTF-8"),
        (None, ": no such file"),
        (b"run:\n  seeds: [x]\n", ":2: run.seeds.0: "),
    ],
)
def test_what_is_wrong_has_its_file_and_line(tmp_path, content, expected):
    file = tmp_path / "mine.yaml"
    if content is not None:
        file.write_bytes(content)
    (fault,) = faults_of([file])
    assert f"{file}{expected}" in fault


def test_every_file_that_cannot_be_read_is_named(tmp_path):
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("a: [", encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults_of([first, second])] == [
        str(first),
        str(second),
    ]


def test_the_command_says_so_by_its_status(tmp_path):
    command = [sys.executable, "-m", "culturalign.config.check"]
    shipped = DEFAULT.with_name("clca.yaml")
    assert subprocess.run([*command, shipped], check=True, capture_output=True, text=True).stdout
    wrong = tmp_path / "a.yaml"
    wrong.write_text("- a\n", encoding="utf-8")
    found = subprocess.run([*command, wrong], check=False, capture_output=True, text=True)
    assert (found.returncode, found.stdout.startswith(f"{wrong}:1: ")) == (1, True)


def test_the_command_explains_itself_and_refuses_what_it_does_not_know():
    command = [sys.executable, "-m", "culturalign.config.check"]
    help_ = subprocess.run([*command, "--help"], check=True, capture_output=True, text=True)
    assert help_.stdout.startswith("usage: python -m culturalign.config.check")
    assert "nothing is run" in help_.stdout and "no such file" not in help_.stdout
    unknown = subprocess.run([*command, "--all"], check=False, capture_output=True, text=True)
    assert (unknown.returncode, "--all" in unknown.stderr) == (2, True)
