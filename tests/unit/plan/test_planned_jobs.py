"""Jobs read from the text of a dry run."""

from culturalign.plan.planned_jobs import Job, needed_by, read_jobs

TEXT = """\
Building DAG of jobs...
Job stats:
job          count
train_sft        1

[Sat Nov 21 11:36:14 2026]
rule train_sft:
    input: a.jsonl, b.jsonl
    output: adapter, training.parquet
    log: logs/x.log
    jobid: 3
    wildcards: model=llama, culture=us, method=sft-shuffled, seed=0
    threads: 2
    resources: tmpdir=/tmp, mem_mb=64000, disk=<TBD>, gpu=1, cpus_per_task=8
[Sat Nov 21 11:36:14 2026]
localrule all:
    input: adapter
    jobid: 0
    resources: tmpdir=<TBD>
"""
TRAIN = Job(
    "train_sft", ("a.jsonl", "b.jsonl"), ("adapter", "training.parquet"),
    {"model": "llama", "culture": "us", "method": "sft-shuffled", "seed": "0"}, 1,
)  # fmt: skip


def test_jobs_are_read_with_files_wildcards_and_gpus():
    rest = Job("all", ("adapter",), (), {}, 0)
    assert read_jobs(TEXT.splitlines(keepends=True)) == [TRAIN, rest]
    assert read_jobs(["Building DAG of jobs...\n", "Nothing to be done.\n"]) == []


def test_a_file_needs_its_writer_and_all_before_it_once():
    first = Job("first", ("given",), ("a",), {}, 0)
    left, right = Job("l", ("a",), ("b",), {}, 0), Job("r", ("a",), ("c", "c2"), {}, 0)
    last, other = Job("last", ("b", "c"), ("d",), {}, 0), Job("other", ("a",), ("e",), {}, 0)
    jobs = [first, left, right, last, other]
    assert {job.rule for job in needed_by(jobs, ["d"])} == {"first", "l", "r", "last"}
    assert len(needed_by(jobs, ["d", "c2"])) == 4
    assert needed_by(jobs, ["given"]) == []
