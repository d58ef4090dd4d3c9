"""Processor seconds that jobs take to start and end, in this checkout and in others, by turns.

A job's entry is run as Snakemake runs it, with its imports and an empty log, and without its work.
An entry that loads a model also imports the model's class, as loading does:

    .venv/bin/python bench/starts.py [another checkout ...]
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = (
    *("generate_associations", "generate_rankings", "answer_survey", "train_sft"),
    *("score_precision", "score_rankings", "score_attributes", "parse_associations"),
    *("tabulate_generation", "tabulate_planted", "draw_thresholds", "draw_attributes"),
)
MODEL = "from transformers import LlamaForCausalLM"
RUN = """
import sys
snakemake = None
entry = sys.argv[1]
exec(open(entry, encoding="utf-8").read().split("if __name__")[0])
with jobs.logged("job.log"):
    {work}
"""


def start(checkout: Path, entry: str) -> float:
    """Processor seconds of one job."""
    work = MODEL if entry.startswith(("generate", "answer", "train")) else "pass"
    command = [sys.executable, "-c", RUN.format(work=work)]
    command += [str(checkout / f"workflow/scripts/{entry}.py")]
    settings = {**os.environ, "PYTHONPATH": str(checkout / "src"), "OMP_NUM_THREADS": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, cwd=folder, env=settings, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(checkouts: list[Path], turns: int = 3) -> None:
    """Print the least of some turns of each entry, and of the first checkout to the others."""
    for entry in ENTRIES:
        found: list[list[float]] = [[] for _ in checkouts]
        for _ in range(turns):
            for checkout, times in zip(checkouts, found, strict=True):
                times.append(start(checkout, entry))
        least = [min(times) for times in found]
        ratios = "".join(f"  {other / least[0]:.2f} times" for other in least[1:])
        print(f"{entry:24}", "".join(f"{time:7.2f}" for time in least) + ratios)


if __name__ == "__main__":
    main([ROOT, *map(Path, sys.argv[1:])])
