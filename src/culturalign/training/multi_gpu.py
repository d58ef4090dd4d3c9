"""Training on several GPUs of one machine: one process, a rank, for each."""

import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import torch
from torch.distributed import TCPStore

from culturalign.errors import UserError
from culturalign.models.gpus import require_gpus
from culturalign.training.preemption import SIGTERM_STATUS, preemptible

POLL_SECONDS = 0.2
SOURCE = Path(__file__).resolve().parents[2]
"""Where this package is; the ranks do not inherit Snakemake's ``sys.path``."""


def stream_output(poll: Callable[[], int | None], output: Path, begin: int = 0) -> int:
    """Copy what processes append to a file to standard error, until they have ended.

    Args:
        poll: Gives their exit status; None while they run.
        output: The file. Not a pipe: a process that they leave behind would hold it open.
        begin: Where in the file to begin, bytes.

    Returns:
        The exit status.
    """
    with output.open(encoding="utf-8", errors="replace") as file:
        file.seek(begin)
        while True:
            status = poll()  # before reading, so that the last lines are read
            sys.stderr.write(file.read())
            if status is not None:
                return status
            time.sleep(POLL_SECONDS)


def process_count(devices: int) -> int:
    """How many processes train: one for each requested GPU that is there, at least one.

    Raises:
        UserError: If the job was given GPUs that are not there.
    """
    require_gpus()
    return max(1, min(devices, torch.cuda.device_count()))


def launch(module: str, job: str, processes: int) -> None:
    """Run a module in several processes until all have ended.

    Each gets the path of a file that holds the job, JSON. If one fails, the others are killed. On
    SIGTERM the ranks save a checkpoint first.

    Raises:
        UserError: If a rank fails.
        SystemExit: If a rank fails after SIGTERM has arrived.
    """
    with tempfile.TemporaryDirectory(prefix="launch-") as folder:
        file = Path(folder, "job.json")
        file.write_text(job, encoding="utf-8")
        command = [sys.executable, "-m", module, str(file)]
        status, preempted = _run(command, processes, Path(folder, "output.log"))
    if status and preempted:
        sys.exit(SIGTERM_STATUS)
    if status:
        raise UserError(
            f"one of {processes} training processes failed; what it printed is above. Checkpoints "
            "are kept: the same command continues from the last one"
        )


def _run(command: Sequence[str], processes: int, output: Path) -> tuple[int, bool]:
    """Run the ranks; returns the status of the first that fails, and whether SIGTERM arrived."""
    # The ranks find each other here. The port is free, unlike one chosen in advance.
    store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    started: list[subprocess.Popen[bytes]] = []

    def poll() -> int | None:
        if timer.preempted:  # again and again: a rank ignores it until it trains
            for process in started:
                process.terminate()
        statuses = [process.poll() for process in started]
        return next(filter(None, statuses), None if None in statuses else 0)

    with preemptible(math.inf) as timer:
        try:
            with output.open("wb") as file, ignored_sigterm():  # inherited, until a rank trains
                for rank in range(processes):
                    started.append(_start(command, environment(rank, processes, store.port), file))
            return stream_output(poll, output), timer.preempted
        finally:
            for process in started:
                with suppress(ProcessLookupError):  # with whatever it has started
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _start(
    command: Sequence[str], given: Mapping[str, str], file: BinaryIO
) -> subprocess.Popen[bytes]:
    """A rank, in a process group of its own."""
    return subprocess.Popen(command, env=given, stdout=file, stderr=file, start_new_session=True)


@contextmanager
def ignored_sigterm() -> Iterator[None]:
    """Ignore SIGTERM, as processes started meanwhile do until they handle it."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def environment(rank: int, processes: int, port: int) -> dict[str, str]:
    """Environment of a rank, as ``torchrun`` would set it."""
    paths = [str(SOURCE), os.environ.get("PYTHONPATH", "")]
    return {
        "OMP_NUM_THREADS": "1",  # else the ranks take every core; the job sets torch's threads
        **os.environ,
        "ACCELERATE_MIXED_PRECISION": "no",  # the training's own setting decides
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(processes),
        "LOCAL_WORLD_SIZE": str(processes),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "TORCHELASTIC_USE_AGENT_STORE": "True",  # rank 0 opens no store of its own
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }
