import json

import polars as pl
import pytest

from culturalign.artifacts.option_samples import SURVEY_SAMPLES
from culturalign.samples import survey_samples
from culturalign.samples.survey_prompts import SurveyPrompt
from culturalign.scores.survey_answers import model_answers

QUESTIONS = pl.DataFrame(
    [("Q1", "Tea?", 1, "yes"), ("Q1", "Tea?", 2, "no"), ("Q2", "How often?", 0, "never"),
     ("Q2", "How often?", 1, "at times"), ("Q2", "How often?", 2, "always")],
    schema=["question", "wording", "code", "option"], orient="row",
)  # fmt: skip
LABELS = {2: ["1", "2"], 3: ["1", "2", "3"]}


def test_every_question_is_asked_in_every_order():
    asked = list(survey_samples.ask(QUESTIONS, LABELS, orders=2))
    found = [(q["question"], q["order"]) for q in asked]
    assert found == [("Q1", 0), ("Q1", 1), ("Q2", 0), ("Q2", 1)]
    assert asked[3]["options"] == ["always", "at times", "never"]
    assert asked[3]["codes"] == [2, 1, 0]
    assert asked[3]["option_labels"] == ["1", "2", "3"]


@pytest.fixture(scope="module")
def samples(tmp_path_factory, arm):
    folder = tmp_path_factory.mktemp("job")
    QUESTIONS.write_parquet(folder / "questionnaire.parquet")
    (folder / "labels.json").write_text(json.dumps(LABELS))
    for name in ("first", "second"):
        survey_samples.run(
            arm,
            questionnaire=folder / "questionnaire.parquet",
            option_labels=folder / "labels.json",
            prompt=SurveyPrompt("Answer.\n\n[QUESTION]\n\n[OPTIONS]", "Be brief."),
            orders=2,
            samples_out=folder / f"{name}.parquet",
            provenance_out=folder / f"{name}.json",
        )
    return folder


def test_samples_have_a_row_an_option_and_order(samples):
    table = pl.read_parquet(samples / "first.parquet")
    assert table.schema == SURVEY_SAMPLES.schema
    assert len(table) == 2 * 2 + 2 * 3
    reverse = table.filter(question="Q2", order=1)
    assert reverse["code"].to_list() == [2, 1, 0]
    assert reverse["label"].to_list() == ["1", "2", "3"]
    assert (table["logprob"] < 0).all()
    assert model_answers(table)["plain"].sum() == pytest.approx(2)


def test_two_runs_give_the_same_numbers_and_provenance_names_the_prompts(samples):
    assert (samples / "first.parquet").read_bytes() == (samples / "second.parquet").read_bytes()
    record = json.loads((samples / "first.json").read_text())
    assert record["prompts"] == 4 and len(record["prompts_sha256"]) == 64
