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
