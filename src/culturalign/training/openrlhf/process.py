"""Running OpenRLHF with its own Ray on this machine; no process outlives the run."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from culturalign.errors import UserError
from culturalign.training.multi_gpu import stream_output

QUIET = {
    "HF_HUB_OFFLINE": "1",  # the model folder is local; nothing is fetched while it trains
    "RAY_DEDUP_LOGS": "0",  # else lines that look alike are dropped, steps among them
    "RAY_USAGE_STATS_ENABLED": "0",
    "VLLM_NO_USAGE_STATS": "1",
    "WANDB_MODE": "disabled",
}

LONGEST_FOLDER = 24
"""Characters of a temporary folder in which Ray's sockets keep names below 108: 13 for ours, 68 for
its own (``/ray/session_DATE_TIME_PID/sockets/plasma_store``)."""


def run(command: Sequence[str], log: Path) -> None:
    """Run a training command to its end; copy its output to standard error and to a log.

    A continued run appends to the log, which keeps the steps before the interruption.

    Raises:
        UserError: If the command fails.
    """
    with (
        tempfile.TemporaryDirectory(
            prefix="ray-", dir=short_folder(), ignore_cleanup_errors=True
        ) as folder,
        log.open("a", encoding="utf-8") as output,
    ):
        begin = output.tell()
        process = subprocess.Popen(
            command,
            env=environment(os.environ, Path(folder)),
            stdout=output,
            stderr=output,
            start_new_session=True,  # so that all of it can be ended
        )
        # By default SIGTERM would end this process only.
        before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
        try:
            status = stream_output(process.poll, log, begin)
        finally:
            end(process)
            signal.signal(signal.SIGTERM, before)
    if status:
        raise UserError(
            f"OpenRLHF ended with status {status}; what it printed is above. Its checkpoints are "
            "kept: the same command continues from the last one"
        )


def environment(inherited: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Environment of the run.

    Ray starts anew, with free ports, if it finds no address, and no other Ray in its folder.
    """
    kept = {name: value for name, value in inherited.items() if name != "RAY_ADDRESS"}
    own = {"RAY_TMPDIR": str(folder), "HF_DATASETS_CACHE": str(folder / "datasets")}
    return {**cuda_home(Path(sys.prefix)), **kept, **QUIET, **own}


def short_folder() -> str:
    """The temporary folder of the machine, or ``/tmp`` if its name is too long for sockets."""
    folder = tempfile.gettempdir()
    return folder if len(folder) <= LONGEST_FOLDER else "/tmp"


def cuda_home(prefix: Path) -> dict[str, str]:
    """``CUDA_HOME`` of an environment with a CUDA compiler; DeepSpeed asks for it."""
    return {"CUDA_HOME": str(prefix)} if (prefix / "bin/nvcc").is_file() else {}


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and everything it started that still runs."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
        except ProcessLookupError:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
