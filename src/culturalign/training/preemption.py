"""When a training run saves itself: every so many minutes, and when it is told to stop.

SLURM sends SIGTERM before it preempts a job or ends its time (slurm/profile.yaml), and SIGKILL
some time later. A run that heeds the first saves a checkpoint and leaves; the next goes on there.
"""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

STATUS = 128 + signal.SIGTERM
"""Exit status of a process that ended because of the signal, as shells count it."""


class Pace:
    """When to save.

    Attributes:
        stop: Whether SIGTERM has come.
    """

    def __init__(self, minutes: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count.

        Args:
            minutes: Longest time between two checkpoints.
            clock: Seconds.
        """
        self.stop = False
        self._seconds, self._clock, self._last = minutes * 60, clock, clock()

    def due(self) -> bool:
        """Whether a checkpoint is to be written now."""
        return self.stop or self._clock() - self._last >= self._seconds

    def saved(self) -> None:
        """Count from now."""
        self._last = self._clock()

    def leave(self, done: str) -> NoReturn:
        """End the process after the checkpoint that SIGTERM asked for.

        Args:
            done: How far the run is, e.g. "step 40 of 200".
        """
        print(f"Told to stop: saved at {done}; the next run continues there.", file=sys.stderr)
        sys.exit(STATUS)


@contextmanager
def paced(minutes: float) -> Iterator[Pace]:
    """Heed SIGTERM within the block, at the next step, instead of dying of it."""
    pace = Pace(minutes)

    def note(*_: object) -> None:
        pace.stop = True

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield pace
    finally:
        signal.signal(signal.SIGTERM, before)
