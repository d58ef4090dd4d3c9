"""pytest plugin of make test-gpu: what has passed on this node is not run again."""

import pytest

from tests.gpu import record

FIRST = ("test_preflight", "test_environments", "test_training", "test_engines")
"""Test files that begin: what is cheap, and what the others need."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests that passed before, with the same environment, GPUs, packages and code."""
    items.sort(
        key=lambda item: FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST)
    )
    done = set(record.passed(record.here()))
    for item in items:
        if item.nodeid in done:
            item.add_marker(pytest.mark.skip(reason="passed here before"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Record each test that passed as soon as it has."""
    if report.when == "call" and report.passed:
        record.note_passed(record.here(), report.nodeid)
