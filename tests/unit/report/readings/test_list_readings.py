"""Readings of list scores, worked out by hand."""

import polars as pl
import pytest

from culturalign.files.jsonl import write_jsonl
from culturalign.report.readings import list_readings

LABELS = {"models": {"m": "Small"}, "methods": {"sft": "SFT"}, "cultures": {"us": "US"}}


def values(row):
    return [row["written"], row["run"], row["sound"]]


def arm_file(folder, name):
    path = folder / "m" / "us-sft-seed0" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_precision_by_top_k_by_any_response_and_by_half(tmp_path):
    scores = arm_file(tmp_path, "precision.us.complex.greedy.parquet")
    rows = [("dog", 5, 0.6, 0.2, 0.4), ("cat", 5, 0.2, 0.0, 0.2),
            ("dog", 40, 0.1, 0.1, 0.1), ("cat", 40, 0.2, 0.1, 0.1)]  # fmt: skip
    names = ["cue", "k", "precision", "topk_overlap", "precision_half"]
    pl.DataFrame(rows, names, orient="row").write_parquet(scores)
    lists = arm_file(tmp_path, "lists.us.complex.greedy.jsonl")
    words = [f"w{i}" for i in range(50)]
    write_jsonl([{"cue": "dog", "words": words[:8]}, {"cue": "cat", "words": words}], lists)
    table = list_readings.precision_rows([scores], [lists], LABELS)
    precision, denominator = table.iter_rows(named=True)
    assert (precision["id"], precision["of"]) == ("precision", "Small, SFT, US, K = 5")
    assert values(precision) == pytest.approx([0.1, 0.4, 0.3])
    # dog has 4 of its 8 words right; cat, whose list is long enough, stays at .2
    assert values(denominator) == pytest.approx([(0.5 + 0.2) / 2, 0.15, 0.15])
    assert (denominator["of"], denominator["n_sound"]) == ("Small, SFT, US, K = 40", 2)


def test_an_empty_list_has_no_denominator_under_any_reading(tmp_path):
    scores = arm_file(tmp_path, "precision.us.complex.greedy.parquet")
    rows = [("dog", 5, 0.6, 0.2, 0.4), ("cat", 5, 0.0, 0.0, 0.0)]
    names = ["cue", "k", "precision", "topk_overlap", "precision_half"]
    pl.DataFrame(rows, names, orient="row").write_parquet(scores)
    lists = arm_file(tmp_path, "lists.us.complex.greedy.jsonl")
    write_jsonl([{"cue": "dog", "words": ["a", "b", "c"]}, {"cue": "cat", "words": []}], lists)
    table = list_readings.precision_rows([scores], [lists], LABELS)
    precision, denominator = table.iter_rows(named=True)
    assert values(denominator) == pytest.approx([1.0, 0.6, 0.6]) and denominator["n_sound"] == 1
    assert values(precision) == pytest.approx([0.1, 0.3, 0.2]) and precision["n_sound"] == 2


def test_a_short_list_weighs_less_in_a_pooled_share(tmp_path):
    arm = arm_file(tmp_path, "attributes.us.complex.greedy.parquet")
    people = tmp_path / "attributes.us.parquet"
    rows = [("dog", "valence", 10, 5), ("cat", "valence", 2, 2), ("sky", "valence", 0, 0),
            ("dog", "arousal", 10, 0)]  # fmt: skip
    table = pl.DataFrame(rows, ["cue", "attribute", "words", "known"], orient="row")
    table.write_parquet(arm)
    human = table.with_columns(split=pl.lit("test"), reading=pl.lit("most frequent"))
    train = human.with_columns(split=pl.lit("train"), known=pl.col("words"))
    pl.concat([human.head(2), train]).write_parquet(people)
    found = list_readings.share_rows([arm], [people], LABELS).rows(named=True)
    assert [row["of"] for row in found] == ["People, US", "Small, SFT, US"]
    for row in found:  # 5 of 10 and 2 of 2; a list without words has no share
        assert values(row) == pytest.approx([0.75, 7 / 12, 0.75]) and row["n_sound"] == 2


def test_words_are_looked_up_by_lemma_by_form_or_by_both():
    norms = pl.DataFrame({"word": ["dog", "glasses"], "valence": [7.0, 5.0]})
    lemmas = {"dogs": "dog", "glasses": "glass", "x": "x", "dog": "dog"}
    lists = {"one": ["dogs", "glasses"], "two": ["x", "dog"]}
    row = list_readings.lookup_row("People", lists, norms, lemmas.__getitem__)
    # by lemma dogs, dog; by form glasses, dog; by form or lemma dogs, glasses, dog
    assert values(row) == [0.5, 0.5, 0.75] and row["n"] == 4


def test_an_arm_without_a_word_has_no_share_of_rated_words():
    norms = pl.DataFrame({"word": ["dog"], "valence": [7.0]})
    row = list_readings.lookup_row("Silent", {"one": [], "two": []}, norms, str)
    assert values(row) == [None, None, None] and row["n"] == 0


def test_more_cues_are_trained_on_as_written_than_as_run():
    cues = [f"cue {i}" for i in range(2000)]
    shares = {"train": 0.5, "validation": 0.25, "test": 0.25}
    row = list_readings.split_row("US", cues, shares, seed=0)
    assert values(row) == pytest.approx([1600, 1400, 1000], abs=80)
    assert row["n"] == 2000
