"""Snakemake's ``--logger brief``: a dozen lines with progress and the time left, and all errors.

Everything else is in ``.snakemake/log/`` and, job by job, in ``logs/``.
"""

import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_brief.progress import Progress, clock, roughly

LAST = 20
"""Lines of a failed job's log that are shown if it has no sentence."""


def reason(logs: Sequence[str]) -> str:
    """What the logs of a failed job say: from the error's sentence on, else their last lines."""
    files = [Path(path) for path in logs if Path(path).is_file()]
    lines = "\n".join(path.read_text("utf-8", errors="replace") for path in files).splitlines()
    sentences = [number for number, line in enumerate(lines) if line.startswith("Error: ")]
    return "\n".join(lines[sentences[-1] if sentences else -LAST :])


class LogHandler(LogHandlerBase):
    """Writes to the console what a person waits for."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self) -> None:
        # Not above: Snakemake imports every plugin, and another version may be in use with it.
        from culturalign.jobs import LOG_ONLY

        os.environ[LOG_ONLY] = "1"  # jobs inherit it
        self.start, self.cores, self.shown = time.monotonic(), 1, 0
        self.progress: Progress | None = None
        self.names: dict[int, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Follow the run, and show what went wrong."""
        event, facts, text = getattr(record, "event", None), record.__dict__, record.getMessage()
        if event is LogEvent.JOB_ERROR:
            name = self.names.get(facts["jobid"], facts["rule_name"])
            self.say(f"Error in {name}. Its log: {', '.join(facts['log'])}")
            self.say(reason(facts["log"]))
        elif "CalledProcessError" in text:
            pass  # the error of a job, once more
        elif record.levelno >= logging.WARNING or text.startswith("Nothing to be done"):
            self.say(text)
        elif event is LogEvent.RESOURCES_INFO:
            self.cores = facts.get("cores", self.cores)
        elif event is LogEvent.RUN_INFO:
            self.begin(facts["stats"])
        elif self.progress:
            self.follow(self.progress, event, facts)

    def begin(self, stats: Mapping[str, int]) -> None:
        """Say what will run."""
        jobs = {rule: count for rule, count in stats.items() if rule != "total"}
        self.progress, self.start = Progress(jobs, self.cores), time.monotonic()
        self.say(f"{stats['total']} jobs on {self.cores} cores.")
        self.say("Each job's output is in logs/<rule>/, Snakemake's own in .snakemake/log/.")

    def follow(self, progress: Progress, event: LogEvent | None, facts: Mapping[str, Any]) -> None:
        """Count jobs that start and end; say so at every tenth of the work."""
        now = time.monotonic() - self.start
        if event is LogEvent.JOB_INFO:
            job, rule = facts["jobid"], facts["rule_name"]
            self.names[job] = " ".join([rule, "/".join(facts["wildcards"].values())]).strip()
            progress.running[job] = rule, now
        elif event is LogEvent.JOB_FINISHED:
            progress.finish(facts["job_id"])
        # When a job starts, since the line names those that run; none starts after the last.
        tenth = int(10 * progress.done / progress.total)
        if tenth > self.shown and (event is LogEvent.JOB_INFO or tenth == 10):
            self.shown = tenth
            self.say(f"{10 * tenth:3} % after {clock(now)}{self.ahead(progress, now)}")

    def ahead(self, progress: Progress, now: float) -> str:
        """The time left, once it is known, and the jobs that run."""
        names = ", ".join(self.names[job] for job in progress.running)
        left = progress.left(now)
        time_left = "" if left is None else f", {roughly(left)}"
        return f"{time_left}; running: {names}" if names else ""

    def say(self, text: str) -> None:
        """Write to the console."""
        print(text, file=sys.stderr, flush=True)
