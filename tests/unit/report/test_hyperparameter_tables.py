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
    "Fine-tuning method": "LoRA",
    "LoRA Rank": "64",
    "LoRA Alpha": "256",
    "LoRA layers": "all",
    "Learning rate": "1.0e-5",
    "Scheduler": "Cosine (warmup ratio=0.1)",
    "Batch size per GPU": "18",
    "Gradient accumulation": "2",
    "Number of epochs": "1.5",
    "Precision": "bf16",
    "Max sequence length": "2048",
}
TABLE_11 = {
    "Actor learning rate": "5e-7",
    "Critic learning rate": "9e-6",
    "Initial KL coefficient": "0.1",
    "Micro train batch size": "8",
    "Train batch size": "32",
    "Micro rollout batch size": "16",
    "Rollout batch size": "64",
    "Max training samples": "1,000,000",
    "Max epochs": "1",
    "Prompt max length": "1024",
    "Generation max length": "1024",
    "Zero optimization stage": "3",
    "Precision": "bf16",
    "Gradient checkpointing": "Enabled",
    "Optimizer offload": "Adam offload",
    "Attention implementation": "Flash attention",
    "VLLM tensor parallel size": "2",
}


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
    return methods("config.yaml", "paper.yaml")


def column(found, kind):
    """Values of a kind's first method; the paper's own comes first."""
    return {row[0]: row[1] for row in hyperparameter_rows(found, kind)}


@pytest.mark.parametrize(("kind", "printed"), [("sft", TABLE_10), ("ppo", TABLE_11)])
def test_the_papers_configuration_prints_the_papers_values_in_its_order(paper, kind, printed):
    ours = column(paper, kind)
    assert {name: ours[name] for name in printed} == printed
    assert [name for name in ours if name in printed] == list(printed)


def test_what_the_paper_leaves_open_is_stated_too(paper):
    found = column(paper, "sft")
    assert found["GPUs"] == "4"  # one node
    assert found["Global batch size"] == "144"  # 18 a GPU x 2 x 4 GPUs
    assert found["Examples per cue"] == "1"
    assert found["Words per example"] == "10 to 100"


def test_accumulation_follows_from_the_batch_sizes(paper):
    found = column({"sft": paper["sft"] | {"devices": 1}}, "sft")
    assert (found["Gradient accumulation"], found["GPUs"]) == ("8", "1")  # 144 / (18 x 1)


def test_every_method_of_a_kind_has_a_column_and_a_control_has_none(paper):
    found = paper | {"sft-fast": paper["sft"] | {"learning_rate": 3.0e-4}}
    role_play = ["clca", "sft-clca", "clca-published"]
    assert chosen(found, "sft") == ["sft", *role_play, "sft-fast"]
    assert chosen(found, "ppo") == ["ppo", "ppo-native"]
    assert "sft-shuffled" in found
    rates = {row[0]: row[1:] for row in hyperparameter_rows(found, "sft")}["Learning rate"]
    assert [float(rate) for rate in rates] == [1e-5, 1e-5, 1e-5, 1e-4, 3e-4]


def test_a_kind_without_methods_has_rows_without_values(paper):
    without = {name: method for name, method in paper.items() if method["kind"] == "sft"}
    assert chosen(without, "ppo") == []
    assert {len(row) for row in hyperparameter_rows(without, "ppo")} == {1}


def test_the_native_engine_shows_its_own_rates_and_none_of_what_it_does_not_use(paper):
    native = {"ppo": paper["ppo"] | {"engine": "native", "lora_actor_learning_rate": 3.0e-5}}
    found = column(native, "ppo")
    assert found["Actor learning rate"] == "3e-5"
    assert found["Zero optimization stage"] == found["VLLM tensor parallel size"] == "-"
    assert found["Engine"] == "native"
    assert found["Fine-tuning method"].startswith("LoRA, rank")
    assert found["GPUs"] == "-"
    assert column(paper, "ppo")["Fine-tuning method"] == "all parameters"
    assert column(paper, "ppo")["GPUs"] == "4"


def test_switches_that_are_off_are_shown_as_off(paper):
    names = ("gradient_checkpointing", "adam_offload", "flash_attention")
    found = column({"ppo": paper["ppo"] | dict.fromkeys(names, False)}, "ppo")
    shown = ("Gradient checkpointing", "Optimizer offload", "Attention implementation")
    assert [found[name] for name in shown] == ["Disabled", "None", "Default"]


def test_the_settings_of_the_demo_do_not_reach_the_papers_training_examples(paper):
    # the demo's rounded bounds are an invention for speed; the paper draws bounds at random
    assert paper["sft"]["examples"]["round_bounds"] == 1
