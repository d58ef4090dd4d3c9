"""Intervals: what they contain, and when two are equal."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culturalign.stats.intervals import Interval, bootstrap_mean, bootstrap_means, t_mean

VALUES = st.lists(st.floats(-1000, 1000), min_size=1, max_size=30)
SLACK = 1e-9
"""Sums in another order differ in the last digits."""


def interval(values, *, resamples=500, confidence=0.95, seed=0):
    return bootstrap_mean(values, resamples=resamples, confidence=confidence, seed=seed)


@pytest.mark.parametrize(
    ("values", "confidence", "expected"),
    [
        # the four resamples of (0, 1) have means 0, 1/2, 1/2, 1: a quarter lies at each end,
        # which is more than 2.5 percent
        ([0, 1], 0.95, Interval(0.5, 0.0, 1.0, 2)),
        # 30 percent are cut at each end, more than the quarters at 0 and 1: what is left is 1/2
        ([0, 1], 0.4, Interval(0.5, 0.5, 0.5, 2)),
        # resampled hits are binomial (4, 1/4): P(0) = 0.316 > 0.025, so the lower end is 0;
        # P(<= 2) = 0.949 < 0.975 < P(<= 3) = 0.996, so the upper end is 3/4
        ([0, 0, 0, 1], 0.95, Interval(0.25, 0.0, 0.75, 4)),
        ([0.7], 0.95, Interval(0.7, 0.7, 0.7, 1)),
    ],
)
def test_intervals_by_hand(values, confidence, expected):
    assert interval(values, resamples=10_000, confidence=confidence) == expected


@given(st.floats(-1000, 1000), st.integers(1, 30))
def test_equal_values_give_an_interval_without_width(value, n):
    found = interval([value] * n)
    assert found.low == pytest.approx(value) == found.high
    assert found.n == n


@given(VALUES, st.integers(0, 100))
def test_the_interval_contains_the_mean_stays_within_the_values_and_grows_with_the_level(
    values, seed
):
    found = interval(values, seed=seed)
    slack = SLACK * max(1, *map(abs, values))
    assert found.mean == pytest.approx(sum(values) / len(values), abs=1e-9)
    assert min(values) - slack <= found.low <= found.mean + slack
    assert found.mean - slack <= found.high <= max(values) + slack
    narrow, wide = interval(values, confidence=0.5), interval(values, confidence=0.99)
    assert wide.low <= narrow.low <= narrow.high <= wide.high


def test_another_seed_gives_another_interval_with_the_same_mean():
    values = np.random.default_rng(5).normal(size=50)
    one, other = interval(values, seed=1), interval(values, seed=2)
    assert one == interval(values, seed=1)
    assert one.mean == other.mean
    assert (one.low, one.high) != (other.low, other.high)


@given(VALUES, st.randoms())
def test_arms_with_equal_numbers_of_cues_share_their_resamples_in_any_order(values, random):
    # the same cues are drawn, so an arm that is 3 higher everywhere is 3 higher at both ends
    one, other = interval(values), interval([value + 3 for value in values])
    assert (other.low, other.high) == pytest.approx((one.low + 3, one.high + 3), abs=1e-6)
    turned = [value + 1e-15 for value in values]  # nor does rounding change anything
    random.shuffle(turned)
    assert interval(turned) == one


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_four_times_the_cues_give_a_narrower_interval(seed):
    values = np.random.default_rng(seed).normal(size=40)
    few, many = interval(values), interval(np.tile(values, 4))
    # the standard error halves; 0.75 leaves room for chance
    assert many.high - many.low < 0.75 * (few.high - few.low)


@pytest.mark.parametrize("resamples", [1, 999, 1000, 1001, 2500])
def test_every_resample_is_drawn_whatever_their_number(resamples):
    # all means lie in 1 to 2; a place left unfilled would lie anywhere
    found = interval([1, 2, 1, 2], resamples=resamples, confidence=0.999999)
    assert 1 <= found.low <= found.high <= 2


def test_the_level_is_the_share_of_resampled_means_inside():
    # mean of n normal values: standard error s / sqrt(n); 95 percent lie within 1.96 of them
    values = np.random.default_rng(0).normal(size=400)
    found, error = interval(values, resamples=10_000), values.std() / 20
    reach = np.array([-1.96, 1.96]) * error
    assert [found.low, found.high] == pytest.approx(values.mean() + reach, abs=0.1 * error)


@pytest.mark.parametrize("values", [[], [float("nan")], [0.5, float("nan")], [float("inf"), 1]])
def test_no_values_and_values_that_are_not_numbers_are_refused(values):
    with pytest.raises(ValueError, match="finite"):
        interval(values)
    with pytest.raises(ValueError, match="finite" if values else "at least one"):
        bootstrap_means([values or [1.0], values], resamples=9, confidence=0.9, seed=0)


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_many_columns_at_once_have_the_interval_of_each(columns):
    options = {"resamples": 300, "confidence": 0.9, "seed": 3}
    for found, values in zip(bootstrap_means(columns, **options), columns, strict=True):
        expected = astuple(bootstrap_mean(values, **options))
        assert astuple(found) == pytest.approx(expected, abs=SLACK)
    assert bootstrap_means([], **options) == []


def test_students_interval_covers_what_it_says_for_three_values():
    """The percentile bootstrap of three normal values covers about 75 percent."""
    samples = np.random.default_rng(0).normal(size=(2000, 3))
    found = [t_mean(sample, confidence=0.95) for sample in samples]
    covered = np.mean([each.low < 0 < each.high for each in found])
    assert 0.935 < covered < 0.965
    # mean 2, deviation 1, t(0.975, 2) = 4.3027
    reach = 4.3027 / 3**0.5
    assert t_mean([1, 2, 3], confidence=0.95).high == pytest.approx(2 + reach, abs=1e-4)


def test_one_value_has_no_interval():
    found = astuple(t_mean([0.4], confidence=0.95))
    assert found == pytest.approx((0.4, np.nan, np.nan, 1), nan_ok=True)
