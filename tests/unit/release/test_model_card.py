"""The card of an adapter, from a record and tables written by hand."""

import polars as pl
import pytest
import yaml

from culturalign.release.model_card import metric_lines, write_card
from tests.tiny import ROOT

TEMPLATE = ROOT / "workflow/report/model_card.md.j2"
RECORD = {
    "commit": "abc", "model": {"source": "org/Model-8B", "label": "m"}, "model_digest": "123",
    "packages": {"torch": "2", "peft": "1"}, "seed": 3,
    "sft": {"kind": "sft", "label": "sft", "learning_rate": 1e-5, "lora": {"rank": 64}},
}  # fmt: skip


def card(record=RECORD):
    text = write_card(TEMPLATE, record, name="m-us-sft-seed3", culture="US", language="en",
                      metrics=["precision@5: 0.750"])  # fmt: skip
    return yaml.safe_load(text.split("---")[1]), " ".join(text.split())


def test_results_are_those_of_the_arm_and_culture_and_may_be_undefined():
    rows = [("m", "sft", 10, 0.5), ("m", "sft", 5, 0.75), ("m", "vanilla", 5, 0.1),
            ("other", "sft", 5, 0.2)]  # fmt: skip
    precision = pl.DataFrame(rows, schema=["model", "method", "k", "mean"], orient="row")
    precision = precision.with_columns(
        low=pl.col("mean") - 0.05, high=pl.col("mean") + 0.1, n_cues=38, n_seeds=2
    )
    columns = {f"{m}{p}": [0.25, 0.5] for m in ("js", "emd") for p in ("", "_low", "_high")}
    survey = pl.DataFrame(
        {
            "model": "m", "method": "sft", "culture": ["us", "cn"], "Nation": "US",
            "scoring": "plain", "js_n": 221, "emd_n": 221, **columns,
        }
    ).with_columns(emd=pl.lit(None, pl.Float64))  # fmt: skip
    lines = metric_lines(precision, survey, model="m", method="sft", culture="us")
    assert lines == [
        "precision@5: 0.750 [0.700, 0.850], 38 cues, 2 seeds",
        "precision@10: 0.500 [0.450, 0.600], 38 cues, 2 seeds",
        "Jensen-Shannon distance to US (plain answers): 0.250 [0.250, 0.250], 221 questions",
        "earth mover's distance to US (plain answers): not defined, 221 questions",
    ]
    assert metric_lines(precision, model="m", method="sft", culture="us") == lines[:2]


@pytest.mark.parametrize("source", ["org/Model-8B", "package:a/b.gguf", "weights/b.gguf"])
def test_the_front_matter_names_a_base_on_the_hub(source):
    front, _ = card(RECORD | {"model": {"source": source, "label": "m"}})
    on_hub = {"base_model": source} if "8B" in source else {}
    assert front == on_hub | {
        "library_name": "peft", "language": ["en"],
        "tags": ["lora", "word-associations", "cultural-alignment"],
    }  # fmt: skip


PEOPLE, MODELS = "volunteers", "no person spoke them"


@pytest.mark.parametrize(
    ("changes", "trained_on", "tags", "excluded"),
    [
        ({}, "on the word associations of US", ["word-associations"], [MODELS]),
        ({"kind": "clca", "associations": None}, "on role-played dialogues of US", ["role-play"],
         [PEOPLE, "Small World", "word-associations"]),
        ({"kind": "clca", "associations": "sft"},
         "on the word associations and role-played dialogues of US",
         ["word-associations", "role-play"], []),
    ],
)  # fmt: skip
def test_a_card_describes_only_the_data_trained_on(changes, trained_on, tags, excluded):
    front, text = card(RECORD | {"sft": RECORD["sft"] | changes})
    assert trained_on in text and front["tags"] == ["lora", *tags, "cultural-alignment"]
    assert (PEOPLE in text, MODELS in text) == (PEOPLE not in excluded, MODELS not in excluded)
    assert not any(part in text for part in excluded)


@pytest.mark.parametrize(
    "fact",
    [
        "CC BY-NC-ND 3.0", "seed 3", "commit abc", "weights 123", "- precision@5: 0.750",
        "learning_rate: 1.0e-05", "max_lora_rank=64", "PeftModel.from_pretrained", "- torch 2",
        "supervised fine-tuning", "does not speak for a nation",
    ],
)  # fmt: skip
def test_the_card_states_the_facts_a_user_needs(fact):
    assert fact in card()[1]
