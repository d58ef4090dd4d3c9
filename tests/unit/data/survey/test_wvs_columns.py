from pathlib import Path

import pytest

from culturalign.data.survey.wvs_columns import needed_columns, variable
from culturalign.errors import UserError

FILE = Path("w.csv")


@pytest.mark.parametrize(("header", "name"), [
    ("Q1", "Q1"), ("q1", "Q1"), ("Q1: Important in life", "Q1"), (" Q33_3 x", "Q33_3"), ("", ""),
])  # fmt: skip
def test_the_variable_a_header_names(header, name):
    assert variable(header) == name


def test_letters_of_the_country_come_before_its_number():
    names = ["B_COUNTRY", "B_COUNTRY_ALPHA", "W_WEIGHT", "Q1: PromptGroup"]
    assert list(needed_columns(names, FILE, ["Q1"])) == ["B_COUNTRY_ALPHA", "W_WEIGHT", "Q1"]
    assert needed_columns(names, FILE, ["Q1"])["Q1"] == "Q1: PromptGroup"
    del names[1]
    assert next(iter(needed_columns(names, FILE, ["Q1"]))) == "B_COUNTRY"


@pytest.mark.parametrize(("names", "said"), [
    (["B_COUNTRY_ALPHA"], "w.csv: line 1 lacks the columns Q1; it starts"),
    (["B_COUNTRY_ALPHA", "W_WEIGHT", "Q1", "Q1: x"], "names Q1 more than once"),
])  # fmt: skip
def test_columns_that_are_missing_or_double_are_named(names, said):
    with pytest.raises(UserError, match=said):
        needed_columns(names, FILE, ["Q1"])


def test_the_weight_is_needed_only_by_a_weighted_survey():
    names = ["B_COUNTRY_ALPHA", "D_INTERVIEW", "version", "Q1"]
    found = needed_columns(names, FILE, ["Q1"])
    assert list(found) == ["B_COUNTRY_ALPHA", "D_INTERVIEW", "VERSION", "Q1"]
    with pytest.raises(UserError, match="lacks the columns W_WEIGHT; it starts"):
        needed_columns(names, FILE, ["Q1"], weighted=True)
