"""Fixtures: the tiny model, and the workflow run as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # one thread each, or tests wait for each other's threads
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported, by `tiny` first

from tests import tiny

Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first, so that one of two processes is not left with it at the end."""
    items.sort(key=lambda item: "smoke" not in item.path.parts)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the random tiny model."""
    return tiny.save_model(tmp_path_factory.mktemp("model"))


def snakemake_command(
    workdir: Path, config: Path | None, *arguments: str, more: Sequence[Path] = ()
) -> list[str]:
    """Command line of Snakemake for a working directory of its own."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(tiny.ROOT / "Snakefile")]
    command += ["--directory", str(workdir), "--cores", "2", *arguments]
    return command + (["--configfile", str(config), *map(str, more)] if config else [])


@pytest.fixture(scope="session")
def snakemake() -> Run:
    """Run Snakemake; returns the finished process with stdout and stderr in one text."""

    def run(
        workdir: Path,
        config: Path | None,
        *arguments: str,
        ok: bool | None = True,
        more: Sequence[Path] = (),
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            snakemake_command(workdir, config, *arguments, more=more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert ok is None or (done.returncode == 0) == ok, done.stdout
        return done

    return run
