"""Questions in all orders, and a job with the tiny model."""

import json
from collections import Counter

import polars as pl
import pytest

from culturalign.data.mcq_questions import CATEGORIES, McqPrompt
from culturalign.files.jsonl import write_jsonl
from culturalign.samples.mcq_samples import ask, run
from culturalign.scores.mcq_scores import score_choices

PROMPT = McqPrompt("Closest to {cue}?\n[OPTIONS]\n", "Be brief.", ", ")
WORDS = {name: [f"{name} {i}" for i in range(4)] for name in CATEGORIES}
QUESTION = {"cue": "cat", "options": WORDS, "order": ["random", "low", "high", "indirect"]}


def test_every_category_stands_once_in_every_place_the_plain_order_first():
    asked = list(ask([QUESTION]))
    assert [q["order"] for q in asked] == [0, 1, 2, 3]
    assert asked[0]["categories"] == QUESTION["order"]
    places = Counter((place, name) for q in asked for place, name in enumerate(q["categories"]))
    assert set(places.values()) == {1} and len(places) == 16
    for q in asked:
        assert q["words"] == [WORDS[name] for name in q["categories"]]


def test_a_job_writes_the_log_probability_of_every_label(tmp_path, arm):
    write_jsonl([QUESTION, QUESTION | {"cue": "dog"}], tmp_path / "q.jsonl")
    run(
        arm, questions=tmp_path / "q.jsonl", option_labels=list("1234"), prompt=PROMPT,
        samples_out=tmp_path / "s.parquet", provenance_out=tmp_path / "s.json",
    )  # fmt: skip
    samples = pl.read_parquet(tmp_path / "s.parquet")
    assert len(samples) == 2 * 4 * 4
    assert samples["label"].to_list()[:4] == list("1234")
    assert samples["logprob"].max() < 0
    mass = samples.group_by("cue", "order").agg(pl.col("logprob").exp().sum())["logprob"]
    assert mass.max() < 1
    assert score_choices(samples)["mass"].mean() == pytest.approx(mass.mean(), rel=0.5)
    assert json.loads((tmp_path / "s.json").read_text())["labels"] == list("1234")
