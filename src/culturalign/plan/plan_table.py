"""The plan as text: sums by rule, and by table and figure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from culturalign.plan.planned_jobs import Job, needed_by


@dataclass(frozen=True)
class Cost:
    """The cost of a job; None if not known.

    Attributes:
        gpus: Number of GPUs.
        hours: Wall time on them.
        measured: Whether that is the mean of finished jobs, not an estimate.
        disk: Bytes that stay.
        scratch: Bytes of its checkpoints while it runs.
    """

    gpus: int
    hours: float | None
    measured: bool
    disk: float | None
    scratch: float | None

    @property
    def gpu_hours(self) -> float | None:
        """Wall time times GPUs."""
        return None if self.hours is None else self.hours * self.gpus


Costs = Callable[[Job], Cost]


def by_rule(jobs: Sequence[Job], costs: Costs) -> str:
    """A row for each rule that needs GPUs, one for all others, and the total."""
    rules = dict.fromkeys(job.rule for job in jobs if job.gpus)
    chosen = {rule: [job for job in jobs if job.rule == rule] for rule in rules}
    chosen["all others, without a GPU"] = [job for job in jobs if job.rule not in rules]
    rows = [_rule_row(rule, [costs(job) for job in group]) for rule, group in chosen.items()]
    rows.append(_rule_row("total", [costs(job) for job in jobs]))
    headers = ["rule", "jobs", "GPUs a job", "GPU-hours", "longest job, h", "from"]
    return table(rows, [*headers, "disk, GB", "scratch a job, GB"])


def _rule_row(rule: str, group: Sequence[Cost]) -> list[str]:
    gpus = sorted({cost.gpus for cost in group if cost.gpus})
    on_gpus = [cost for cost in group if cost.gpus]
    seen = sum(cost.measured for cost in on_gpus)
    origin = f"{seen} of {len(on_gpus)} measured" if seen else "model" if on_gpus else ""
    return [
        rule,
        str(len(group)),
        ", ".join(map(str, gpus)),
        _sum(cost.gpu_hours for cost in group),
        _most((cost.hours for cost in on_gpus), 1),
        origin,
        _sum((cost.disk for cost in group), 1e9),
        _most((cost.scratch for cost in group), 0, 1e9),
    ]


def by_target(jobs: Sequence[Job], costs: Costs) -> str:
    """A row for each table and figure: its cost with all that it needs."""
    files = [file for job in jobs for file in job.outputs]
    shown = ("results/tables", "results/figures")
    targets = sorted(f for f in files if str(Path(f).parent) in shown and f.endswith(".csv"))
    rows = []
    for file in targets:
        group = [costs(job) for job in needed_by(jobs, [file])]
        sums = _sum(cost.gpu_hours for cost in group), _sum((cost.disk for cost in group), 1e9)
        count = sum(bool(cost.gpus) for cost in group)
        rows.append([Path(file).stem, str(len(group)), str(count), *sums])
    return table(rows, ["table or figure", "jobs", "with GPUs", "GPU-hours", "disk, GB"])


def loading(jobs: Iterable[Job], seconds: float) -> str:
    """A sentence about how often a model is loaded, each time for some seconds."""
    loads = [job.gpus for job in jobs if job.gpus]
    answers = sum(bool(job.gpus) and not job.trains for job in jobs)
    hours = sum(loads) * seconds / 3600
    return (
        f"Models are loaded {len(loads)} times, {answers} of them to answer: {hours:.1f} of the "
        f"GPU-hours, at {seconds:g} s."
    )


def too_long(jobs: Iterable[Job], costs: Costs, longest: float) -> str | None:
    """A sentence about answering jobs that will not end in the time they get; None without any.

    Args:
        jobs: Planned jobs.
        costs: Of each.
        longest: Hours that an answering job gets at most. A training continues in the next try.
    """
    answering = [job for job in jobs if job.gpus and not job.trains]
    hours = [(costs(job).hours or 0.0, job) for job in answering]
    slow = {f"{j.rule} of {j.wildcards.get('model', 'role-play')}" for h, j in hours if h > longest}
    if not slow:
        return None
    return (
        f"Too long: {', '.join(sorted(slow))}, up to {max(h for h, _ in hours):.0f} hours. Above "
        f"{longest:g} hours a job gets no margin over its plan, and one that answers writes "
        "nothing until it is done: it might start over for ever. Use engine: vllm, more GPUs "
        "(tensor_parallel), or fewer questions; or --set-resources RULE:runtime=MINUTES"
    )


def _sum(values: Iterable[float | None], unit: float = 1.0) -> str:
    """A sum to one decimal; ``at least`` if some values are not known."""
    every = list(values)
    known = [value / unit for value in every if value is not None]
    return f"{'' if len(known) == len(every) else 'at least '}{sum(known):.1f}"


def _most(values: Iterable[float | None], digits: int, unit: float = 1.0) -> str:
    known = [value / unit for value in values if value]
    return f"{max(known):.{digits}f}" if known else ""


def table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    """Rows under headers; all columns but the first are numbers."""
    right = ("left", *("right",) * (len(headers) - 1))
    return tabulate(rows, headers=headers, colalign=right, disable_numparse=True)
