"""Distances between distributions: by hand, by their properties, and compared with scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from culturalign.stats import distances
from culturalign.stats.distances import emd, emd_places, entropy, js_distance, js_divergence

PAIRED = [js_distance, js_divergence, emd]
MAXIMA = {js_distance: math.sqrt(math.log(2)), js_divergence: math.log(2)}


@st.composite
def distributions(draw, number=2, least=2):
    """That many distributions over the same 2 to 8 options; zeros are common."""
    k = draw(st.integers(least, 8))
    weight = st.one_of(st.just(0.0), st.floats(1e-6, 1))
    rows = st.lists(weight, min_size=k, max_size=k).filter(lambda row: sum(row) > 0)
    return [np.array(row) / sum(row) for row in (draw(rows) for _ in range(number))]


@pytest.mark.parametrize(
    ("p", "q", "divergence", "moved"),
    [
        # middle (3/4, 1/4)
        ([0.5, 0.5], [1, 0], (math.log(2 / 3) / 2 + math.log(2) / 2 + math.log(4 / 3)) / 2, 0.5),
        ([1, 0], [0, 1], math.log(2), 1),  # as far apart as can be
        ([1, 0, 0, 0], [0, 0, 0, 1], math.log(2), 1),
        ([1, 0, 0], [0, 1, 0], math.log(2), 0.5),  # one step of two
        # half of the probability moves two of the four steps
        ([0.5, 0, 0, 0.5, 0], [0, 0, 0.5, 0.5, 0], math.log(2) / 2, 0.25),
    ],
)
def test_distances_by_hand(p, q, divergence, moved):
    assert js_divergence(p, q) == pytest.approx(divergence)
    assert js_distance(p, q) == pytest.approx(math.sqrt(divergence))
    assert emd(p, q) == pytest.approx(moved)


@given(distributions())
def test_agreement_with_scipy(pair):
    ranks = range(len(pair[0]))
    expected = stats.wasserstein_distance(ranks, ranks, *pair) / (len(pair[0]) - 1)
    assert emd(*pair) == pytest.approx(expected, abs=1e-9)
    # scipy takes the root of what rounding may leave below 0
    expected = np.nan_to_num(jensenshannon(*pair))
    assert js_distance(*pair) == pytest.approx(expected, abs=1e-7)
    assert entropy(pair[0]) == pytest.approx(stats.entropy(pair[0]))


@given(distributions())
@pytest.mark.parametrize("measure", PAIRED)
def test_bounds_and_symmetry(measure, pair):
    p, q = pair
    assert 0 <= measure(p, q) <= MAXIMA.get(measure, 1)
    assert measure(p, q) == measure(q, p)
    assert measure(p, p) == 0


@given(distributions(number=3))
@pytest.mark.parametrize("measure", [js_distance, emd])
def test_the_triangle_inequality_holds(measure, three):
    p, q, r = three
    assert measure(p, r) <= measure(p, q) + measure(q, r) + 1e-7


@given(distributions(number=6))
@pytest.mark.parametrize("measure", PAIRED)
def test_stacks_of_distributions_give_the_same_numbers(measure, six):
    p, q = np.array(six[:3]), np.array(six[3:])
    assert list(measure(p, q)) == pytest.approx(
        [float(measure(a, b)) for a, b in zip(p, q, strict=True)]
    )
    assert measure(p.reshape(3, 1, -1), q.reshape(3, 1, -1)).shape == (3, 1)


@given(distributions(), st.randoms(use_true_random=False))
def test_other_labels_change_neither_js_nor_entropy_and_exchanged_ends_not_emd(pair, random):
    order = list(range(len(pair[0])))
    random.shuffle(order)
    p, q = pair
    assert js_divergence(p[order], q[order]) == pytest.approx(js_divergence(p, q), abs=1e-12)
    assert entropy(p[order]) == pytest.approx(entropy(p), abs=1e-12)
    assert emd(p[::-1], q[::-1]) == pytest.approx(emd(p, q), abs=1e-12)


def test_entropy_distance_to_uniform_and_the_smallest_probability():
    assert entropy([0.25] * 4) == pytest.approx(math.log(4))
    assert entropy([0, 1, 0]) == distances.to_uniform([0.25] * 4) == 0
    assert distances.to_uniform([1, 0]) == pytest.approx(js_distance([0.5, 0.5], [1, 0]))
    assert js_divergence([5e-324, 1], [0, 1]) == 0


@pytest.mark.parametrize("measure", PAIRED)
@pytest.mark.parametrize(
    ("p", "q", "fault"),
    [
        ([0.5, 0.5], [0.2, 0.3, 0.5], "different shapes"), ([1.0], [1.0], "two options"),
        ([1.5, -0.5], [0.5, 0.5], "not negative"), ([np.nan, 1.0], [0.5, 0.5], "finite"),
        ([0.5, 0.5], [0.5, 0.5 + 1e-5], "sum to 1"), ([0.0, 0.0], [0.5, 0.5], "sum to 1"),
    ],
)  # fmt: skip
def test_input_that_is_not_a_distribution_is_refused(measure, p, q, fault):
    with pytest.raises(ValueError, match=fault):
        measure(p, q)


@given(distributions())
def test_places_in_the_order_of_codes_change_nothing(pair):
    assert emd_places(*pair, list(range(len(pair[0])))) == pytest.approx(emd(*pair), abs=1e-9)


def test_places_put_the_options_into_their_true_order_and_drop_those_outside_it():
    # codes 1 better, 2 worse, 3 the same: worse and the same are neighbors
    p, q = [1, 0, 0], [0, 0, 1]
    assert (emd(p, q), emd_places(p, q, [0, 2, 1])) == (1, 0.5)
    # "hard to say" takes half of p: what is left of p says never, all of q says always
    assert emd_places([0.5, 0.5, 0, 0], [0, 0, 0, 1], [None, 0, 1, 2]) == 1


def test_a_distance_in_places_needs_two_places_and_something_on_them():
    p = [0.5, 0.5, 0]
    assert np.isnan(emd_places(p, p, [None, 0, None]))
    assert np.isnan(emd_places(p, [0, 0, 1.0], [0, 1, None]))
    found = emd_places([p, p], [[0, 0, 1.0], [0, 1, 0]], [0, 1, None])
    assert np.isnan(found[0]) and found[1] == 0.5
    with pytest.raises(ValueError, match="2 places for 3"):
        emd_places(p, p, [0, 1])
