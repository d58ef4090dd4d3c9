"""The jobs of a dry run, read from the text that ``snakemake -n`` prints."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HEAD = re.compile(r"^(?:local)?rule (\w+):$")
FIELD = re.compile(r"^ {4}(input|output|wildcards|resources): (.*)$")


@dataclass(frozen=True)
class Job:
    """A job that is still to run: its rule, files, wildcards by name, and number of GPUs."""

    rule: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    wildcards: Mapping[str, str]
    gpus: int

    @property
    def trains(self) -> bool:
        """Whether it trains a model: out of time, it continues from a checkpoint."""
        return self.rule.startswith("train_")


def read_jobs(lines: Iterable[str]) -> list[Job]:
    """Jobs of a dry run, in its order."""
    jobs: list[Job] = []
    rule, fields = "", dict[str, str]()
    for line in [*lines, "rule end:"]:
        if head := HEAD.match(line.rstrip("\n")):
            if rule:
                jobs.append(_job(rule, fields))
            rule, fields = head[1], {}
        elif field := FIELD.match(line.rstrip("\n")):
            fields[field[1]] = field[2]
    return jobs


def _job(rule: str, fields: Mapping[str, str]) -> Job:
    wildcards = _pairs(fields.get("wildcards", ""))
    gpus = _pairs(fields.get("resources", "")).get("gpu", "0")
    return Job(rule, _list(fields.get("input")), _list(fields.get("output")), wildcards, int(gpus))


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


def _pairs(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(", ") if "=" in part)
    return {name: value for name, _, value in pairs}


def needed_by(jobs: Iterable[Job], files: Iterable[str]) -> list[Job]:
    """Jobs that must run for some files: those that write them, and all that these need."""
    writer = {file: job for job in jobs for file in job.outputs}
    found: dict[tuple[str, ...], Job] = {}
    queue = list(files)
    while queue:
        job = writer.get(queue.pop())
        if job and job.outputs not in found:
            found[job.outputs] = job
            queue += job.inputs
    return list(found.values())
