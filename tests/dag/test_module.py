"""The workflow as a module of another workflow, in another folder."""

from pathlib import Path

import pytest

from tests.tiny import ROOT

IMPORTING = """
module culturalign:
    snakefile: "{root}/workflow/Snakefile"
    config: config

use rule * from culturalign as align_*

rule count_lines:
    input: "results/data/demo_a/splits.parquet"
    output: "size.txt"
    shell: "wc -c {{input}} > {{output}}"
"""


@pytest.fixture
def neighbor(tmp_path: Path) -> Path:
    """A workflow that imports this one and builds one culture of it."""
    (tmp_path / "Snakefile").write_text(IMPORTING.format(root=ROOT), encoding="utf-8")
    overlay = "run: {cultures: [demo_a], methods: [sft]}\n"
    (tmp_path / "mine.yaml").write_text(overlay, encoding="utf-8")
    return tmp_path


def test_another_workflow_plans_and_runs_rules_of_this_one(neighbor, snakemake):
    arguments = ("--snakefile", str(neighbor / "Snakefile"))
    printed = snakemake(neighbor, neighbor / "mine.yaml", "-n", "align_all", *arguments).stdout
    assert "align_train_sft" in printed and "demo_b" not in printed
    snakemake(neighbor, neighbor / "mine.yaml", "count_lines", *arguments)
    assert (neighbor / "size.txt").exists() and not (neighbor / "results/data/demo_b").exists()


SHOWING = """
include: "{root}/Snakefile"

onsuccess:
    print("limit of jobs a second:", workflow.scheduler.job_rate_limiter)
"""


@pytest.mark.parametrize("limit", ["", "5/10s"])
def test_only_a_limit_of_ones_own_limits_jobs_a_second(tmp_path, snakemake, limit):
    """The default makes Snakemake look through waiting jobs more and more often."""
    (tmp_path / "Snakefile").write_text(SHOWING.format(root=ROOT), encoding="utf-8")
    (tmp_path / "mine.yaml").write_text("run: {seeds: [0]}\n", encoding="utf-8")
    arguments = ["table10", "--snakefile", str(tmp_path / "Snakefile")]
    arguments += ["--max-jobs-per-timespan", limit] if limit else []
    printed = snakemake(tmp_path, tmp_path / "mine.yaml", *arguments).stdout
    assert ("limit of jobs a second: None" in printed) == (not limit)
