import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.survey.topics import (
    NOMINAL,
    PLACES,
    TOPICS,
    in_order,
    number_of,
    order_of,
    question_number,
    topic_of,
)

# worldvaluessurvey.org, "WVS wave 7": items of each section, in the order of the questions.
SECTIONS = [45, 11, 49, 6, 9, 10, 21, 6, 6, 12, 23, 36, 25]


def test_sections_have_their_published_sizes_and_leave_no_gap():
    assert [last - first + 1 for first, last, _ in TOPICS] == SECTIONS
    assert [first for first, _, _ in TOPICS[1:]] == [last + 1 for _, last, _ in TOPICS[:-1]]
    assert (TOPICS[0][0], TOPICS[-1][1]) == (1, 259)


@pytest.mark.parametrize(("question", "topic"), [
    ("Q45", "Social values"), ("Q46", "Happiness and well-being"), ("Q118", "Corruption"),
    ("Q149", "Security"), ("Q152", "Postmaterialism"), ("Q168", "Religious values"),
    ("Q259", "Political culture"),
])  # fmt: skip
def test_topic(question, topic):
    assert topic_of(question) == topic


@pytest.mark.parametrize("question", ["Q0", "Q260", "Q33_3", "Q234A", "q1", "1", ""])
def test_what_has_no_topic(question):
    with pytest.raises(ValueError, match="question"):
        topic_of(question)


@given(st.integers(min_value=1, max_value=10**6))
def test_order_is_by_number_and_both_numbers_agree(number):
    table = pl.DataFrame({"question": [f"Q{number}"]})
    assert table.select(number_of()).item() == number == question_number(f"Q{number}")
    assert in_order(["Q10", "Q2", "Q100", "Q2"]) == ["Q2", "Q10", "Q100"]


@pytest.mark.parametrize(("question", "codes", "ordinal", "places"), [
    ("Q1", [4, 1, 2], True, [2, 0, 1]), ("Q56", [1, 2, 3], True, [0, 2, 1]),
    ("Q119", [0, 1, 2, 3, 4], True, [None, 0, 1, 2, 3]), ("Q122", [0, 1, 2], True, [0, 1, 2]),
    ("Q221", [1, 2, 3, 4], True, [0, 1, 2, None]), ("Q241", [0, 1, 10], True, [0, 1, 2]),
    ("Q152", [1, 2, 3, 4], False, [None] * 4),
])  # fmt: skip
def test_order_of_wvs_questions(question, codes, ordinal, places):
    assert order_of(question, codes) == (ordinal, places)
    assert not NOMINAL & set(PLACES)  # what has an order of its own is not nominal
