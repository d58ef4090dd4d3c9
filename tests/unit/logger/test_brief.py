"""``snakemake --logger brief``, by the tests of Snakemake's own interface and line by line."""

import logging
import os
import sys
from typing import Any

import pytest
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.tests import MockOutputSettings, TestLogHandlerBase

from culturalign.jobs import LOG_ONLY, logged, note
from snakemake_logger_plugin_brief import LogHandler, reason


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """The handler sets it for all jobs."""
    monkeypatch.setenv(LOG_ONLY, "")


class TestInterface(TestLogHandlerBase):
    __test__ = True

    def get_log_handler_cls(self) -> type[LogHandlerBase]:
        return LogHandler

    def get_log_handler_settings(self) -> Any:
        return None


def emit(
    handler: LogHandler, event: LogEvent | None, level: int = logging.INFO, text: str = "", **facts
) -> None:
    record = logging.LogRecord("snakemake", level, "", 0, text, None, None)
    record.__dict__.update(facts, event=event)
    handler.emit(record)


def start(handler: LogHandler, job: int) -> None:
    facts = {"rule_name": "score_mcq", "wildcards": {"arm": "vanilla", "culture": f"c{job}"}}
    emit(handler, LogEvent.JOB_INFO, jobid=job, input=["src/secret.py"] * 50, **facts)


def run(handler: LogHandler, jobs: int) -> None:
    emit(handler, LogEvent.RESOURCES_INFO, cores=2)
    emit(handler, LogEvent.RUN_INFO, stats={"score_mcq": jobs, "total": jobs})
    for job in range(jobs):
        start(handler, job)
        emit(handler, LogEvent.JOB_FINISHED, job_id=job)


def test_libraries_and_child_processes_find_an_open_stream(tmp_path):
    with logged(str(tmp_path / "job.log")):
        os.fstat(sys.stdout.fileno())
        os.fstat(sys.stderr.fileno())


def test_a_run_of_many_jobs_takes_a_dozen_lines(capsys):
    run(LogHandler(MockOutputSettings(), None), 200)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 12 and lines[0] == "200 jobs on 2 cores."
    assert lines[2] == " 10 % after 0:00; running: score_mcq vanilla/c20"
    assert lines[3].startswith(" 20 % after 0:00, about ")
    assert lines[3].endswith(" left; running: score_mcq vanilla/c40")
    assert lines[-1] == "100 % after 0:00" and "secret" not in "".join(lines)


def test_an_error_is_shown_with_rule_log_and_sentence(capsys, tmp_path):
    log = tmp_path / "job.log"
    log.write_text("reading\nError: a.csv: line 3 is empty; fill it\nNothing was written.\n")
    handler = LogHandler(MockOutputSettings(), None)
    run(handler, 1)
    capsys.readouterr()
    start(handler, 1)
    emit(handler, LogEvent.ERROR, logging.ERROR, "CalledProcessError in file x.smk, line 3: ...")
    emit(handler, LogEvent.JOB_ERROR, logging.ERROR, jobid=1, rule_name="score_mcq", log=[str(log)])
    assert capsys.readouterr().err.splitlines() == [
        f"Error in score_mcq vanilla/c1. Its log: {log}",
        "Error: a.csv: line 3 is empty; fill it",
        "Nothing was written.",
    ]


def test_without_a_sentence_the_end_of_the_log_is_shown(tmp_path):
    log = tmp_path / "job.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    shown = reason([str(log), str(tmp_path / "missing.log")]).splitlines()
    assert (len(shown), shown[-1]) == (20, "line 99")


def test_warnings_and_that_nothing_is_to_do_are_shown(capsys):
    handler = LogHandler(MockOutputSettings(), None)
    emit(handler, None, logging.WARNING, "the disk is slow")
    emit(handler, None, logging.INFO, "Nothing to be done (all files are there).")
    emit(handler, None, logging.INFO, "Building DAG of jobs...")
    assert (
        capsys.readouterr().err == "the disk is slow\nNothing to be done (all files are there).\n"
    )


def test_jobs_write_to_their_logs_only(capsys, monkeypatch, tmp_path):
    monkeypatch.delenv(LOG_ONLY)
    LogHandler(MockOutputSettings(), None)
    assert LOG_ONLY in os.environ
    with logged(str(tmp_path / "job.log")):
        note("38 cues")
        print("{'loss': '4.15'}")  # a library prints to standard output
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "job.log").read_text() == "38 cues\n{'loss': '4.15'}\n"
