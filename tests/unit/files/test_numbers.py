import polars as pl
import pytest

from culturalign.files.numbers import is_missing, read_numbers, without_zeros


@pytest.mark.parametrize(("entries", "numbers"), [
    (["6,26", "5", "-0,5"], [6.26, 5, -0.5]),
    (["0,987", "0,123"], [0.987, 0.123]),  # no thousands start with 0
    (["6,26", "1,234"], [6.26, 1.234]),
    (["1,234", "6,263"], [None, None]),  # in doubt
    (["1,234", "6.5", "6,26"], [None, 6.5, 6.26]),
    (["1.0", " 2 ", "1e2", "−1"], [1, 2, 100, -1]),
    (["1,2,3", "1.234,5", ",5", "a,b", None], [None] * 5),
])  # fmt: skip
def test_a_decimal_comma_is_read_where_it_can_be_nothing_else(entries, numbers):
    assert read_numbers(pl.Series(entries)).to_list() == numbers


def test_signs_of_other_programs_for_missing():
    signs = pl.Series(["", " ", None, "NA", ".", ".a", ".z", "#NULL!", "0", ".5", "a"])
    assert is_missing(signs).to_list() == [True] * 8 + [False] * 3


def test_whole_numbers_with_decimal_zeros():
    entries = ["4,0", "-1.0", "2", "1,000", "4,5", "x"]
    assert [without_zeros(entry) for entry in entries] == ["4", "-1", "2", "1,000", "4,5", "x"]
