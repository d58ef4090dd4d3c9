import io

from culturalign.plan.__main__ import main
from culturalign.plan.plan_table import Cost, by_rule, by_target
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


def test_the_plan_says_if_nothing_is_to_be_done(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("Building DAG of jobs...\nNothing to be done.\n"))
    main([str(tiny.ROOT / "config/config.yaml")])
    assert capsys.readouterr().out.startswith("Nothing to be done")
