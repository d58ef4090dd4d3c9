import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.scores.persona_scores import as_pairs, constant_answers, kl, score_questions

CODES = pl.DataFrame({"question": ["Q1"] * 4 + ["Q2"] * 2, "code": [1, 2, 3, 4, 0, 1]})


def pairs(people, model, question="Q1"):
    n = len(people)
    return pl.DataFrame(
        {"respondent": range(n), "question": [question] * n, "code": people, "answer": model},
        schema_overrides={"answer": pl.Int64},
    )


def scored(people, model, question="Q1"):
    return score_questions(pairs(people, model, question), CODES).row(0, named=True)


@pytest.mark.parametrize(("people", "model", "expected"), [
    ([1, 1, 1, 2, 2, 3], [1, 1, 1, 2, 2, 3],
     {"accuracy": 1, "validity": 1, "accuracy_valid": 1, "js": 0, "kl": 0, "emd": 0}),
    # the same distribution of other people
    ([1, 2, 3], [3, 1, 2], {"accuracy": 0, "js": 0, "kl": 0, "emd": 0}),
    # invalid answers are wrong but not an option
    ([1, 1, 2, 2], [1, None, 2, None],
     {"accuracy": 0.5, "accuracy_valid": 1, "validity": 0.5, "js": 0, "kl": 0}),
    ([1, 2], [None, None], {"accuracy": 0, "validity": 0, "js": None, "kl": None}),
    # an arm that answers everybody alike shows
    ([1, 2, 3], [2, 2, 2], {"same": 1}), ([1, 2, 3], [1, 2, 2], {"same": 2 / 3}),
    ([1, 2, 3], [3, None, None], {"same": 1}), ([1, 2, 3], [None] * 3, {"same": None}),
])  # fmt: skip
def test_scores_of_a_question_by_hand(people, model, expected):
    row = scored(people, model)
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_a_question_from_code_0_is_scored():
    assert scored([0, 0], [1, 1], "Q2")["emd"] == 1


def test_reversed_answers_are_as_far_as_computed_by_hand():
    # people (.7, .2, .1, 0), model (0, .1, .2, .7): cumulated differences .7, .8, .7 over 3 steps
    row = scored([1] * 7 + [2] * 2 + [3], [4] * 7 + [3] * 2 + [2])
    assert row["emd"] == pytest.approx(2.2 / 3)
    # with 0.05 added to each share, over 1.2
    p, q = (0.75, 0.25, 0.15, 0.05), (0.05, 0.15, 0.25, 0.75)
    by_hand = sum(a / 1.2 * math.log(a / b) for a, b in zip(p, q, strict=True))
    assert row["kl"] == pytest.approx(by_hand)
    assert row["accuracy"] == 0


def test_constant_answers_are_the_first_option_and_the_commonest_of_people():
    people = pl.concat([pairs([2, 3, 3, 1], [None] * 4), pairs([1, 0], [None] * 2, "Q2")])
    found = constant_answers(people, CODES)
    assert found["first"]["answer"].to_list() == [1, 1, 1, 1, 0, 0]
    assert found["majority"]["answer"].to_list() == [3, 3, 3, 3, 0, 0]  # of a tie the lower code
    assert found["uniform"]["answer"].to_list() == [1, 2, 3, 4, 0, 1]  # all options in turn
    scores = score_questions(found["majority"], CODES)
    assert scores["accuracy"].to_list() == [0.5, 0.5] and scores["same"].to_list() == [1, 1]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1))
def test_no_constant_answer_beats_the_commonest(answers):
    given_pairs = pairs([a for a, _ in answers], [answers[0][1]] * len(answers))
    best = score_questions(constant_answers(given_pairs, CODES)["majority"], CODES)["accuracy"][0]
    assert score_questions(given_pairs, CODES)["accuracy"][0] <= best


def test_personas_that_nobody_answered_are_pairs_without_an_answer():
    row = {"respondent": 3, "question": "Q1", "code": 2, "persona": "aged 30"}
    assert as_pairs([row]).rows() == [(3, "Q1", 2, None)]
    assert as_pairs([{**row, "answer": 4, "text": "4"}]).rows() == [(3, "Q1", 2, 4)]


@pytest.mark.parametrize(("last", "respondents"), [(5, 3), (7, 4)])
def test_respondents_are_counted_once_however_many_questions_they_answer(last, respondents):
    answers = pl.concat([pairs([1, 2, 3], [1, 1, 1]), pairs([0, 1], [0, 0], "Q2")])
    answers = answers.with_columns(respondent=pl.Series([4, 5, 6, 4, last]))
    found = score_questions(answers, CODES).select("n", "respondents")
    assert found.rows() == [(3, respondents), (2, respondents)]


shares = (
    st.lists(st.integers(0, 9), min_size=3, max_size=3)
    .filter(any)
    .map(lambda counts: [count / sum(counts) for count in counts])
)


@given(shares, shares, st.floats(1e-4, 1))
def test_kl_is_finite_not_negative_and_0_for_equals(p, q, prior):
    assert kl(p, p, prior) == 0
    assert 0 <= kl(p, q, prior) < math.inf
    if max(abs(a - b) for a, b in zip(p, q, strict=True)) > 0.01:
        assert kl(p, q, prior) > 0
    with pytest.raises(ValueError, match="above 0"):
        kl(p, q, 0)
