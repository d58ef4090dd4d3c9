"""Batteries: questions of one card belong together, others stand alone."""

from itertools import pairwise

import polars as pl
import pytest

from culturalign.data.survey.batteries import BATTERIES, battery, battery_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Q177", "Q177"), ("Q180", "Q177"), ("Q195", "Q177"), ("Q196", "Q196"), ("Q164", "Q164"),
     ("Q165", "Q165"), ("Q1", "Q1"), ("Q6", "Q1"), ("Q7", "Q7"), ("Q259", "Q255")],
)  # fmt: skip
def test_a_battery_is_named_by_its_first_question(question, expected):
    assert battery_of(question) == expected


def test_batteries_do_not_overlap_and_have_two_questions_or_more():
    assert all(first < last for first, last in BATTERIES)
    assert all(one[1] < other[0] for one, other in pairwise(BATTERIES))


def test_a_column_of_questions_has_its_batteries_and_other_ids_are_refused():
    found = pl.DataFrame({"question": ["Q2", "Q50"]}).with_columns(battery())
    assert found["cluster"].to_list() == ["Q1", "Q50"]
    with pytest.raises(ValueError, match="Q234A"):
        battery_of("Q234A")
