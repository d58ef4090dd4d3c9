"""Tables 10 and 11: the paper's configuration prints the paper's values."""

from pathlib import Path

import pytest
import yaml

from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.report.hyperparameter_tables import chosen, hyperparameter_rows

CONFIG = Path(__file__).resolve().parents[3] / "config"

# The values as the paper prints them (appendix F).
TABLE_10 = {
    "Fine-tuning method": "LoRA", "LoRA Rank": "64", "LoRA Alpha": "256",
    "Learning rate": "1.0e-5", "Scheduler": "Cosine (warmup ratio=0.1)",
    "Batch size per GPU": "18", "Gradient accumulation": "2", "Number of epochs": "1.5",
    "Precision": "bf16", "Max sequence length": "2048",
}  # fmt: skip
TABLE_11 = {
    "Actor learning rate": "5e-7", "Critic learning rate": "9e-6", "Initial KL coefficient": "0.1",
    "Micro train batch size": "8", "Train batch size": "32", "Micro rollout batch size": "16",
    "Rollout batch size": "64", "Max training samples": "1,000,000", "Max epochs": "1",
    "Prompt max length": "1024", "Generation max length": "1024", "Zero optimization stage": "3",
    "Precision": "bf16", "Gradient checkpointing": "Enabled", "Optimizer offload": "Adam offload",
    "Attention implementation": "Flash attention", "VLLM tensor parallel size": "2",
}  # fmt: skip


def methods(*files):
    raw = {}
    for file in files:
        raw = merge(raw, yaml.safe_load((CONFIG / file).read_text(encoding="utf-8")))
    config = load(raw)
    # the workflow hands the precision of the run's models over with each method
    precision = ", ".join(sorted({config.models[name].precision for name in config.run.models}))
    return {name: {"precision": precision, **m.model_dump()} for name, m in config.methods.items()}


@pytest.fixture(scope="module")
def paper():
    return methods("config.yaml", "paper.yaml", "written.yaml")


def column(found, kind):
    """Values of a kind's first method; the paper's own comes first."""
    return {row[0]: row[1] for row in hyperparameter_rows(found, kind)}


@pytest.mark.parametrize(("kind", "printed"), [("sft", TABLE_10), ("ppo", TABLE_11)])
def test_the_papers_configuration_prints_the_papers_values_in_its_order(paper, kind, printed):
    ours = column(paper, kind)
    assert {name: ours[name] for name in printed} == printed
    assert [name for name in ours if name in printed] == list(printed)


OFF = dict.fromkeys(("gradient_checkpointing", "adam_offload", "flash_attention"), False)


@pytest.mark.parametrize(
    ("method", "changes", "shown"),
    [
        ("sft", {}, {  # four GPUs are one node: 18 a GPU x 2 x 4 GPUs
            "GPUs": "4", "Global batch size": "144", "Examples per cue": "1",
            "Words per example": "10 to 100"}),
        ("sft", {"devices": 1}, {"Gradient accumulation": "8", "GPUs": "1"}),  # 144 / (18 x 1)
        ("ppo", {}, {"Fine-tuning method": "all parameters", "GPUs": "4"}),
        ("ppo", {"engine": "native", "lora_actor_learning_rate": 3.0e-5}, {
            "Actor learning rate": "3e-5", "Zero optimization stage": "-",
            "VLLM tensor parallel size": "-", "Engine": "native", "GPUs": "-",
            "Fine-tuning method": "LoRA, rank 64"}),
        ("ppo", OFF, {"Gradient checkpointing": "Disabled", "Optimizer offload": "None",
                      "Attention implementation": "Default"}),
    ],
    ids=["what the paper leaves open", "accumulation follows from the batch sizes",
         "OpenRLHF trains all parameters", "the native engine: its own rates, no unused settings",
         "switches that are off"],
)  # fmt: skip
def test_the_table_states_too(paper, method, changes, shown):
    found = column({method: paper[method] | changes}, method)
    assert {name: found[name] for name in shown} == shown


def test_every_method_of_a_kind_has_a_column_and_a_control_has_none():
    sound = methods("config.yaml", "paper.yaml", "sound.yaml")
    found = sound | {"sft-fast": sound["sft"] | {"learning_rate": 3.0e-4}}
    role_play = ["clca", "sft-clca", "clca-published"]
    assert chosen(found, "sft") == ["sft", *role_play, "sft-fast"]
    assert chosen(found, "ppo") == ["ppo", "sft-ppo", "ppo-native"]
    assert "sft-shuffled" in found
    rates = {row[0]: row[1:] for row in hyperparameter_rows(found, "sft")}["Learning rate"]
    assert [float(rate) for rate in rates] == [1e-5, 1e-5, 1e-5, 1e-4, 3e-4]


def test_the_paper_as_run_names_what_table_10_leaves_out():
    shown = column(methods("config.yaml", "paper.yaml"), "sft")
    asked = "Fine-tuning method", "Global batch size", "Examples per cue", "Words per example"
    assert [shown[name] for name in asked] == [
        "LoRA+ (rate of B x 16)",
        "32",
        "auto",
        "70% of the cue's",
    ]


def test_a_kind_without_methods_has_rows_without_values(paper):
    without = {name: method for name, method in paper.items() if method["kind"] == "sft"}
    assert chosen(without, "ppo") == []
    assert {len(row) for row in hyperparameter_rows(without, "ppo")} == {1}


def test_the_settings_of_the_demo_do_not_reach_the_papers_training_examples(paper):
    # the demo's rounded bounds are an invention for speed; the paper draws bounds at random
    assert paper["sft"]["examples"]["round_bounds"] == 1
