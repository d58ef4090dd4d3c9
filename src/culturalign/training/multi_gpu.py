"""Training on several GPUs: one process each, started by ``accelerate launch``.

Who gets SIGTERM matters. The launcher would answer it by ending its processes within 30 seconds,
so it ignores the signal, and this process passes it to the training processes, which save
themselves first (:mod:`culturalign.stopping`).
"""

import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil
import torch
import yaml

from culturalign.errors import UserError
from culturalign.training.preemption import STATUS, paced

PAUSE = 0.2
"""Seconds between looks at the output."""


class Pollable(Protocol):
    """What :class:`subprocess.Popen` and its relatives have in common."""

    def poll(self) -> int | None:
        """Exit status; None while the process runs."""


def follow(
    process: Pollable,
    output: Path,
    begin: int = 0,
    each: Callable[[], None] = lambda: None,
) -> int:
    """Copy what a process appends to a file to standard error, until it has ended.

    Args:
        process: Which writes to the file.
        output: The file. Not a pipe: what the process leaves behind would hold it open.
        begin: Where in the file to begin, bytes.
        each: Called at every look.

    Returns:
        The exit status.
    """
    with output.open(encoding="utf-8", errors="replace") as file:
        file.seek(begin)
        while True:
            status = process.poll()  # before reading, so that the last lines are read
            sys.stderr.write(file.read())
            if status is not None:
                return status
            each()
            time.sleep(PAUSE)


SOURCE = Path(__file__).resolve().parents[2]
"""Where this package is; what the launcher starts does not inherit Snakemake's ``sys.path``."""


def count(devices: int) -> int:
    """How many processes train: one for each GPU asked for that is there, at least one."""
    return max(1, min(devices, torch.cuda.device_count()))


def launch(module: str, job: str, processes: int) -> None:
    """Run a module in several processes, to the end of all.

    Each gets the path of a file as its argument. If one of them fails, the launcher ends the
    others, after 30 seconds by force, and this fails, too.

    Args:
        module: To be run as ``python -m`` does.
        job: Content of the file, JSON.
        processes: How many.

    Raises:
        UserError: If one fails.
        SystemExit: If one fails after SIGTERM has come.
    """
    with tempfile.TemporaryDirectory(prefix="launch-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(job, encoding="utf-8")
        (folder / "launch.yaml").write_text(yaml.safe_dump(settings(processes)), encoding="utf-8")
        command = [sys.executable, "-m", "accelerate.commands.launch"]
        command += ["--config_file", str(folder / "launch.yaml")]
        command += ["--module", module, str(folder / "job.json")]
        status, terminated = _run(command, folder / "output.log")
    if status and terminated:
        sys.exit(STATUS)
    if status:
        raise UserError(
            f"one of {processes} training processes failed; what it printed is above. Checkpoints "
            "are kept: the same command continues from the last one"
        )


def settings(processes: int) -> dict[str, object]:
    """The launcher's configuration; without one it would read the user's own."""
    return {
        "compute_environment": "LOCAL_MACHINE",
        "distributed_type": "MULTI_GPU",
        "num_processes": processes,
        "num_machines": 1,
        "machine_rank": 0,
        "main_process_port": 0,  # a free one
        "gpu_ids": "all",
        "mixed_precision": "no",  # the training's own setting decides
        "use_cpu": False,
        "debug": False,
    }


def environment() -> dict[str, str]:
    """Environment of the launcher and of what it starts."""
    paths = [str(SOURCE), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PET_SIGNALS_TO_HANDLE": "SIGINT,SIGHUP,SIGQUIT",  # all but SIGTERM
    }


def _run(command: list[str], output: Path) -> tuple[int, bool]:
    """Run the launcher; its exit status, and whether SIGTERM has come."""
    with output.open("wb") as file:
        before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # inherited by what is started
        launcher = psutil.Popen(command, env=environment(), stdout=file, stderr=subprocess.STDOUT)
        signal.signal(signal.SIGTERM, before)
    started: list[psutil.Process] = []

    def look() -> None:
        with suppress(psutil.NoSuchProcess):
            started[:] = launcher.children(recursive=True)
        if pace.stop:  # again and again: a process ignores it until it begins to train
            _each(started, psutil.Process.terminate)

    with paced(math.inf) as pace:
        try:
            return follow(launcher, output, each=look), pace.stop
        finally:
            _each([launcher, *started], psutil.Process.kill)


def _each(processes: Sequence[psutil.Process], act: Callable[[psutil.Process], None]) -> None:
    """Do something to every process that is still there."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            act(process)
