import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from culturalign.stats.ranks import mean_ranks


def test_equal_values_share_the_mean_of_their_ranks():
    assert mean_ranks([30, 10, 20, 10, 30, 30]).tolist() == [5.0, 1.5, 3.0, 1.5, 5.0, 5.0]


@given(st.lists(st.integers(-3, 3) | st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_as_scipy_ranks(values):
    np.testing.assert_array_equal(mean_ranks(values), rankdata(values))


@pytest.mark.parametrize("sign", [-1, 1])
def test_one_value_has_rank_one(sign):
    assert mean_ranks([sign * 4]).tolist() == [1.0]
