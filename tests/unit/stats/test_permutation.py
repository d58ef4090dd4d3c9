"""The sign-flip test: by hand, in its properties, and its level in a world without effect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.stats.permutation import sign_flip


def p(differences, clusters=None, *, resamples=2000, seed=0):
    return sign_flip(differences, clusters, resamples=resamples, seed=seed)


def test_small_samples_take_every_pattern_of_signs():
    # all five have one sign in 2 of 32 patterns
    assert p([1, 1.1, 0.9, 1.05, 0.95]) == 2 / 32
    # |sum| >= 9: 1 + 2 + 3 + 4 with the smallest sign turned (-1 + 10 = 9), and all alike (11)
    assert p([2, 2, 2, 2, 3]) == 2 / 32
    # of six, |sum| >= 4 where all agree (2) or one dissents (12): of 64
    assert p([1, 1, 1, 1, 1, -1]) == 14 / 64
    assert p([0.0] * 6) == 1


def test_clusters_turn_as_a_whole():
    values = [1, 1.1, 0.9, 1.05, 0.95]
    assert p(np.repeat(values, 4), [i // 4 for i in range(20)]) == 2 / 32
    assert p(np.repeat(values[:4], 5), [i // 5 for i in range(20)]) is None
    assert p(values[:4]) is None


@given(st.lists(st.integers(-9, 9), min_size=5, max_size=25), st.integers(0, 9))
def test_the_test_is_the_same_from_both_sides(values, seed):
    found = p(values, resamples=300, seed=seed)
    assert found == pytest.approx(p([-value for value in values], resamples=300, seed=seed))
    assert 0 < found <= 1
    assert found == p([value * 7 for value in values], resamples=300, seed=seed)


@pytest.mark.parametrize("skewed", [False, True])
def test_a_world_without_effect_is_significant_as_often_as_the_level_says(skewed):
    rng, found = np.random.default_rng(1), []
    for _ in range(600):
        owner = np.repeat(np.arange(15), rng.integers(1, 5, 15))
        values = rng.normal(size=len(owner)) + rng.normal(size=15)[owner]
        values = np.exp(values / 4) - np.exp(1 / 16) if skewed else values
        found.append(p(values, list(owner), resamples=400) <= 0.05)
    assert 0.03 <= np.mean(found) <= 0.075


def test_large_effects_are_found_and_forty_small_gains_do_not_hide_eight_large_losses():
    rng = np.random.default_rng(0)
    assert p(rng.normal(1, 1, 40)) < 0.01
    assert p([0.01] * 40 + [-0.2] * 8) < 0.05
    assert np.mean([0.01] * 40 + [-0.2] * 8) < 0
