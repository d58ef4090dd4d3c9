"""How far a run is, and how long it will still take."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SECONDS = {
    "train_sft": 55, "train_ppo": 25, "unpack_model": 10, "generate_associations": 10,
    "generate_rankings": 11, "answer_survey": 7, "answer_mcq": 11, "choose_labels": 3,
    "choose_mcq_labels": 3,
}  # fmt: skip
"""Processor time of a rule's job in the demo, where it is not about a second. The run's own pace
replaces the scale; only the proportions matter."""
TRUST = 60.0
"""Processor seconds after which the run's own pace counts as much as :data:`SECONDS`."""

KNOWN = 0.2
"""Share of the work that has to be done before the time left is told: before, :data:`SECONDS` alone
would tell it, whatever the machine, the models, and the data."""


def seconds(rule: str) -> float:
    """Processor time that a job of a rule is expected to take."""
    return SECONDS.get(rule, 1)


@dataclass
class Progress:
    """The work of a run. Times are seconds since its start."""

    jobs: Mapping[str, int]
    """Rule -> number of its jobs."""
    cores: int
    done: float = 0
    """Expected processor seconds of the jobs that have ended."""
    running: dict[int, tuple[str, float]] = field(default_factory=dict)
    """Job -> rule, time of its start."""

    @property
    def total(self) -> float:
        """Expected processor seconds of all jobs."""
        return sum(count * seconds(rule) for rule, count in self.jobs.items())

    def finish(self, job: int) -> None:
        """Count a job that has ended."""
        if job in self.running:
            self.done += seconds(self.running.pop(job)[0])

    def work(self, now: float) -> float:
        """Expected processor seconds behind us; a running job counts in part."""
        parts = (min(now - start, 0.9 * seconds(rule)) for rule, start in self.running.values())
        return self.done + sum(parts)

    def left(self, now: float) -> float | None:
        """Seconds until the end, at the pace so far; None until enough is done to know it."""
        if self.done < KNOWN * self.total:
            return None
        work = self.work(now)
        pace = (now * self.cores + TRUST) / (work + TRUST)
        return pace * (self.total - work) / self.cores


def clock(span: float) -> str:
    """Minutes and seconds."""
    return f"{int(span) // 60}:{int(span) % 60:02d}"


def roughly(span: float) -> str:
    """A time left, in words."""
    return f"about {round(span / 60)} min left" if span >= 90 else "about a minute left"
