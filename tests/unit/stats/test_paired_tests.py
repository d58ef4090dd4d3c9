"""Paired tests: every statistic by hand, from both sides."""

import math
from itertools import product
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from culturalign.stats.intervals import mean_interval
from culturalign.stats.paired_tests import crossed_t, equivalence, holm, rank_biserial, wilcoxon

SIX = [0.1, -0.3, -0.2, 0.05, -0.4, -0.25]


def test_the_signed_rank_test_by_hand():
    # |d| ranks: .05=1, .1=2, .2=3, .25=4, .3=5, .4=6; positive sum 1 + 2 = 3.
    # Of 64 sign patterns those with a sum <= 3: {}, 1, 2, 3, 1+2: 5
    assert wilcoxon(np.array(SIX)) == pytest.approx((10 / 64, 5 / 64))
    # zeros are dropped, and no difference is no evidence
    assert wilcoxon(np.array([*SIX, 0.0, 0.0])) == wilcoxon(np.array(SIX))
    assert wilcoxon(np.zeros(5)) == (1, 1)
    # ranks 1.5, 1.5, 3; positive: one 1.5. Sums <= 1.5: {}, 1.5, 1.5: 3 of 8
    assert wilcoxon(np.array([0.1, -0.1, -0.2])) == pytest.approx((0.75, 0.375))


def test_large_samples_are_normal_with_tied_ranks():
    tied = np.array([((i * 37) % 10 - 5) / 100 for i in range(63)])
    found = tied[tied != 0]
    signed = stats.rankdata(abs(found)) * np.sign(found)
    z = sum(signed) / math.sqrt(sum(signed**2))
    assert wilcoxon(tied) == pytest.approx((2 * NormalDist().cdf(-abs(z)), NormalDist().cdf(z)))


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=7))
def test_small_samples_count_the_patterns_of_signs(numbers):
    x = np.array([n / 7 for n in numbers if n] or [1.0])
    ranks = stats.rankdata(abs(x))
    sums = [np.dot(ranks, signs) for signs in product([0, 1], repeat=len(x))]
    positive = ranks[x > 0].sum()
    below, above = np.mean(sums <= positive), np.mean(sums >= positive)
    assert wilcoxon(x) == pytest.approx((min(1, 2 * min(below, above)), below))


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=70, unique_by=abs))
def test_the_test_is_the_same_from_both_sides(values):
    x = np.array(values)
    assert wilcoxon(x)[0] == pytest.approx(wilcoxon(-x)[0])
    assert 0 < wilcoxon(x)[0] <= 1


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=30))
def test_the_rank_biserial_correlation_is_right_by_hand_and_turns_with_its_sign(numbers):
    # ranks as above: positive 3, negative 18; (3 - 18) / 21
    assert rank_biserial(SIX) == pytest.approx(-15 / 21)
    assert (rank_biserial([1, 2, 0]), rank_biserial([0, 0])) == (1, 0)
    found = rank_biserial(numbers)
    assert -1 <= found <= 1
    assert rank_biserial([-n for n in numbers]) == pytest.approx(-found)


def test_equivalence_by_hand():
    values = [0.0, 0.1, 0.1, 0.1, 0.2]
    error = float(np.std(values, ddof=1)) / 5**0.5
    expected = stats.t.cdf((0.1 - 0.3) / error, 4)
    assert equivalence(values, 0.3) == pytest.approx(expected)
    assert equivalence([-v for v in values], 0.3) == pytest.approx(expected)
    assert equivalence(values, 0.1) == pytest.approx(0.5)  # the mean lies on the margin
    assert equivalence(values, 0.05) > 0.5
    # two of each, in clusters of the same values: no more is known than from one of each
    doubled = [value for value in values for _ in range(2)]
    assert equivalence(doubled, 0.3, [i // 2 for i in range(10)]) == pytest.approx(expected)
    # the same difference everywhere, and too few pairs
    assert equivalence([0.1] * 5, 0.2) == 0.0
    assert equivalence([0.3] * 5, 0.2) == 1.0
    assert equivalence([0.0] * 4, 0.2) is None


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=40), st.floats(0.01, 2))
def test_equivalence_is_the_interval_within_the_margin(values, margin):
    """p < 0.05 exactly where the 90 % t interval of the mean lies within the margin."""
    mean, error = np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5
    if error < 1e-9:
        return
    reach = stats.t.ppf(0.95, len(values) - 1) * error
    distance = margin - max(mean + reach, reach - mean)
    if abs(distance) > 1e-9:
        assert (equivalence(values, margin) < 0.05) == (distance > 0)


def corrected(p):
    return pl.DataFrame({"p": p}, schema={"p": pl.Float64}).select(holm(pl.col("p")))["p"].to_list()


def test_the_crossed_test_agrees_with_its_interval(numbers=(1.0, 2.0, -0.5, 0.3, 1.5, 0.2)):
    values = np.array(numbers)
    expected = stats.ttest_1samp(values, 0).pvalue
    assert crossed_t(values) == pytest.approx(expected)
    for table in ([values, values + 1], [values, values - 3]):
        found = mean_interval(table, confidence=1 - crossed_t(table))
        assert min(abs(found.low), abs(found.high)) == pytest.approx(0, abs=1e-9)
    assert crossed_t([1.0] * 6) == 0 and crossed_t([0.0] * 6) == 1
    assert crossed_t([1.0, 2.0, 3.0, 4.0]) is None


def test_holm_by_hand():
    # sorted .005 .01 .03 .04, times 4 3 2 1: .02 .03 .06 .04; the last may not fall below .06
    assert corrected([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert [corrected(p) for p in ([0.5, 0.7], [0.2], [])] == [[1.0, 1.0], [0.2], []]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_uncorrected_and_bonferroni_in_the_same_order(p):
    found = corrected(p)
    for raw, larger in zip(p, found, strict=True):
        assert raw <= larger <= min(1, raw * len(p)) + 1e-12
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(found)[order]) >= 0).all()
