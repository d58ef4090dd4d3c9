import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.survey.human_shares import asked_in_all, flag_codes, human_shares, own_codes
from culturalign.errors import UserError
from tests.unit.data.survey.people import answers_of

PAIR = ("CHN", "USA")
TWO = answers_of(
    USA={"Q10": [1, 1, 2, -1], "Q2": [0, 0, 0, 1], "Q3": [1, 1, 1, 1]},
    CHN={"Q10": [1, 3, -5, -2], "Q2": [1, 0, 1, 1], "Q3": [-4, -4, -4, -4]},
)


def test_questions_asked_in_all_countries_and_those_with_other_codes():
    assert asked_in_all(TWO, PAIR) == ["Q2", "Q10"]
    assert asked_in_all(TWO, ["USA"]) == ["Q2", "Q3", "Q10"]
    assert flag_codes(human_shares(TWO, PAIR)) == ["Q10"]


def test_shares_by_hand():
    third = pytest.approx(1 / 3)
    assert human_shares(TWO, PAIR).rows() == [
        ("CHN", "Q2", 0, 1, 0.25), ("CHN", "Q2", 1, 3, 0.75), ("USA", "Q2", 0, 3, 0.75),
        ("USA", "Q2", 1, 1, 0.25), ("CHN", "Q10", 1, 1, 0.5), ("CHN", "Q10", 2, 0, 0.0),
        ("CHN", "Q10", 3, 1, 0.5), ("USA", "Q10", 1, 2, pytest.approx(2 / 3)),
        ("USA", "Q10", 2, 1, third), ("USA", "Q10", 3, 0, 0.0),
    ]  # fmt: skip


def test_weights_change_shares_and_no_counts():
    weight = pl.when(pl.col("respondent") == 0).then(3.0).otherwise(0.5)
    human = human_shares(TWO.with_columns(weight=weight), PAIR, weighted=True)
    found = human.filter(pl.col("country") == "CHN", pl.col("question") == "Q2")
    assert found.select("count", "share").rows() == [(1, 0.5 / 4.5), (3, pytest.approx(4 / 4.5))]


def test_weights_that_cannot_be_used():
    unknown = pl.when(pl.col("country") == "USA").then(None).otherwise("weight")
    with pytest.raises(UserError, match="respondent 0 of USA has no W_WEIGHT"):
        human_shares(TWO.with_columns(weight=unknown), PAIR, weighted=True)
    with pytest.raises(UserError, match="CHN who answered Q2 have W_WEIGHT 0"):
        human_shares(TWO.with_columns(weight=pl.lit(0.0)), PAIR, weighted=True)


CODES = st.lists(st.integers(-5, 5), min_size=1, max_size=30)


@given(CODES, CODES)
def test_shares_are_distributions_over_the_same_codes(first, second):
    human = human_shares(answers_of(CHN={"Q1": first}, USA={"Q1": second}), PAIR)
    if max(first) < 0 or max(second) < 0:
        assert human.is_empty()
        return
    china, usa = human.partition_by("country")
    assert china["code"].to_list() == usa["code"].to_list()
    assert china["share"].sum() == pytest.approx(1)
    assert usa["count"].sum() == sum(code >= 0 for code in second)


def test_another_country_may_lack_questions_and_then_has_no_rows_of_them():
    three = pl.concat([TWO, answers_of(GBR={"Q2": [1, 1], "Q10": [-4, -4], "Q3": [1, 1]})])
    human = human_shares(three, PAIR, others=["GBR"])
    rows = human.filter(country="GBR").rows()
    assert rows == [("GBR", "Q2", 0, 0, 0.0), ("GBR", "Q2", 1, 2, 1.0)]
    assert human.filter(pl.col("country") != "GBR").rows() == human_shares(TWO, PAIR).rows()


def test_the_poles_have_no_codes_that_only_another_country_used():
    three = pl.concat([TWO, answers_of(GBR={"Q2": [1, 7], "Q10": [3, 3]})])
    human = own_codes(human_shares(three, PAIR, others=["GBR"]), PAIR)
    assert human.filter(pl.col("country") != "GBR").rows() == human_shares(TWO, PAIR).rows()
    assert human.filter(country="GBR", question="Q2")["code"].to_list() == [0, 1, 7]
