"""All readings, from the files of a small run with lists and rankings and no survey."""

import polars as pl
import pytest

from culturalign.files.jsonl import write_jsonl
from culturalign.report.readings.all_readings import FILES, all_rows

SETTINGS = {
    "labels": {"models": {"m": "Small"}, "methods": {"sft": "SFT"}, "cultures": {"us": "US"}},
    "nations": {}, "poles": [], "countries": [], "tension": None, "first": 2,
    "split": {"train": 0.7, "validation": 0.1, "test": 0.2, "seed": 0},
}  # fmt: skip
CULTURE = {"rules": {"simplify_chinese": False, "merge_erhua": False}, "language": "en"}


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "m" / "us-sft-seed0"
    folder.mkdir(parents=True)
    names = {
        "precision": "precision.us.complex.greedy.parquet",
        "lists": "lists.us.complex.greedy.jsonl",
        "attributes": "attributes.us.complex.greedy.parquet",
        "human_attributes": "attributes.us.parquet",
        "rankings": "rankings.us.jsonl",
        "associations": "associations.parquet",
        "splits": "splits.parquet",
    }
    paths = {kind: folder / name for kind, name in names.items()}
    pl.DataFrame(
        {"cue": ["dog"], "k": [5], "precision": [0.4], "topk_overlap": [0.2],
         "precision_half": [0.3]}
    ).write_parquet(paths["precision"])  # fmt: skip
    write_jsonl([{"cue": "dog", "words": ["dogs", "x", "bone"]}], paths["lists"])
    rated = pl.DataFrame({"cue": ["dog"], "attribute": ["valence"], "words": [4], "known": [3]})
    rated.write_parquet(paths["attributes"])
    human = {"split": pl.lit("test"), "reading": pl.lit("most frequent")}
    rated.with_columns(**human).write_parquet(paths["human_attributes"])
    ranked = {
        "cue": "dog",
        "candidates": ["bone", "cat", "tail"],
        "text": "1. cat\n2. bone\n3. tail",
    }
    write_jsonl([ranked], paths["rankings"])
    rows = [
        ("dog", "cat", 3, 1),
        ("dog", "bone", 2, 2),
        ("dog", "tail", 1, 3),
        ("sky", "cat", 1, 1),
    ]
    pl.DataFrame(rows, ["cue", "response", "count", "rank"], orient="row").write_parquet(
        paths["associations"]
    )
    splits = pl.DataFrame({"cue": ["dog", "sky"], "split": ["test", "train"]})
    splits.write_parquet(paths["splits"])
    return {kind: [paths[kind]] if kind in paths else [] for kind in FILES}


def test_a_run_without_a_survey_has_the_readings_of_words(files, tmp_path):
    norms = tmp_path / "norms.parquet"
    pl.DataFrame({"word": ["dog", "cat"], "valence": [7.0, 6.0]}).write_parquet(norms)
    cultures = {"us": CULTURE | {"lemmatizer": "simplemma", "norms": norms}}
    table = all_rows(files, cultures, SETTINGS)
    found = {(row["id"], row["of"]): row for row in table.iter_rows(named=True)}
    assert found["missing", "Small, SFT, US"]["run"] == 1  # cat, bone, tail: the true order
    # of dogs and x, the first two words, "dogs" is in the norms only by its lemma
    arm = found["lookup", "Small, SFT, US"]
    assert (arm["written"], arm["run"], arm["sound"], arm["n_sound"]) == (0.5, 0, 0.5, 2)
    # of the people's cat and bone, cat; sky is not a test cue
    assert found["lookup", "People, US"]["run"] == 0.5
    assert {name for name, _ in found} == {  # no two words have equal counts: no ties
        "precision", "denominator", "split", "missing", "shares", "lookup",
    }  # fmt: skip


def test_words_of_a_language_without_a_lemmatizer_have_one_look_up(files):
    cultures = {"us": CULTURE | {"lemmatizer": None, "norms": "norms.parquet"}}
    assert "lookup" not in set(all_rows(files, cultures, SETTINGS)["id"])
