"""Exact intervals of shares and tests of changes, by hand and by their definitions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from culturalign.stats.counts import clopper_pearson, mcnemar


def test_exact_intervals_by_hand():
    # the rule of three in its exact form: 1 - 0.025 ** (1 / n)
    assert clopper_pearson(0, 14) == pytest.approx((0, 1 - 0.025 ** (1 / 14)))
    assert clopper_pearson(14, 14) == pytest.approx((0.025 ** (1 / 14), 1))
    # of two: at least one has probability 1 - (1 - p)^2, at most one 1 - p^2
    assert clopper_pearson(1, 2) == pytest.approx((1 - 0.975**0.5, 0.975**0.5))


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([0.5, 0.95]))
def test_exact_intervals_are_quantiles_of_beta(count, n, confidence):
    count, tail = min(count, n), (1 - confidence) / 2
    low, high = clopper_pearson(count, n, confidence)
    assert low == pytest.approx(stats.beta.ppf(tail, count, n - count + 1))
    assert count == n or high == pytest.approx(stats.beta.ppf(1 - tail, count + 1, n - count))


@given(st.integers(0, 60), st.integers(1, 60))
def test_exact_intervals_hold_the_share_and_mirror(count, n):
    count = min(count, n)
    low, high = clopper_pearson(count, n)
    assert 0 <= low <= count / n <= high <= 1
    mirrored = clopper_pearson(n - count, n)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "p"), [((0, 0), 1), ((5, 5), 1), ((6, 0), 2 / 64), ((1, 7), 2 * (1 + 8) / 256)]
)
def test_mcnemar_by_hand(changes, p):
    assert mcnemar(*changes) == pytest.approx(p)


@given(st.integers(0, 50), st.integers(0, 50))
def test_mcnemar_is_the_sign_test_of_the_changes(gained, lost):
    n = gained + lost
    tail = sum(math.comb(n, i) for i in range(min(gained, lost) + 1)) / 2**n
    assert mcnemar(gained, lost) == pytest.approx(min(1, 2 * tail))
