"""The explorer's data: what the page shows is what the files hold."""

import json

import polars as pl
import pytest

from culturalign.files.jsonl import write_jsonl
from culturalign.report import explorer

LABELS = {"models": {"m": "Model"}, "cultures": {"us": "US </script>"}, "methods": {"sft": "SFT"}}
NASTY = "</script><script>alert(1)</script>"


def put(folder, arm, kind, ending):
    place = folder / "m" / arm
    place.mkdir(parents=True, exist_ok=True)
    return place / f"{kind}.{ending}"


@pytest.fixture
def run(tmp_path):
    """A culture of two arms and a survey of one question in two orders, as files."""
    files = []
    for arm, words in (("vanilla", ["meow"]), ("us-sft-seed0", ["dog", NASTY])):
        files.append(put(tmp_path, arm, "lists", "us.complex.greedy.jsonl"))
        write_jsonl([{"cue": "cat", "words": words}], files[-1])
    associations = tmp_path / "us/associations.parquet"
    associations.parent.mkdir()
    rows = {"cue": ["cat", "cat", "cow"], "response": ["purr", "dog", "milk"], "count": [2, 9, 5]}
    pl.DataFrame(rows).write_parquet(associations)
    planted = tmp_path / "planted.csv"
    planted.write_text("domain,cue,response\npets,cat,dog\npets,cow,milk\n")
    return {"associations": [str(associations)], "lists": [str(file) for file in files],
            "planted": {"us": str(planted)}, "questionnaires": [], "human": None, "answers": [],
            "labels": LABELS}  # fmt: skip


def test_every_cue_asked_has_people_planted_words_and_a_list_of_each_arm(run):
    data = json.loads(explorer.collect(**run))
    (culture,) = data["cultures"]
    assert culture["label"] == "US </script>"
    assert culture["arms"] == ["Model, Vanilla", "Model, SFT, US </script>, seed 0"]
    (cue,) = culture["cues"]  # cow was not asked
    word = data["words"].__getitem__
    assert word(cue["cue"]) == "cat"
    assert [(word(place), times) for place, times in cue["people"]] == [("dog", 9), ("purr", 2)]
    assert [word(place) for place in cue["planted"]] == ["dog"]
    assert [[word(place) for place in words] for words in cue["lists"]] == [
        ["meow"],
        ["dog", NASTY],
    ]
    assert data["words"][0] == "dog"  # three times: the most frequent is the shortest to write


def test_no_word_or_label_can_end_the_element(run):
    text = explorer.collect(**run)
    assert "<" not in text and NASTY in json.loads(text)["words"]


def test_an_answer_is_kept_in_every_order_of_the_options_as_a_share_of_them(run, tmp_path):
    questionnaire, human = tmp_path / "questionnaire.en.parquet", tmp_path / "human.parquet"
    asked = {"question": ["Q1", "Q1"], "wording": ["Rain?"] * 2, "code": [2, 1],
             "option": ["no", "yes"], "place": [1, 0]}  # fmt: skip
    pl.DataFrame(asked).write_parquet(questionnaire)
    people = {"country": ["USA"] * 2, "question": ["Q1"] * 2, "code": [1, 2], "share": [0.7, 0.3]}
    pl.DataFrame(people).write_parquet(human)
    logs = {"question": ["Q1"] * 4, "order": [0, 0, 1, 1], "code": [1, 2, 2, 1],
            "logprob": [-1.0, -1.0, -2.0, float("-inf")]}  # fmt: skip
    samples = put(tmp_path, "vanilla", "survey", "en.parquet")
    pl.DataFrame(logs).write_parquet(samples)
    of_survey = {"questionnaires": [str(questionnaire)], "human": str(human),
                 "answers": [str(samples), str(samples)]}  # fmt: skip
    (survey,) = json.loads(explorer.collect(**run | of_survey))["surveys"]
    assert survey == {
        "label": "en", "arms": ["Model, Vanilla"],  # asked for two cultures, shown once
        "questions": [{"id": "Q1", "wording": "Rain?", "options": ["yes", "no"],
                       "people": {"USA": [700, 300]}, "answers": [[[500, 500], [0, 1000]]]}],
    }  # fmt: skip
