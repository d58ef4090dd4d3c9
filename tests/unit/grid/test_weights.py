FOLDER = "results/models/llama/us"


def test_a_gguf_file_is_unpacked_and_a_model_of_the_hub_asked_for(grid):
    demo, paper = grid().weights, grid("paper.yaml").weights
    assert demo.unpacked("smollm2") == ["results/models/smollm2/base"]
    assert demo.access("smollm2") == []
    assert paper.access("llama", "qwen") == [
        "results/models/llama/access.json",
        "results/models/qwen/access.json",
    ]
    assert paper.base("llama") == []


def test_a_local_folder_is_checked_before_any_job_too(grid, tmp_path):
    local = grid("paper.yaml", models={"llama": {"source": str(tmp_path), "revision": None}})
    assert local.weights.access("llama") == ["results/models/llama/access.json"]


def test_an_arm_loads_its_adapter_or_its_own_weights(grid):
    weights = grid("paper.yaml", "sound.yaml").weights
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
    mixed = grid("paper.yaml", "sound.yaml", methods={"sft-clca": {"order": "mixed"}})
    assert mixed.weights.continued_adapter(*job) == []
    changed = grid("paper.yaml", "sound.yaml", methods={"sft-clca": {"order": "sequential"}})
    assert changed.weights.continued_adapter(*job) == [f"{FOLDER}/sft/seed0/adapter"]
    assert changed.weights.continued_adapter("llama", "us", "sft", "0") == []
