import pytest

from culturalign.grid.resources import retry_memory
from culturalign.plan import costs


@pytest.mark.parametrize(("attempt", "asked"), [(1, 64_000), (2, 96_000), (3, 128_000)])
def test_every_retry_asks_for_half_as_much_again(attempt, asked):
    assert retry_memory(64_000, attempt) == asked


def test_an_answering_job_asks_for_the_gpus_of_its_engine(grid):
    resources = grid("paper.yaml").resources
    assert [resources.gpus(model) for model in ("llama", "llama70b", None)] == [1, 4, 0]
    assert [resources.cores(model) for model in ("llama", "llama70b", None)] == [8, 32, 8]
    assert resources.memory("llama70b", 1) == 4 * 64_000
    assert [resources.environment(m) for m in ("llama70b", None)] == ["vllm", "train"]


def test_a_training_job_asks_for_what_its_method_needs(grid):
    resources = grid("paper.yaml", "sound.yaml").resources
    gpus = {"sft": 4, "ppo": 4, "ppo-native": 1}
    assert {method: resources.training_gpus(method) for method in gpus} == gpus
    assert resources.training_cores("ppo-native") == 8
    assert resources.training_memory("ppo", 1) == 4 * 96_000  # Adam's state is offloaded
    assert resources.training_memory("ppo", 1) >= 2 * 18 * 8_000  # 18 bytes, two roles, 8B; in MB
    assert [resources.training_memory("ppo", n) for n in (2, 3)] == [576_000, 576_000]
    assert resources.training_memory("ppo-native", 2) == 96_000


@pytest.mark.parametrize(("rollouts", "environment"), [("hf", "train"), ("vllm", "vllm")])
def test_native_ppo_has_the_environment_of_its_rollouts(grid, rollouts, environment):
    resources = grid(methods={"ppo": {"rollouts": rollouts}}).resources
    assert resources.rollout_environment("ppo") == environment


def test_ppo_asks_for_the_gpus_of_every_role(grid):
    apart = grid("paper.yaml", methods={"ppo": {"critic_gpus": 2}})
    assert apart.resources.training_gpus("ppo") == 4 + 2 + 2


TRAINED = {"model": "llama", "culture": "us", "method": "sft"}


@pytest.mark.parametrize(
    ("hours", "attempt", "asked"),
    [
        (10, 1, 30),
        (10, 2, 48),
        (0.1, 1, 2),
        (0.7, 2, 4.2),
        (44, 1, 48),  # out of time it continues
        (176, 1, 176),  # never less than the plan
        (None, 1, 48),
    ],
)
def test_a_job_asks_for_three_times_its_plan_from_2_hours_to_48_or_its_plan(
    grid, monkeypatch, hours, attempt, asked
):
    monkeypatch.setattr(costs, "seconds", lambda *_: None if hours is None else hours * 3600)
    minutes = grid("paper.yaml").resources.minutes("train_sft", TRAINED, attempt)
    assert minutes == pytest.approx(asked * 60, abs=1)


def test_a_training_on_fewer_gpus_asks_for_more_time(grid):
    """The authors' 39 h on four GPUs (test_costs.py) are 157 h on one."""
    alone = grid("paper.yaml", methods={"sft": {"devices": 1}}).resources
    assert alone.minutes("train_sft", TRAINED, 1) / 60 == pytest.approx(157, rel=0.2)


def test_an_answering_job_asks_for_the_time_of_its_plan(grid, monkeypatch):
    resources = grid("paper.yaml", "sound.yaml").resources
    asked = []
    monkeypatch.setattr(costs, "seconds", lambda job, *_: asked.append(job) or 5 * 3600)
    survey = {"model": "llama70b", "arm": "vanilla", "language": "zh"}
    assert resources.minutes("answer_survey", survey, 1) == 15 * 60
    assert resources.minutes("judge_dialogues", {"culture": "us"}, 2) == 30 * 60
    assert [job.gpus for job in asked] == [4, 1]  # of the model itself, of clca.judge.model


@pytest.mark.parametrize(
    "changes",
    [{"models": {"qwen": {"source": "/models/mine"}}}, {"clca": {"judge": {"endpoint": {
        "url": "http://localhost:8000/v1", "model": "judge"}, "model": None}}}],
)  # fmt: skip
def test_an_answering_job_of_unknown_cost_has_a_day(grid, changes):
    resources = grid("paper.yaml", "sound.yaml", **changes).resources
    assert resources.minutes("judge_dialogues", {"culture": "us"}, 1) == 24 * 60
