"""The plan of four sizes of cluster, as docs/slurm.md prints it."""

import io
import re
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from culturalign.plan.__main__ import main
from tests import tiny
from tests.dag.test_dag import with_licensed_files

PAGE = (tiny.ROOT / "docs/slurm.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip(" `") for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d of \d+ GB", line)
]
ONE_A100 = re.search(r"`one_a100.yaml` is yours:\n\n```yaml\n(.*?)```", PAGE, re.DOTALL)[1]


def with_norms(workdir: Path) -> Path:
    """The same with the (empty) norm files of the paper: tables 5, 6, 12, and 13 need them."""
    paper = yaml.safe_load((tiny.ROOT / "config/paper.yaml").read_text(encoding="utf-8"))
    for source in [norm for norms in paper["norms"]["files"].values() for norm in norms]:
        path = workdir / source["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return workdir


@pytest.fixture(scope="module")
def planned(snakemake, tmp_path_factory):
    """Function: the total of a plan, from the names of its files."""
    workdir = with_norms(with_licensed_files(tmp_path_factory.mktemp("sizes")))
    (workdir / "one_a100.yaml").write_text(ONE_A100, encoding="utf-8")

    @cache
    def total(names: str) -> list[str]:
        root = {True: tiny.ROOT, False: workdir}
        files = [root[name.startswith("config/")] / name for name in names.split()]
        printed = snakemake(workdir, files[0], "-n", "all", more=files[1:]).stdout
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(workdir)
            patched.setattr(sys, "stdin", io.StringIO(printed))
            patched.setattr(sys, "stdout", output := io.StringIO())
            main([str(file) for file in (tiny.ROOT / "config/config.yaml", *files)])
        text = output.getvalue()
        row = next(line for line in text.splitlines() if line.startswith("total"))
        _, jobs, _, hours, longest, *_, disk, scratch = re.split(r" {2,}", row)
        loads, loading = re.search(
            r"loaded (\d+) times.*: ([\d.]+) of the GPU-hours", text
        ).groups()
        return [jobs, loads, hours, loading, longest, disk, scratch]

    return total


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_page_prints_what_the_plan_says(planned, row):
    gpus, names, jobs, loads, hours, loading, longest, days, disk, scratch = row
    assert [jobs, loads, hours, loading, longest, disk, scratch] == planned(names)
    assert days == f"{float(hours) / int(gpus.split()[0]) / 24:.1f}"


def test_the_run_on_one_card_of_24_gb_is_planned_below_six_hours(planned):
    (row,) = [row for row in ROWS if "24 GB" in row[0]]
    assert Path(tiny.ROOT, row[1].split()[-1]).name == "one_gpu.yaml"
    assert 0 < float(planned(row[1])[2]) < 6
