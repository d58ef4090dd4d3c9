"""Print the plan of a dry run: ``snakemake -n all | python -m culturalign.plan FILES`` (make plan).

FILES are the configuration files of the run, as Snakemake merges them.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

import polars as pl

from culturalign.artifacts import paths
from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.config.root import Config
from culturalign.config.sft import Sft
from culturalign.errors import UserError
from culturalign.files.yaml_file import read_document
from culturalign.plan import costs, speeds
from culturalign.plan.plan_table import Cost, by_rule, by_target, loading, table, too_long
from culturalign.plan.planned_jobs import Job, read_jobs
from culturalign.plan.power import power_rows
from culturalign.plan.roleplay_costs import QUESTIONS
from culturalign.plan.sft_plan import plan_sft


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m culturalign.plan",
        description="Read a dry run (snakemake -n) from standard input; print its cost.",
    )
    parser.add_argument(
        "--measured", type=Path, default=speeds.MEASURED, metavar="FILE",
        help="what make test-gpu measured (%(default)s, if it is there)",
    )  # fmt: skip
    parser.add_argument("files", nargs="+", metavar="FILE", help="configuration files of the run")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    """Read a dry run from standard input; print its cost."""
    chosen = arguments(given)
    files = chosen.files
    try:
        config = load(
            reduce(merge, (read_document(Path(file)).content or {} for file in files)), files
        )
        measured = speeds.read_record(chosen.measured).measured
    except UserError as error:
        sys.exit(str(error))
    dry_run = sys.stdin.readlines()
    if any("Nothing to be done" in line for line in dry_run):
        print("Nothing to be done: all results asked for are there.")
        return
    if not (jobs := read_jobs(dry_run)):  # Snakemake says what is wrong
        sys.exit("".join(dry_run))
    counted, fast = count_cues(config), speeds.measured_speeds(measured)
    read = count_questions(config)
    asked = read or QUESTIONS

    def cost(job: Job) -> Cost:
        seen = costs.measured(job, Path("benchmarks")) if job.gpus else None
        seconds = costs.seconds(job, config, counted, fast, asked) if seen is None else seen
        return Cost(
            job.gpus,
            None if seconds is None else seconds / 3600,
            seen is not None,
            costs.disk(job, config),
            costs.scratch(job, config),
        )

    parts = by_rule(jobs, cost), by_target(jobs, cost), sft_table(jobs, config, counted)
    paper = Path(files[0]).resolve().parent.parent / "resources/paper"
    text = "\n".join(
        (loading(jobs, fast.loading), speeds.describe(measured), assumptions(config, counted, read))
    )
    print(*parts, power_table(config, counted, asked, paper), text, sep="\n\n")
    if sentence := too_long(jobs, cost, costs.LONGEST_HOURS):
        sys.exit(f"\n{sentence}")


def power_table(config: Config, counted: dict[str, int], questions: int, paper: Path) -> str:
    """What it takes to see the paper's effects with 80 % power; empty without its numbers.

    Args:
        config: The configuration.
        counted: From :func:`count_cues`.
        questions: Of the survey.
        paper: Folder of the paper's numbers.
    """
    if not paper.is_dir():
        return ""
    of_cultures = (costs.cues(config, name, counted) for name in config.run.cultures)
    tested = min(of_cultures, default=0) * config.data.split.test
    rows = list(power_rows(paper, config.evaluation.confidence, tested, questions))
    headers = ["80 % power for the paper's effect", "size", "unit", "needed", "this run", "seeds"]
    return table(rows, headers)


def sft_table(jobs: Sequence[Job], config: Config, counted: dict[str, int]) -> str:
    """A row for each training on associations that some model gets: what it is made of."""
    trained = [
        (j.wildcards["culture"], j.wildcards["method"]) for j in jobs if j.rule == "train_sft"
    ]
    rows = []
    for culture, name in dict.fromkeys(trained):
        method = config.methods[name]
        if isinstance(method, Sft):
            plan = plan_sft(config, culture, method, costs.cues(config, culture, counted))
            sizes = (f"{size:,.0f}" for size in (plan.examples, plan.steps, plan.tokens / 1e6))
            rows.append([name, culture, *sizes])
    return table(rows, ["SFT", "culture", "examples", "steps", "million tokens"])


def count_cues(config: Config) -> dict[str, int]:
    """Number of cues of the cultures whose data have been made."""
    places = {name: Path(f"results/data/{name}/splits.parquet") for name in config.run.cultures}
    return {
        name: int(pl.scan_parquet(path).select(pl.len()).collect().item())
        for name, path in places.items()
        if path.is_file()
    }


def count_questions(config: Config) -> int | None:
    """Number of questions that the run asks; None if the survey has not been read."""
    languages = {config.cultures[name].language for name in config.run.cultures}
    places = (Path(paths.QUESTIONNAIRE.format(language=name)) for name in sorted(languages))
    made = [path for path in places if path.is_file()]
    found = [pl.read_parquet(path, columns=["question"]).n_unique() for path in made]
    return max(found, default=None)


def assumptions(config: Config, counted: dict[str, int], questions: int | None) -> str:
    """The assumptions behind the numbers."""
    read = ", ".join(
        f"{name} {costs.cues(config, name, counted)}{'' if name in counted else ' (full file)'}"
        for name in config.run.cultures
    )
    asked = str(questions or f"{QUESTIONS} (the official survey; this run's is not read yet)")
    sizes = {name: costs.parameters(config.models[name]) for name in config.run.models}
    models = ", ".join(f"{n} {s / 1e9:g} B" if s else f"{n} unknown" for n, s in sizes.items())
    return (
        f"Cues: {read}. Questions: {asked}. Parameters, from the models' names: {models}.\n"
        f"Assumed: {speeds.BUSY:.0%} of an A100's {speeds.PEAK / 1e12:g} TFLOP/s and "
        f"{speeds.BANDWIDTH / 1e12:g} TB/s, and in LoRA training {speeds.BUSY_SFT:.1%} of the "
        "former, as the paper's authors logged it. make test-gpu measures your own.\n"
        "Where benchmarks/ has finished jobs of the same rule and model, their mean counts.\n"
        "Power: standard deviations are those of the demo, batteries make a variance 2.9 times as "
        "large; units needed by one run, and seeds needed with this run's units, '-': not with "
        "any number. docs/paper.md\n"
        "The models' own files, 2 bytes a parameter, lie in the Hugging Face cache. docs/slurm.md"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
