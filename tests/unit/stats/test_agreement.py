"""Correlation, concordance and reliability, worked out by hand."""

import numpy as np
import pytest

from culturalign.stats.agreement import concordance, fisher_interval, pearson, reliability


def test_correlation_ignores_a_shift_and_concordance_does_not():
    x, y = [1.0, 2.0, 3.0], [2.0, 3.0, 4.0]
    assert pearson(x, y) == pytest.approx(1)
    # 2 * (2/3) / (2/3 + 2/3 + 1)
    assert concordance(x, y) == pytest.approx(4 / 7)
    assert concordance(x, x) == pytest.approx(1)
    assert concordance(x, [3.0, 2.0, 1.0]) == pytest.approx(-1)


def test_what_does_not_vary_agrees_with_nothing():
    assert pearson([1.0, 2.0, 3.0], [2.0] * 3) is None
    assert concordance([1.0, 2.0, 3.0], [2.0] * 3) == 0
    assert concordance([2.0] * 3, [2.0] * 3) is None
    assert pearson([1.0, 2.0], [1.0, 2.0]) is None


def test_an_interval_of_a_correlation():
    # atanh(.5) = .5493, 1.96 / sqrt(25) = .392
    low, high = fisher_interval(0.5, 28, 0.95)
    assert (low, high) == pytest.approx((np.tanh(0.1573), np.tanh(0.9413)), abs=1e-4)
    assert fisher_interval(0.5, 4, 0.95) is None and fisher_interval(None, 28, 0.95) is None
    assert fisher_interval(1.0, 28, 0.95) == (1.0, 1.0)


@pytest.mark.parametrize(("half", "whole"), [(0.6, 0.75), (1.0, 1.0), (0.0, 0.0), (-0.3, 0.0)])
def test_the_whole_is_more_reliable_than_its_halves(half, whole):
    assert reliability(half) == pytest.approx(whole)
