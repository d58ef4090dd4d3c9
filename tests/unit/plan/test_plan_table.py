import io
import json

import polars as pl
import pytest

from culturalign.plan.__main__ import main
from culturalign.plan.plan_table import Cost, by_rule, by_target, loading, too_long
from culturalign.plan.planned_jobs import Job
from tests import tiny

DATA = Job("count", ("raw",), ("a",), {}, 0)
TRAIN = [Job("train", ("a",), (f"m{n}",), {}, 2) for n in range(2)]
TABLE = Job("tabulate", ("m0",), ("results/tables/table1.csv", "results/tables/table1.md"), {}, 0)
JOBS = [DATA, *TRAIN, TABLE]


def cost(job):
    if not job.gpus:
        return Cost(0, 0.0, False, 0.0, 0.0)
    return Cost(2, 1.5, job is TRAIN[0], 3e9, 5e9)


def cells(text, name):
    line = next(line for line in text.splitlines() if line.startswith(name))
    return line.removeprefix(name).split()


def test_rules_add_up_gpus_times_hours():
    text = by_rule(JOBS, cost)
    assert cells(text, "train ") == ["2", "2", "6.0", "1.5", "1", "of", "2", "measured", "6.0", "5"]
    assert cells(text, "all others, without a GPU")[0] == "2"
    assert cells(text, "total")[:3] == ["4", "2", "6.0"]
    unknown = Cost(2, None, False, None, None)  # the sum is a lower bound
    assert "at least 3.0" in by_rule(JOBS, lambda job: unknown if job is TRAIN[1] else cost(job))


def test_the_cost_of_a_table_is_that_of_all_it_needs():
    text = by_target(JOBS, cost)
    assert cells(text, "table1") == ["3", "1", "3.0", "3.0"]
    assert len(text.splitlines()) == 3


def test_loads_of_a_model_count_for_every_gpu_of_a_job():
    jobs = [DATA, Job("train_sft", (), (), {}, 4), *(Job("answer_mcq", (), (), {}, 1),) * 2]
    assert loading(jobs, 600) == (
        "Models are loaded 3 times, 2 of them to answer: 1.0 of the GPU-hours, at 600 s."
    )


def test_answering_jobs_that_cannot_end_are_refused_and_trainings_are_not():
    """A training of 176 hours continues in the next try; answers of 49 hours start over."""
    hours = {"train_sft": 176.0, "generate_rankings": 49.0, "answer_survey": 47.9}
    jobs = [Job(rule, (), (), {"model": "llama"}, 1) for rule in hours]

    def cost(job):
        return Cost(1, hours[job.rule], False, 0.0, 0.0)

    sentence = too_long(jobs, cost, 48)
    assert sentence.startswith("Too long: generate_rankings of llama, up to 49 hours.")
    assert "train_sft" not in sentence and "answer_survey" not in sentence
    hours["generate_rankings"] = 48.0
    assert too_long(jobs, cost, 48) is None


def test_the_plan_ends_with_an_error_if_a_job_cannot_end(monkeypatch, capsys, tmp_path):
    """0.26 of the 0.41 hours of rankings (docs/slurm.md), with a memory a thousandth as fast."""
    files = [str(tiny.ROOT / f"config/{name}.yaml") for name in ("config", "paper")]
    job = (
        "rule generate_rankings:\n    output: a\n    resources: gpu=1\n"
        "    wildcards: model=llama, arm=vanilla, culture=en\n"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(job))
    measured = tmp_path / "slow.json"
    source = {"model": "tiny", "gpu": "a slow one", "commit": "abc"}
    measured.write_text(json.dumps({"measured": {"memory": {"value": 0.7e9, **source}}}))
    with pytest.raises(SystemExit, match=r"generate_rankings of llama, up to 2\d\d hours") as ended:
        main(["--measured", str(measured), *files])
    assert "longest job, h" in capsys.readouterr().out and ended.value.code


def test_the_questions_are_those_of_the_survey_once_it_has_been_read(monkeypatch, capsys, tmp_path):
    job = (
        "rule answer_survey:\n    output: a\n    resources: gpu=1\n"
        "    wildcards: model=smollm2, arm=vanilla, language=en\n"
    )

    def planned() -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(job))
        main([str(tiny.ROOT / "config/config.yaml")])
        return capsys.readouterr().out

    def of_this_run(text: str) -> set[str]:
        rows = [line.split() for line in text.splitlines() if line.startswith("JS, ")]
        return {row[-2] for row in rows}

    monkeypatch.chdir(tmp_path)
    before = planned()
    assert of_this_run(before) == {"221"}
    assert "Questions: 221 (the official survey; this run's is not read yet)." in before
    (tmp_path / "results/data/survey").mkdir(parents=True)
    two_options = pl.DataFrame({"question": [f"Q{n}" for n in range(1, 58) for _ in range(2)]})
    two_options.write_parquet("results/data/survey/questionnaire.en.parquet")
    after = planned()
    assert of_this_run(after) == {"57"} and "Questions: 57. " in after


def test_the_plan_says_if_nothing_is_to_be_done(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("Building DAG of jobs...\nNothing to be done.\n"))
    main([str(tiny.ROOT / "config/config.yaml")])
    assert capsys.readouterr().out.startswith("Nothing to be done")


def test_help_is_the_usage_and_not_a_missing_file(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: python -m culturalign.plan ")
