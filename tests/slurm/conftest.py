"""One SLURM for all tests of this folder; skipped with a sentence where it cannot run."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import tiny
from tests.slurm.cluster import DEFAULT, Cluster


def reason() -> str | None:
    """Why no SLURM can be started here."""
    if os.environ.get("CULTURALIGN_TEST_SLURM") != "1":
        return "needs a SLURM of its own: make test-slurm"
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return "needs root on Debian, to install and start SLURM"
    if importlib.util.find_spec("snakemake_executor_plugin_slurm") is None:
        return "needs snakemake-executor-plugin-slurm"
    if DEFAULT.exists():
        return f"there is a SLURM here already: {DEFAULT}"
    return None


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster."""
    if why := reason():
        pytest.skip(why)
    found = Cluster(tmp_path_factory.mktemp("slurm"))
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="session")
def config(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model, one culture, both ways of training; SFT long enough to be interrupted."""
    settings = tiny.overlay(
        tiny_model,
        run={"cultures": ["demo_a"], "methods": ["sft", "ppo"]},
        methods={"sft": {"epochs": 8, "checkpoint_steps": 5}},
        survey=None,
        norms=None,
    )
    return tiny.write_config(tmp_path_factory.mktemp("config") / "tiny.yaml", settings)


Submit = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def submit(cluster: Cluster, config: Path) -> Submit:
    """Start Snakemake with the shipped profile, the site's overrides and the configuration."""

    def start(workdir: Path, *arguments: str) -> subprocess.Popen[str]:
        profiles = ["--profile", str(tiny.ROOT / "slurm")]
        profiles += ["--profile", str(tiny.ROOT / "tests/slurm/site")]
        command = [sys.executable, "-m", "snakemake", "--snakefile", str(tiny.ROOT / "Snakefile")]
        command += ["--directory", str(workdir), *profiles, *arguments]
        return subprocess.Popen(
            [*command, "--configfile", str(config)],
            env=cluster.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start
