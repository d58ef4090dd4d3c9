"""The exact test of two counts, by hand and by its definition."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.stats.counts import sign_test


@pytest.mark.parametrize(
    ("changes", "p"), [((0, 0), 1), ((5, 5), 1), ((6, 0), 2 / 64), ((1, 7), 2 * (1 + 8) / 256)]
)
def test_changes_by_hand(changes, p):
    assert sign_test(*changes) == pytest.approx(p)


@given(st.integers(0, 50), st.integers(0, 50))
def test_either_direction_is_equally_likely(gained, lost):
    n = gained + lost
    tail = sum(math.comb(n, i) for i in range(min(gained, lost) + 1)) / 2**n
    assert sign_test(gained, lost) == pytest.approx(min(1, 2 * tail))
