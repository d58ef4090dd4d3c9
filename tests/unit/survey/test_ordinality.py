import pytest

from culturalign.survey.ordinality import NOMINAL, PLACES, order_of


@pytest.mark.parametrize(
    ("question", "codes", "ordinal", "places"),
    [
        ("Q1", [4, 1, 2], True, [2, 0, 1]),
        ("Q56", [1, 2, 3], True, [0, 2, 1]),
        ("Q119", [0, 1, 2, 3, 4], True, [None, 0, 1, 2, 3]),
        ("Q122", [0, 1, 2], True, [0, 1, 2]),
        ("Q221", [1, 2, 3, 4], True, [0, 1, 2, None]),
        ("Q241", [0, 1, 10], True, [0, 1, 2]),
        ("Q152", [1, 2, 3, 4], False, [None] * 4),
    ],
)
def test_order_of_wvs_questions(question, codes, ordinal, places):
    assert order_of(question, codes) == (ordinal, places)


def test_exceptions_are_no_nominal_questions():
    assert not NOMINAL & set(PLACES)
