"""Following a program that a job starts: its output, until it has ended."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

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
