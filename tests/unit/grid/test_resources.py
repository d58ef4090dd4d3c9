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


@pytest.mark.parametrize(
    ("hours", "attempt", "asked"),
    [(10, 1, 30), (10, 2, 48), (0.1, 1, 4), (0.7, 2, 4.2), (None, 1, 48)],
)
def test_a_training_asks_for_three_times_its_plan_between_4_and_48_hours(
    grid, monkeypatch, hours, attempt, asked
):
    monkeypatch.setattr(costs, "seconds", lambda *_: None if hours is None else hours * 3600)
    resources = grid("paper.yaml").resources
    minutes = resources.training_minutes("train_sft", "llama", "us", "sft", attempt)
    assert minutes == pytest.approx(asked * 60, abs=1)
