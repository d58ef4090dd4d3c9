"""The plan as text: what is added up by rule, and by table and figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from culturalign.plan.planned_jobs import Job, needed_by


@dataclass(frozen=True)
class Cost:
    """What a job takes.

    Attributes:
        gpus: GPUs.
        hours: Wall time on them; None if not known.
        measured: Whether that is the mean of finished jobs, not the model's estimate.
        disk: Bytes that stay; None if not known.
        scratch: Bytes of its checkpoints while it runs; None if not known.
    """

    gpus: int
    hours: float | None
    measured: bool
    disk: float | None
    scratch: float | None


Costs = Callable[[Job], Cost]


def by_rule(jobs: Sequence[Job], costs: Costs) -> str:
    """A row for each rule that asks for GPUs, one for all others, and the total."""
    rules = dict.fromkeys(job.rule for job in jobs if job.gpus)
    chosen = {rule: [job for job in jobs if job.rule == rule] for rule in rules}
    chosen["all others, without a GPU"] = [job for job in jobs if job.rule not in rules]
    rows = [_rule_row(rule, [costs(job) for job in group]) for rule, group in chosen.items()]
    rows.append(_rule_row("total", [costs(job) for job in jobs]))
    headers = ["rule", "jobs", "GPUs a job", "GPU-hours", "longest job, h", "from"]
    return _table(rows, [*headers, "disk, GB", "scratch a job, GB"])


def _rule_row(rule: str, group: Sequence[Cost]) -> list[str]:
    gpus = sorted({cost.gpus for cost in group if cost.gpus})
    told = [cost for cost in group if cost.gpus]
    seen = sum(cost.measured for cost in told)
    origin = "" if not told else "model" if not seen else f"{seen} of {len(told)} measured"
    return [
        rule,
        str(len(group)),
        ", ".join(map(str, gpus)),
        _sum([None if cost.hours is None else cost.hours * cost.gpus for cost in group]),
        _most([cost.hours for cost in told], 1),
        origin,
        _sum([_gigabytes(cost.disk) for cost in group]),
        _most([_gigabytes(cost.scratch) for cost in group], 0),
    ]


def by_target(jobs: Sequence[Job], costs: Costs) -> str:
    """A row for each table and figure: what it takes alone, with all it needs."""
    files = [file for job in jobs for file in job.outputs]
    shown = ("results/tables", "results/figures")
    targets = sorted(f for f in files if str(Path(f).parent) in shown and f.endswith(".csv"))
    rows = []
    for file in targets:
        group = [costs(job) for job in needed_by(jobs, [file])]
        hours = [None if cost.hours is None else cost.hours * cost.gpus for cost in group]
        count = sum(bool(cost.gpus) for cost in group)
        disk = _sum([_gigabytes(cost.disk) for cost in group])
        rows.append([Path(file).stem, str(len(group)), str(count), _sum(hours), disk])
    return _table(rows, ["table or figure", "jobs", "with GPUs", "GPU-hours", "disk, GB"])


def _gigabytes(size: float | None) -> float | None:
    return None if size is None else size / 1e9


def _sum(values: Sequence[float | None]) -> str:
    """A sum to one decimal; ``at least`` where some are not known."""
    known = [value for value in values if value is not None]
    return f"{'' if len(known) == len(values) else 'at least '}{sum(known):.1f}"


def _most(values: Sequence[float | None], digits: int) -> str:
    known = [value for value in values if value]
    return f"{max(known):.{digits}f}" if known else ""


def _table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    right = ("left", *("right",) * (len(headers) - 1))
    return tabulate(rows, headers=headers, colalign=right, disable_numparse=True)
