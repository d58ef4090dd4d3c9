import pytest


def test_methods_are_sorted_by_their_kind(grid):
    arms = grid("paper.yaml", "sound.yaml").arms
    assert arms.association_methods == ["sft", "sft-shuffled"] and arms.controls == ["sft-shuffled"]
    assert arms.clca_methods == ["clca", "sft-clca", "clca-published"]
    assert arms.ppo_methods == ["ppo", "sft-ppo", "ppo-native"]
    assert (arms.native_methods, arms.full_methods) == (["ppo-native"], ["ppo", "sft-ppo"])
    assert arms.prompt_methods == ["country-prompt", "persona-prompt"]


def test_seeds_multiply_trained_arms_only(grid):
    arms = grid("clca.yaml", run={"seeds": [3, 4], "methods": ["sft", "country-prompt"]}).arms
    assert arms.names("smollm2", "demo_a") == [
        "vanilla",
        "demo_a-sft-seed3",
        "demo_a-sft-seed4",
        "demo_a-country-prompt-seed3",
    ]


PUBLISHED = {"theirs": {"kind": "published", "sources": {"demo_a": {"smollm2": "owner/name"}}}}


def test_published_weights_are_one_arm_where_they_exist_and_nothing_is_trained(grid):
    run = {"seeds": [3, 4], "methods": ["theirs"]}
    found = grid(run=run, methods=PUBLISHED)
    assert found.arms.names("smollm2", "demo_a") == ["vanilla", "demo_a-theirs-seed3"]
    assert found.arms.names("smollm2", "demo_b") == ["vanilla"]
    assert found.arms.trained_methods == found.products.releases() == []
    folder = "results/models/smollm2/demo_a/theirs/seed3/published"
    assert found.weights.adapter("smollm2", "demo_a-theirs-seed3") == [folder]
    where = {"source": "owner/name", "revision": None}
    assert found.settings.published_weights("theirs", "demo_a", "smollm2") == where


def test_a_baseline_is_evaluated_as_it_is_and_on_its_own_tasks(grid):
    arms = grid("paper.yaml").arms
    assert arms.names("llama70b", "us") == ["vanilla"]
    assert arms.trained_models == ["llama", "qwen"]
    assert ("llama70b", "vanilla") in arms.evaluated("survey", "us")
    assert not [model for model, _ in arms.evaluated("ranking", "us") if model == "llama70b"]


@pytest.mark.parametrize(
    ("run", "ppo", "trained"),
    [
        (["ppo"], {}, ["ppo"]),
        (["ppo"], {"start": "sft"}, ["sft", "ppo"]),
        (["sft"], {}, ["sft"]),
    ],
)
def test_a_run_trains_what_its_methods_continue_from(grid, run, ppo, trained):
    changed = grid(run={"methods": run}, methods={"ppo": ppo})
    assert changed.arms.trained_methods == trained


def test_a_prompt_only_arm_puts_its_own_system_message_first(grid):
    arms = grid("clca.yaml").arms
    assert arms.system("demo_a-sft-seed0", "Be brief.") == "Be brief."
    message = arms.system("demo_a-country-prompt-seed0", "Be brief.")
    assert message.endswith(" Be brief.") and len(message) > len(" Be brief.")


def test_labels_name_the_methods_of_the_run_first(grid):
    labels = grid(run={"methods": ["ppo", "sft"]}).arms.labels()
    assert list(labels["methods"])[:2] == ["ppo", "sft"]
    assert labels["cultures"]["demo_a"] == "demo A" and labels["models"]["smollm2"] == "SmolLM2"


def test_only_full_training_gives_an_arm_weights_of_its_own(grid):
    arms = grid("paper.yaml").arms
    assert arms.is_full("us-ppo-seed0")
    assert not arms.is_full("us-ppo-native-seed0") and not arms.is_full("vanilla")


def test_swapped_arms_answer_for_the_other_culture_too(grid):
    arms = grid(evaluation={"swapped": True}, run={"methods": ["sft", "sft-shuffled"]}).arms
    own = ["vanilla", "demo_a-sft-seed0", "demo_a-sft-shuffled-seed0"]
    for task in ("associations", "ranking", "survey"):
        found = arms.evaluated(task, "demo_a")
        assert found == [("smollm2", name) for name in [*own, "demo_b-sft-seed0"]]
    assert ("smollm2", "demo_b-sft-seed0") not in arms.evaluated("mcq", "demo_a")
    assert arms.labels()["methods"]["sft@demo_b"] == "SFT, trained on demo B"


def test_the_arms_of_named_methods_alone_are_swapped(grid):
    arms = grid(evaluation={"swapped": ["ppo"]}, run={"methods": ["sft", "ppo"]}).arms
    assert arms.swapped("survey", "smollm2", "demo_a") == ["demo_b-ppo-seed0"]
    assert [name for name in arms.labels()["methods"] if "@" in name] == [
        "ppo@demo_a",
        "ppo@demo_b",
    ]
    assert not grid(evaluation={"swapped": []}).arms.swapped_methods


def test_without_swapping_every_arm_answers_for_its_own_culture(grid):
    arms = grid(evaluation={"swapped": False}).arms
    assert not [name for _, name in arms.evaluated("survey", "demo_a") if "demo_b" in name]
    assert not [name for name in arms.labels()["methods"] if "@" in name]
