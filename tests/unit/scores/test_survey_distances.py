"""An arm's distances to countries, question by question."""

import math

import polars as pl
import pytest

from culturalign.scores.survey_distances import score_arm
from culturalign.stats.distances import js_distance


def human(shares):
    rows = [
        (question, country, code, share)
        for (question, country), line in shares.items()
        for code, share in line.items()
    ]
    return pl.DataFrame(rows, schema=["question", "country", "code", "share"], orient="row")


def questionnaire(**questions):
    """Question -> places; codes from 1."""
    rows = [
        (question, "Trust", code, any(p is not None for p in places), place)
        for question, places in questions.items()
        for code, place in enumerate(places, 1)
    ]
    schema = {"question": pl.String, "topic": pl.String, "code": pl.Int64, "ordinal": pl.Boolean,
              "place": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def answers(**questions):
    rows = [
        (question, code, plain, debiased)
        for question, pair in questions.items()
        for code, (plain, debiased) in enumerate(zip(*pair, strict=True), 1)
    ]
    schema = {"question": pl.String, "code": pl.Int64, "plain": pl.Float64, "debiased": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def checks(*questions):
    return pl.DataFrame(
        {"question": questions, "mass_plain": 0.9, "mass_debiased": 0.8, "order_effect": 0.25}
    )


def test_an_arm_is_scored_against_every_country_plain_and_debiased():
    shares = {("Q9", "USA"): {1: 1.0, 2: 0.0}, ("Q9", "CHN"): {1: 0.5, 2: 0.5}}
    found = score_arm(
        answers(Q9=([0.0, 1.0], [0.5, 0.5])), checks("Q9"), human(shares), questionnaire(Q9=[0, 1])
    )
    assert found.select("country", "scoring", "emd", "mass").rows() == [
        ("CHN", "plain", 0.5, 0.9), ("CHN", "debiased", 0.0, 0.8), ("USA", "plain", 1.0, 0.9),
        ("USA", "debiased", 0.5, 0.8),
    ]  # fmt: skip
    assert found["order_effect"].to_list() == [0.25] * 4
    assert found["topic"].to_list() == ["Trust"] * 4
    last = found.row(3, named=True)
    assert last["js"] == pytest.approx(js_distance([0.5, 0.5], [1, 0]))
    assert last["js_divergence"] == pytest.approx(last["js"] ** 2)
    assert (last["entropy"], last["uniform_js"]) == (pytest.approx(math.log(2)), 0)
    assert last["emd_ordinal"] == 0.5
    assert found.columns == [
        "question", "topic", "country", "scoring", "js", "js_divergence", "emd", "emd_ordinal",
        "entropy", "uniform_js", "mass", "order_effect",
    ]  # fmt: skip


def test_questions_are_sorted_by_number_and_nominal_ones_have_no_ordinal_distance():
    half = ([0.5, 0.5], [0.5, 0.5])
    shares = {(q, "USA"): {1: 0.5, 2: 0.5} for q in ("Q10", "Q9")}
    found = score_arm(
        answers(Q10=half, Q9=half), checks("Q10", "Q9"), human(shares),
        questionnaire(Q9=[None, None], Q10=[1, 0]),
    )  # fmt: skip
    plain = found.filter(scoring="plain")
    assert plain.select("question", "emd_ordinal").rows() == [("Q9", None), ("Q10", 0.0)]


def test_codes_nobody_gave_have_no_share_and_questions_nobody_was_asked_no_row():
    shares = {("Q1", "USA"): {1: 0.25, 2: 0.75}}
    third = ([0.0, 0.0, 1.0], [0.0, 0.0, 1.0])
    found = score_arm(
        answers(Q1=third, Q2=third), checks("Q1", "Q2"), human(shares),
        questionnaire(Q1=[0, 1, 2], Q2=[0, 1, 2]),
    )  # fmt: skip
    # a quarter two of two steps, three quarters one step
    assert found.select("question", "emd").unique().rows() == [("Q1", 0.625)]


def test_a_country_that_was_not_asked_a_question_has_no_row_of_it():
    half = ([0.5, 0.5], [0.5, 0.5])
    both = {1: 0.5, 2: 0.5}
    shares = {("Q1", "USA"): both, ("Q1", "GBR"): both, ("Q2", "USA"): both}
    found = score_arm(
        answers(Q1=half, Q2=half), checks("Q1", "Q2"), human(shares),
        questionnaire(Q1=[0, 1], Q2=[0, 1]),
    ).filter(scoring="plain")  # fmt: skip
    assert found.select("question", "country").rows() == [
        ("Q1", "GBR"), ("Q1", "USA"), ("Q2", "USA"),
    ]  # fmt: skip


def test_a_code_that_people_gave_and_the_model_was_not_offered_is_an_error():
    shares = {("Q1", "USA"): {1: 0.25, 2: 0.5, 9: 0.25}}
    with pytest.raises(ValueError, match=r"Q1, codes \[1, 2\]: .*sums"):
        score_arm(
            answers(Q1=([0.5, 0.5], [0.5, 0.5])), checks("Q1"), human(shares),
            questionnaire(Q1=[0, 1]),
        )  # fmt: skip
