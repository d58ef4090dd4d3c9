"""The workflow on a real SLURM, through the shipped profile (make test-slurm).

Run with -s it prints what each assertion saw.
"""

import json
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.dag.test_dag import job_counts
from tests.slurm.cluster import NODES, wait_for

LOCAL = {"all", "fig1", "precision", "total", "fetch_model"}
"""Rules that run where Snakemake does."""
WITH_GPU = {"train_sft", "train_ppo", "generate_associations", "generate_rankings", "answer_mcq"}


def finish(process: subprocess.Popen[str], ok: bool = True) -> str:
    printed, _ = process.communicate(timeout=1800)
    assert (process.returncode == 0) == ok, printed[-6000:]
    return printed


def rule_of(job: dict[str, str]) -> str:
    """The rule that the plugin notes in a job's comment."""
    return re.sub(r"^rule_|_wildcards_.*$|\s+$", "", job["comment"])


def since(cluster, earlier) -> list[dict[str, str]]:
    """Jobs submitted after a look at the cluster."""
    known = {job["id"] for job in earlier}
    return [job for job in cluster.jobs() if job["id"] not in known]


@pytest.fixture(scope="module")
def finished(submit, cluster, tmp_path_factory) -> tuple[Path, dict[str, int], list]:
    """A whole run: working directory, jobs by rule of its dry run, jobs that SLURM had."""
    workdir = tmp_path_factory.mktemp("whole")
    planned = job_counts(finish(submit(workdir, "-n", "all")))
    earlier = cluster.jobs()
    finish(submit(workdir, "all", "--set-resources", "answer_mcq:gpu=4"))
    return workdir, planned, since(cluster, earlier)


def test_every_job_that_is_not_local_went_through_sbatch(finished):
    _, planned, jobs = finished
    submitted = Counter(map(rule_of, jobs))
    print(f"\n{sum(submitted.values())} jobs of {len(submitted)} rules through sbatch")
    assert submitted == {rule: n for rule, n in planned.items() if rule not in LOCAL}
    assert {job["state"] for job in jobs} == {"COMPLETED"}


def test_jobs_saw_exactly_the_gpus_they_asked_for(finished, cluster):
    _, _, jobs = finished
    seen = cluster.visible_gpus()
    counts = {}
    for job in jobs:
        devices = [part for part in seen[job["id"]].split(",") if part.isdigit()]
        counts.setdefault(rule_of(job), set()).add(len(devices))
    print("\nGPUs seen:", {rule: found for rule, found in counts.items() if found != {0}})
    assert {rule for rule, found in counts.items() if found != {0}} == WITH_GPU
    assert counts["answer_mcq"] == {4}
    assert all(counts[rule] == {1} for rule in WITH_GPU - {"answer_mcq"})


def test_a_job_with_four_gpus_stays_on_one_node(submit, cluster, tmp_path):
    # One GPU of each node: the six others would do for a job on both.
    hold = ("sbatch", "--parsable", "-p", "gpu", "--gpus=1", "--mem=1000", "-o", "/dev/null")
    hold += ("--wrap", "sleep 600")
    holders = [cluster.ask(*hold, "-w", node).strip() for node in NODES]
    earlier = cluster.jobs()
    target = adapter(tmp_path, "sft").relative_to(tmp_path)
    process = submit(tmp_path, str(target), "--set-resources", "train_sft:gpu=4")

    def state() -> str | None:
        jobs = since(cluster, earlier)
        return next((job["state"] for job in jobs if rule_of(job) == "train_sft"), None)

    wait_for(state, "the training", 600)
    time.sleep(10)
    assert state() == "PENDING"
    cluster.ask("scancel", *holders)
    finish(process)
    (job,) = [job for job in since(cluster, earlier) if rule_of(job) == "train_sft"]
    print("\na job with four GPUs:", job)
    assert (job["state"], job["nodes"]) == ("COMPLETED", "1")


def adapter(workdir: Path, method: str) -> Path:
    return workdir / f"results/models/tiny/demo_a/{method}/seed0/adapter"


def untrained(finished: Path, workdir: Path, method: str) -> Path:
    """A copy of a finished run in which one training is still to be done.

    It lies as deep as the original: jobs know the repository's files by relative paths.
    """
    shutil.copytree(finished, workdir, dirs_exist_ok=True)
    shutil.rmtree(adapter(workdir, method).parent)
    return workdir


def interrupt(cluster, submit, workdir: Path, rule: str, method: str, *command: str) -> list:
    """Train, interrupt the job once it has a checkpoint, and let the run end."""
    earlier = cluster.jobs()
    target = adapter(workdir, method).relative_to(workdir)
    process = submit(workdir, str(target))
    scratch = workdir / f"scratch/{rule}/tiny/demo_a/{method}/seed0"
    wait_for(lambda: list(scratch.glob("checkpoint-*/complete.json")), "a checkpoint", 600)
    (job,) = [job for job in since(cluster, earlier) if rule_of(job) == rule]
    cluster.ask(*command, job["id"])
    finish(process)
    return [job for job in since(cluster, earlier) if rule_of(job) == rule]


@pytest.mark.parametrize(("rule", "method"), [("train_sft", "sft"), ("train_ppo", "ppo")])
@pytest.mark.parametrize(
    "command",
    [
        ("scancel", "--full", "--signal=KILL"),
        ("scancel", "--full", "--signal=TERM"),
        ("scontrol", "requeue"),
    ],
    ids=["killed", "told", "requeued"],
)
def test_an_interrupted_training_ends_in_the_adapter_of_an_uninterrupted_one(
    command, rule, method, finished, submit, cluster, tmp_path
):
    workdir = untrained(finished[0], tmp_path, method)
    jobs = interrupt(cluster, submit, workdir, rule, method, *command)
    once = command[0] == "scontrol"  # SLURM itself starts the job again
    restarts = sum(int(job["restarts"]) for job in jobs)
    assert (len(jobs), restarts) == ((1, 1) if once else (2, 0))
    facts = json.loads((adapter(workdir, method) / "provenance.json").read_text())["run"]
    resumed = facts.get("resumed_from_step") or facts.get("resumed_from_update")
    print(f"\n{rule} {command}: {len(jobs)} jobs, {restarts} restarts, resumed from {resumed}")
    assert resumed > 0
    weights = "adapter_model.safetensors"
    whole = adapter(finished[0], method) / weights
    assert (adapter(workdir, method) / weights).read_bytes() == whole.read_bytes()


def test_a_job_that_runs_out_of_memory_is_tried_again_with_more(submit, cluster, tmp_path):
    earlier = cluster.jobs()
    hungry = "make_demo_world:mem_mb=40 * attempt ** 5"  # 40 MB, then 1280 MB
    finish(submit(tmp_path, "results/demo/planted.a.csv", "--set-resources", hungry))
    jobs = since(cluster, earlier)
    print("\nmemory and states:", [(job["memory"], job["state"]) for job in jobs])
    assert sorted(job["memory"] for job in jobs) == ["1280M", "40M"]
    assert [job["state"] for job in jobs if job["memory"] == "1280M"] == ["COMPLETED"]
    assert [job["state"] for job in jobs if job["memory"] == "40M"] != ["COMPLETED"]


def test_two_figures_alone_build_their_own_ancestors(submit, cluster, tmp_path):
    planned = job_counts(finish(submit(tmp_path, "-n", "fig1", "precision")))
    earlier = cluster.jobs()
    finish(submit(tmp_path, "fig1", "precision"))
    submitted = Counter(map(rule_of, since(cluster, earlier)))
    print("\njobs of two figures:", dict(submitted))
    assert submitted == {rule: n for rule, n in planned.items() if rule not in LOCAL}
    assert not {"write_report", "generate_rankings", "answer_mcq"} & set(submitted)


def test_a_stopped_snakemake_loses_nothing(submit, cluster, tmp_path):
    process = submit(tmp_path, "precision")
    done = tmp_path / "results/data/demo_a/splits.parquet"
    # Snakemake removes what a job wrote that it does not know to be done; here one has used it.
    wait_for((tmp_path / "results/data/demo_a/sft/train.jsonl").exists, "the examples", 600)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)
    kept = done.stat().st_mtime_ns
    finish(submit(tmp_path, "--unlock"))
    finish(submit(tmp_path, "precision"))
    assert done.stat().st_mtime_ns == kept
    assert (tmp_path / "results/figures/precision.svg").stat().st_size > 0
