"""Correlation, concordance and reliability, worked out by hand."""

import numpy as np
import pytest

from culturalign.stats.agreement import (
    Correlation,
    attained,
    concordance,
    correlation,
    fisher_interval,
    pearson,
    ratio,
    reliability,
)


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
    found = fisher_interval(Correlation(0.5, 28), 0.95)
    assert found == pytest.approx((0.5, np.tanh(0.1573), np.tanh(0.9413)), abs=1e-4)
    assert correlation([1.0, 2.0, 3.0, 5.0], [1.0, 2.0, 3.0, 4.0]) is None  # four pairs
    assert correlation(range(8), range(8), list("aaaabbbb")) is None  # two clusters
    same = fisher_interval(correlation(range(8), range(8)), 0.95)
    assert same == pytest.approx((1.0, 1.0, 1.0))


def test_clusters_whose_pairs_say_the_same_widen_it_and_runs_that_differ_too():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 10))
    once, clusters = correlation(x, y), np.repeat(range(10), 2).tolist()
    twins = correlation(np.repeat(x, 2), np.repeat(y, 2), clusters)
    # CR2 of ten clusters is s^2 / 10, of twenty pairs s'^2 / 20 with s'^2 = s^2 (18 / 19)
    assert twins.effect == pytest.approx(2 * 19 / 18) and once.effect == 1
    runs = correlation([x, y], y)
    assert runs.r == pytest.approx(np.tanh((np.arctanh(once.r) + np.arctanh(1 - 1e-12)) / 2))
    z = np.arctanh([once.r, 1 - 1e-12])
    ((between, df),) = runs.spread.between
    # less a quarter of what each run does with each pair, at most a variance of 1 / (n - 3)
    assert (between, df) == (pytest.approx((z[0] - z[1]) ** 2 / 4, abs=0.25 / 7), 1)
    assert between < (z[0] - z[1]) ** 2 / 4


def test_a_ratio_of_two_estimates():
    # independent, by Fieller's equation: (2 - R)^2 = 0.25 + 0.01 R^2 where R is above 0
    low, high = ratio((2.0, 1.5, 2.5), (1.0, 0.9, 1.1), 0.0)[1:]
    for end in (low, high):
        assert (2 - end) ** 2 == pytest.approx(0.25 + 0.01 * end**2)
    assert ratio((2.0, 1.5, 2.5), (1.0, 1.0, 1.0), 0.0) == pytest.approx((2.0, 1.5, 2.5))
    # errors that fall together leave less of the ratio's
    assert ratio((2.0, 1.5, 2.5), (1.0, 0.9, 1.1), 0.8)[2] < high
    turned = ratio((-2.0, -2.5, -1.5), (1.0, 0.9, 1.1), 0.0)
    assert turned == pytest.approx((-2.0, -high, -low))
    assert ratio((0.1, -0.4, 0.6), (0.5, 0.4, 0.6), 0.0)[1] < 0


def test_halves_that_are_not_shown_to_agree_say_nothing_of_an_arm():
    arm = Correlation(0.6, 20)
    assert attained(arm, Correlation(0.4, 20), 1, 0.95) is None  # atanh(.4) < 1.96 / sqrt(17)
    known = attained(arm, Correlation(0.6, 20), 1, 0.95)
    assert known[0] == pytest.approx(0.6 / 0.75**0.5)
    assert attained(arm, Correlation(0.9, 4), 1, 0.95) is None


PEOPLE = 20


def sampled(rng, n, size, truth, half):
    """Medians of an arm, people and ten splits of them; clusters of up to ``2 size`` cues."""
    owner = np.repeat(np.arange(n), rng.integers(1, 2 * size, n) if size > 1 else 1)[:n]
    shared = 0.4 if size > 1 else 0.0

    def drawn():
        return rng.normal(size=n) * (1 - shared) ** 0.5 + rng.normal(size=n)[owner] * shared**0.5

    cue, other = drawn(), drawn()
    error = ((1 - half) / (2 * half) * PEOPLE) ** 0.5  # of one person
    answers = cue[:, None] + rng.normal(size=(n, PEOPLE)) * error
    splits = [rng.permutation(PEOPLE) for _ in range(10)]
    rs = [pearson(*(answers[:, part].mean(1) for part in np.split(split, 2))) for split in splits]
    arm = truth * cue + (1 - truth**2) ** 0.5 * other
    return arm, answers.mean(1), owner.tolist(), Correlation(float(np.mean(rs)), n)


@pytest.mark.parametrize(("n", "size"), [(10, 1), (20, 1), (20, 3), (40, 1), (40, 3)])
@pytest.mark.parametrize(("truth", "half"), [(0.0, 0.75), (0.5, 0.5), (0.8, 0.85), (1.0, 0.75)])
def test_the_interval_covers_the_true_ratio(n, size, truth, half):
    """800 samples: 1.5 points of chance. Of ten cues, halves are often not shown to correlate."""
    rng, covered = np.random.default_rng(n + size), []
    for _ in range(800):
        arm, people, clusters, halves = sampled(rng, n, size, truth, half)
        mine = correlation(arm, people, clusters)  # none with fewer than five clusters
        if found := mine and attained(mine, halves, 10, 0.95):
            covered.append(found[1] <= truth <= found[2])
    assert len(covered) > (300 if n == 10 else 600)  # else the halves of the people say nothing
    assert (0.9 if n == 10 else 0.93) - 0.015 <= np.mean(covered) <= (1 if n == 10 else 0.985)


@pytest.mark.parametrize("runs", [2, 3, 5])
def test_the_interval_of_runs_covers_the_correlation_of_all_runs(runs):
    """One run alone covers less than 85 percent: what a run makes of the cues differs."""
    rng, covered, alone = np.random.default_rng(runs), [], []
    truth = np.tanh(0.8)
    for _ in range(600):
        human = rng.normal(size=40)
        own = np.tanh(rng.normal(0.8, 0.25, size=(runs, 1)))
        table = own * human + (1 - own**2) ** 0.5 * rng.normal(size=(runs, 40))
        for rows, into in ((table, covered), (table[:1], alone)):
            _, low, high = fisher_interval(correlation(rows, human), 0.95)
            into.append(low <= truth <= high)
    assert 0.93 - 0.015 <= np.mean(covered) <= (0.995 if runs == 2 else 0.985)
    assert np.mean(alone) < 0.85


@pytest.mark.parametrize(("half", "whole"), [(0.6, 0.75), (1.0, 1.0), (0.0, 0.0), (-0.3, 0.0)])
def test_the_whole_is_more_reliable_than_its_halves(half, whole):
    assert reliability(half) == pytest.approx(whole)
