"""What Snakemake takes to plan the paper's whole run: before anything is made, and when all is.

Licensed files and results are empty here, and marked as made with ``snakemake --touch``; nothing is
computed. What is measured is ``snakemake -n all``:

    make bench-dag
"""

import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import rows

from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.files.required import required_files
from culturalign.files.yaml_file import read_document

ROOT = Path(__file__).resolve().parents[1]


def place_licensed_files(workdir: Path, config: Path) -> int:
    """Create every licensed file that a configuration names, empty; returns how many."""
    default, chosen = (
        read_document(path).content for path in (ROOT / "config/config.yaml", config)
    )
    files = required_files(load(merge(default, chosen)).model_dump())
    for file in files:
        _place(workdir / file.path)
    return len(files)


def command(workdir: Path, config: Path, *arguments: str) -> list[str]:
    """A Snakemake command on the project's Snakefile."""
    start = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    return [*start, "--directory", str(workdir), "--configfile", str(config), *arguments]


def measure(arguments: list[str], output: Path) -> rows.Taken:
    """Run a command, and keep what it prints.

    Raises:
        subprocess.CalledProcessError: If it fails; what it printed is in ``output``.
    """
    with output.open("w", encoding="utf-8") as stream:
        began = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=stream, stderr=subprocess.STDOUT, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, arguments, output.read_text(encoding="utf-8"))
    cpu, wall = usage.ru_utime + usage.ru_stime, time.perf_counter() - began
    return {"cpu": cpu, "wall": wall, "mib": usage.ru_maxrss / 1024}


def make_results(workdir: Path, config: Path) -> int:
    """Create every result, empty, and let Snakemake record them as made; returns how many."""
    listed = subprocess.run(
        command(workdir, config, "--summary", "all"),
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    rows = list(csv.DictReader(listed.stdout.splitlines(), delimiter="\t"))
    for row in rows:
        _place(workdir / row["output_file"])
    touch = command(workdir, config, "--touch", "--cores", "1", "all")
    subprocess.run(touch, capture_output=True, check=True, cwd=ROOT)
    return len(rows)


def _place(path: Path) -> None:
    """Create an empty file, or a folder where the name has no ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix:
        path.touch()
    else:
        path.mkdir(exist_ok=True)


def main() -> None:
    """Measure both dry runs."""
    parser = rows.arguments(__doc__)
    parser.add_argument("--config", type=Path, default=ROOT / "config/paper.yaml")
    options = parser.parse_args()
    config = options.config.resolve()
    with tempfile.TemporaryDirectory() as folder:
        workdir, output = Path(folder), Path(folder, "printed.txt")
        place_licensed_files(workdir, config)
        dry_run = command(workdir, config, "-n", "all")
        ours = {rows.OURS: partial(measure, dry_run, output)}
        measure(dry_run, output)
        jobs = re.search(r"^total +(\d+)$", output.read_text(encoding="utf-8"), re.MULTILINE)
        rows.by_turns("planning, nothing made", f"{jobs[1] if jobs else '?'} jobs", ours, options)
        results = make_results(workdir, config)
        rows.by_turns("planning, all made", f"{results} results", ours, options)
        if "Nothing to be done" not in output.read_text(encoding="utf-8"):
            raise SystemExit("not nothing to be done")


if __name__ == "__main__":
    main()
