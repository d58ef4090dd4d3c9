"""When a training run saves a checkpoint: at regular times, and when it is preempted.

SLURM sends SIGTERM before it preempts a job or ends its time (slurm/profile.yaml), and SIGKILL
some time later. On SIGTERM a run saves a checkpoint and exits; the next run continues from it.
"""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

SIGTERM_STATUS = 128 + signal.SIGTERM
"""Exit status of a process that SIGTERM ended, as shells count it."""


class CheckpointTimer:
    """When the next checkpoint is due.

    Attributes:
        preempted: Whether SIGTERM has arrived.
    """

    def __init__(self, minutes: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start the timer, with the longest time between two checkpoints."""
        self.preempted = False
        self._seconds, self._clock, self._saved = minutes * 60, clock, clock()

    def due(self) -> bool:
        """Whether to save a checkpoint now."""
        return self.preempted or self._clock() - self._saved >= self._seconds

    def reset(self) -> None:
        """Start again, after a checkpoint."""
        self._saved = self._clock()

    def exit(self, progress: str) -> NoReturn:
        """End the process after the checkpoint that SIGTERM asked for, at "step 40 of 200"."""
        print(f"SIGTERM: saved at {progress}; the next run continues from there.", file=sys.stderr)
        sys.exit(SIGTERM_STATUS)


@contextmanager
def preemptible(minutes: float) -> Iterator[CheckpointTimer]:
    """Within the block SIGTERM does not kill the process; the timer records it."""
    timer = CheckpointTimer(minutes)

    def record(*_: object) -> None:
        timer.preempted = True

    before = signal.signal(signal.SIGTERM, record)
    try:
        yield timer
    finally:
        signal.signal(signal.SIGTERM, before)
