"""An arm's distances to countries, question by question."""

import math

import polars as pl
import pytest

from culturalign.scores.survey_distances import score_arm
from culturalign.stats.distances import js_distance


def questionnaire(**questions):
    """Question -> places; codes from 1."""
    rows = [
        (question, "Trust", code, any(p is not None for p in places), place)
        for question, places in questions.items()
        for code, place in enumerate(places, 1)
    ]
    schema = ["question", "topic", "code", "ordinal", ("place", pl.Int64)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def answers(**questions):
    rows = [
        (question, code, plain, debiased)
        for question, pair in questions.items()
        for code, (plain, debiased) in enumerate(zip(*pair, strict=True), 1)
    ]
    return pl.DataFrame(rows, schema=["question", "code", "plain", "debiased"], orient="row")


def scored(given, shares, places):
    """Question -> shares plain and debiased; (question, country) -> shares; question -> places."""
    checks = pl.DataFrame(
        {"question": [*given], "mass_plain": 0.9, "mass_debiased": 0.8, "order_effect": 0.25}
    )
    rows = [(*key, code, share) for key, line in shares.items() for code, share in line.items()]
    human = pl.DataFrame(rows, schema=["question", "country", "code", "share"], orient="row")
    return score_arm(answers(**given), checks, human, questionnaire(**places))


HALF, BOTH = ([0.5, 0.5], [0.5, 0.5]), {1: 0.5, 2: 0.5}


def test_an_arm_is_scored_against_every_country_plain_and_debiased():
    shares = {("Q9", "USA"): {1: 1.0, 2: 0.0}, ("Q9", "CHN"): BOTH}
    found = scored({"Q9": ([0.0, 1.0], [0.5, 0.5])}, shares, {"Q9": [0, 1]})
    assert found.select("country", "scoring", "emd", "mass").rows() == [
        ("CHN", "plain", 0.5, 0.9), ("CHN", "debiased", 0.0, 0.8),
        ("USA", "plain", 1.0, 0.9), ("USA", "debiased", 0.5, 0.8),
    ]  # fmt: skip
    assert found["order_effect"].to_list() == [0.25] * 4
    assert found["topic"].to_list() == ["Trust"] * 4
    last = found.row(3, named=True)
    assert last["js"] == pytest.approx(js_distance([0.5, 0.5], [1, 0]))
    assert last["js_divergence"] == pytest.approx(last["js"] ** 2)
    assert (last["entropy"], last["uniform_js"]) == (pytest.approx(math.log(2)), 0)
    assert last["emd_ordinal"] == 0.5
    assert (last["emd_free"], last["options"]) == (pytest.approx(0.5), 2)
    assert found.columns == [
        "question", "topic", "country", "scoring", "js", "js_divergence", "emd", "emd_free",
        "options", "emd_ordinal", "entropy", "uniform_js", "mass", "order_effect",
    ]  # fmt: skip


THIRD = ([0.0, 0.0, 1.0], [0.0, 0.0, 1.0])


@pytest.mark.parametrize(("given", "shares", "places", "rows"), [
    # questions are sorted by number, and nominal ones have no ordinal distance
    ({"Q10": HALF, "Q9": HALF}, {(q, "USA"): BOTH for q in ("Q10", "Q9")},
     {"Q9": [None, None], "Q10": [1, 0]}, [("Q9", "USA", 0, None), ("Q10", "USA", 0, 0)]),
    # codes nobody gave have no share, questions nobody was asked no row: a quarter two of two
    # steps, three quarters one step
    ({"Q1": THIRD, "Q2": THIRD}, {("Q1", "USA"): {1: 0.25, 2: 0.75}},
     {"Q1": [0, 1, 2], "Q2": [0, 1, 2]}, [("Q1", "USA", 0.625, 0.625)]),
    # a country that was not asked a question has no row of it
    ({"Q1": HALF, "Q2": HALF}, {("Q1", "USA"): BOTH, ("Q1", "GBR"): BOTH, ("Q2", "USA"): BOTH},
     {"Q1": [0, 1], "Q2": [0, 1]},
     [("Q1", "GBR", 0, 0), ("Q1", "USA", 0, 0), ("Q2", "USA", 0, 0)]),
])  # fmt: skip
def test_a_row_is_a_question_that_a_country_was_asked(given, shares, places, rows):
    found = scored(given, shares, places).filter(scoring="plain")
    assert found.select("question", "country", "emd", "emd_ordinal").rows() == rows


def test_a_code_that_people_gave_and_the_model_was_not_offered_is_an_error():
    shares = {("Q1", "USA"): {1: 0.25, 2: 0.5, 9: 0.25}}
    with pytest.raises(ValueError, match=r"Q1, codes \[1, 2\]: .*sums"):
        scored({"Q1": HALF}, shares, {"Q1": [0, 1]})
