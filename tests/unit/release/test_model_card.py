"""The card of an adapter, from a record and tables written by hand."""

import polars as pl
import pytest
import yaml

from culturalign.release.model_card import precision_lines, survey_lines, write_card

RECORD = {
    "commit": "abc",
    "model": {"source": "org/Model-8B", "label": "m"},
    "model_digest": "123",
    "packages": {"torch": "2", "peft": "1"},
    "seed": 3,
    "sft": {"kind": "sft", "label": "sft", "learning_rate": 1e-5, "lora": {"rank": 64}},
}
TABLE1 = pl.DataFrame(
    {
        "model": ["m", "m", "m", "other"],
        "method": ["sft", "sft", "vanilla", "sft"],
        "k": [10, 5, 5, 5],
        "mean": [0.5, 0.75, 0.1, 0.2],
        "low": [0.4, 0.7, 0.0, 0.1],
        "high": [0.6, 0.8, 0.2, 0.3],
        "n_cues": [38] * 4,
        "n_seeds": [2] * 4,
    }
)


def card(record=RECORD, metrics=("precision@5: 0.750",)):
    return write_card(record, name="m-us-sft-seed3", culture="US", language="en", metrics=metrics)


def test_precision_is_quoted_with_its_interval_and_numbers():
    assert precision_lines(TABLE1, "m", "sft") == [
        "precision@5: 0.750 [0.700, 0.800], 38 cues, 2 seeds",
        "precision@10: 0.500 [0.400, 0.600], 38 cues, 2 seeds",
    ]


def test_survey_distances_are_those_of_the_culture_and_may_be_undefined():
    columns = {f"{m}{p}": [0.25, 0.5] for m in ("js", "emd") for p in ("", "_low", "_high")}
    table = pl.DataFrame(
        {
            "model": "m", "method": "sft", "culture": ["us", "cn"], "Nation": "US",
            "scoring": "plain", "js_n": 221, "emd_n": 221, **columns,
        }
    ).with_columns(emd=pl.lit(None, pl.Float64))  # fmt: skip
    assert survey_lines(table, "m", "sft", "us") == [
        "Jensen-Shannon distance to US (plain answers): 0.250 [0.250, 0.250], 221 questions",
        "earth mover's distance to US (plain answers): not defined, 221 questions",
    ]


def test_the_front_matter_is_yaml_that_names_the_base_on_the_hub():
    front = yaml.safe_load(card().split("---")[1])
    assert front["library_name"] == "peft" and front["base_model"] == "org/Model-8B"
    assert front["language"] == ["en"]
    packaged = {**RECORD, "model": {"source": "package:a/b.gguf", "label": "m"}}
    assert "base_model" not in yaml.safe_load(card(packaged).split("---")[1])


def clca(associations):
    return RECORD | {"sft": {**RECORD["sft"], "kind": "clca", "associations": associations}}


def test_an_adapter_of_role_play_does_not_claim_to_be_made_of_associations():
    text = card(clca(None))
    assert "on role-played dialogues of US" in text and "no person said them" in text
    assert not any(said in text for said in ("Small World", "volunteers", "word-associations"))


def test_an_adapter_of_both_says_both():
    text = card(clca("sft"))
    assert "on the word associations and role-played dialogues of US" in text
    assert "CC BY-NC-ND 3.0" in text and "no person said them" in text
    tags = yaml.safe_load(text.split("---")[1])["tags"]
    assert tags == ["lora", "word-associations", "role-play", "cultural-alignment"]


@pytest.mark.parametrize(
    "said",
    [
        "CC BY-NC-ND 3.0", "seed 3", "commit abc", "weights 123", "- precision@5: 0.750",
        "learning_rate: 1.0e-05", "max_lora_rank=64", "PeftModel.from_pretrained", "- torch 2",
        "supervised fine-tuning", "does not speak for a nation",
    ],
)  # fmt: skip
def test_the_card_says_what_a_user_must_know(said):
    assert said in card()
