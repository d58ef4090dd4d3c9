import json
import math

import polars as pl
import pytest
import torch

from culturalign.artifacts.option_samples import SURVEY_SAMPLES
from culturalign.config.survey import Asking
from culturalign.errors import UserError
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
            asking=Asking(),
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


TEN = pl.DataFrame(
    [("Q3", "How happy?", code, f"step {code}", "Good day.") for code in range(1, 11)],
    schema=["question", "wording", "code", "option", "introduction"], orient="row",
)  # fmt: skip


def asked_as_run(folder, arm, asking, labels):
    """Samples and provenance of one question with ten options."""
    TEN.write_parquet(folder / "ten.parquet")
    (folder / "ten.json").write_text(json.dumps({10: labels}))
    survey_samples.run(
        arm,
        questionnaire=folder / "ten.parquet",
        option_labels=folder / "ten.json",
        prompt=SurveyPrompt("[INTRODUCTION]\n[QUESTION]\n[OPTIONS]\nNumber:", "Be brief."),
        orders=1,
        asking=asking,
        samples_out=folder / "samples.parquet",
        provenance_out=folder / "samples.json",
    )
    return pl.read_parquet(folder / "samples.parquet"), json.loads(
        (folder / "samples.json").read_text()
    )


NUMBERS = [str(number) for number in range(1, 11)]


def test_raw_text_and_numbers_lose_the_tenth_label_and_say_so(tmp_path, arm):
    asking = Asking(chat=False, labels="numbers")
    table, record = asked_as_run(tmp_path, arm, asking, NUMBERS)
    options = "\n".join(f"{n}. step {n}" for n in range(1, 11))
    text = f"Good day.\nHow happy?\n{options}\nNumber:"
    ids = arm.engine.tokenizer(text, add_special_tokens=False).input_ids
    with torch.no_grad():
        logits = arm.engine.model(input_ids=torch.tensor([ids])).logits[0, -1].float()
    digits = [arm.engine.tokenizer(label).input_ids[0] for label in NUMBERS[:9]]
    assert table["logprob"].to_list()[:9] == pytest.approx(
        logits.log_softmax(-1)[digits].tolist(), abs=1e-4
    )
    assert table["logprob"][9] == -math.inf  # "10" is two tokens
    assert record["labels_lost"] == {"10": 1} and record["questions_with_lost_labels"] == 1
    assert record["options_outside_top"] == 0
    found = model_answers(table)["plain"].to_list()
    assert found[9] == 0 and sum(found) == pytest.approx(1)


def test_with_top_logprobs_only_probable_labels_count(tmp_path, arm):
    all_labels, _ = asked_as_run(tmp_path, arm, Asking(labels="numbers"), NUMBERS)
    top, record = asked_as_run(tmp_path, arm, Asking(labels="numbers", top_logprobs=True), NUMBERS)
    kept = top.filter(pl.col("logprob").is_finite())
    best = all_labels["logprob"].max()
    assert 1 <= len(kept) < 9 and kept["logprob"].max() == pytest.approx(best, abs=1e-5)
    # nine labels are one token; "10" is two, and lost whatever is probable
    assert record["options_outside_top"] == 9 - len(kept)
    assert record["labels_lost"] == {"10": 1} and record["questions_with_lost_labels"] == 1


def test_a_model_that_can_write_no_label_is_refused(tmp_path, arm):
    labels = [f"{number}0" for number in range(1, 11)]
    with pytest.raises(UserError, match="none of the labels 10, 20, 30"):
        asked_as_run(tmp_path, arm, Asking(labels="numbers"), labels)
