def test_ppo_is_given_the_data_and_the_reward_of_its_task(grid):
    ranks, lists = grid().trainings, grid(methods={"ppo": {"task": "association"}}).trainings
    data = "results/data/demo_a"
    assert ranks.ppo_examples("demo_a", "ppo") == f"{data}/ranking/train.jsonl"
    assert ranks.ppo_associations("demo_a", "ppo") == []
    assert set(ranks.ppo_task("demo_a", "ppo")) == {"rules", "reward"}
    assert lists.ppo_examples("demo_a", "ppo") == f"{data}/ppo/train.jsonl"
    assert lists.ppo_associations("demo_a", "ppo") == [f"{data}/associations.parquet"]
    assert set(lists.ppo_task("demo_a", "ppo")) == {"rules", "forms"}
    assert "and" in lists.ppo_task("demo_a", "ppo")["forms"]["joining"]


def test_logs_are_those_of_the_trained_arms(grid):
    logs = grid("paper.yaml").trainings.training_logs(["sft"])
    assert len(logs) == 2 * 3 and all(log.endswith("/sft/seed0/training.parquet") for log in logs)
