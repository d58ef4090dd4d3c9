FOLDER = "results/models/llama/us"


def test_a_packaged_model_is_unpacked_and_a_model_of_the_hub_asked_for(grid):
    demo, paper = grid().weights, grid("paper.yaml").weights
    assert demo.packaged("smollm2") == ["results/models/smollm2/base"]
    assert demo.access("smollm2") == []
    assert paper.access("llama", "qwen") == [
        "results/models/llama/access.json",
        "results/models/qwen/access.json",
    ]
    assert paper.base("llama") == []


def test_an_arm_loads_its_adapter_or_its_own_weights(grid):
    weights = grid("paper.yaml").weights
    assert weights.adapter("llama", "us-sft-seed0") == [f"{FOLDER}/sft/seed0/adapter"]
    assert weights.base("llama", "us-ppo-seed0") == [f"{FOLDER}/ppo/seed0/weights"]
    for arm in ("vanilla", "us-ppo-seed0", "us-country-prompt-seed0"):
        assert weights.adapter("llama", arm) == []


def test_ppo_starts_from_the_vanilla_model_or_from_sft(grid):
    job = ("llama", "us", "ppo", "0")
    vanilla, sft = grid("paper.yaml"), grid("paper.yaml", methods={"ppo": {"start": "sft"}})
    assert vanilla.weights.start_adapter(*job) == vanilla.weights.start_weights(*job) == []
    assert sft.weights.start_adapter(*job) == [f"{FOLDER}/sft/seed0/adapter"]
    assert sft.weights.start_weights(*job) == [f"{FOLDER}/sft/seed0/merged"]


def test_a_sequential_method_continues_an_adapter(grid):
    job = ("llama", "us", "sft-clca", "0")
    mixed = grid("paper.yaml", methods={"sft-clca": {"order": "mixed"}})
    assert mixed.weights.continued_adapter(*job) == []
    changed = grid("paper.yaml", methods={"sft-clca": {"order": "sequential"}})
    assert changed.weights.continued_adapter(*job) == [f"{FOLDER}/sft/seed0/adapter"]
    assert changed.weights.continued_adapter("llama", "us", "sft", "0") == []


def test_ppo_is_given_the_data_and_the_reward_of_its_task(grid):
    ranks, lists = grid().weights, grid(methods={"ppo": {"task": "association"}}).weights
    data = "results/data/demo_us"
    assert ranks.ppo_examples("demo_us", "ppo") == f"{data}/ranking/train.jsonl"
    assert ranks.ppo_associations("demo_us", "ppo") == []
    assert set(ranks.ppo_task("demo_us", "ppo")) == {"rules", "reward"}
    assert lists.ppo_examples("demo_us", "ppo") == f"{data}/ppo/train.jsonl"
    assert lists.ppo_associations("demo_us", "ppo") == [f"{data}/associations.parquet"]
    assert set(lists.ppo_task("demo_us", "ppo")) == {"rules"}


def test_a_label_and_an_engine_do_not_change_what_training_depends_on(grid):
    changed = grid(models={"smollm2": {"label": "Other", "engine": "vllm"}})
    plain = grid()
    assert changed.weights.training_settings("smollm2") == plain.weights.training_settings(
        "smollm2"
    )
    answering = changed.weights.answering_settings("smollm2")
    assert answering != plain.weights.answering_settings("smollm2")
    assert answering["label"] == "smollm2" and plain.weights.answering_settings(None) == {}


def test_logs_are_those_of_the_trained_arms(grid):
    logs = grid("paper.yaml").weights.training_logs(["sft"])
    assert len(logs) == 2 * 2 and all(log.endswith("/sft/seed0/training.parquet") for log in logs)


def test_hyperparameters_name_the_precision_of_lora_only(grid):
    shown = grid("paper.yaml").weights.hyperparameters()
    assert shown["sft"]["precision"] == "bf16" and shown["ppo"]["kind"] == "ppo"
    assert "country-prompt" not in shown
