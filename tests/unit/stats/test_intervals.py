"""Intervals of means: by hand, in their properties, and how often they cover a known truth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from culturalign.stats.intervals import interaction, mean_interval, spread

VALUES = st.lists(
    st.floats(-1000, 1000), min_size=6, max_size=30, unique_by=lambda value: round(value, 6)
)
LABELS = st.lists(st.integers(0, 6), min_size=12, max_size=30)


def interval(values, clusters=None, *, confidence=0.95, bounds=None):
    return mean_interval(values, clusters, confidence=confidence, bounds=bounds)


def test_without_clusters_it_is_students_interval():
    # mean 3, deviation sqrt(2.5), t(0.975, 4) = 2.7764
    found = interval([1, 2, 3, 4, 5])
    assert found.high == pytest.approx(3 + 2.7764 * math.sqrt(2.5 / 5), abs=1e-4)
    assert (found.low + found.high) / 2 == pytest.approx(3) == found.mean
    assert (found.n, found.clusters, found.runs) == (5, 5, 1)


def test_equal_clusters_are_students_interval_of_their_means():
    means = [1, 2, 3, 4, 7]
    values = [mean + shift for mean in means for shift in (-0.3, 0.3)]
    found, expected = interval(values, [i // 2 for i in range(10)]), interval(means)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert (found.n, found.clusters) == (10, 5)


@given(LABELS, st.integers(0, 1000))
def test_the_error_and_its_degrees_of_freedom_are_those_of_the_matrix_formula(labels, seed):
    """Bell and McCaffrey's A_g = (I - H_gg)^(-1/2), by eigenvalues of the whole matrices."""
    if len(set(labels)) < 2:
        return
    values = np.random.default_rng(seed).normal(size=len(labels)).round(9)
    owner, n = np.array(labels), len(labels)
    rest = np.eye(n) - 1 / n
    columns = []
    for label in sorted(set(labels)):
        mine = owner == label
        size, vectors = np.linalg.eigh(rest[np.ix_(mine, mine)])
        root = vectors @ np.diag(size**-0.5) @ vectors.T
        columns.append(rest[:, mine] @ root @ np.ones(mine.sum()) / n)
    g = np.stack(columns, 1)
    found = spread(values, labels)
    assert found.variance == pytest.approx(((values @ g) ** 2).sum())
    products = g.T @ g
    assert found.df == pytest.approx(np.trace(products) ** 2 / (products**2).sum())


def test_the_error_of_unequal_clusters_is_unbiased():
    owner = np.repeat(np.arange(6), [1, 2, 3, 4, 5, 9])
    values = np.random.default_rng(0).normal(size=(4000, len(owner)))
    found = np.mean([spread(row, list(owner)).variance for row in values])
    assert found == pytest.approx(1 / len(owner), rel=0.03)


def test_few_clusters_and_few_changes_have_no_interval():
    """Four values, or forty in four clusters, are too few; so are three changes among forty."""
    for values, clusters in (
        ([0.4], None),
        ([1, 2, 3, 4], None),
        (range(40), [i % 4 for i in range(40)]),
        ([0.0] * 37 + [1.0] * 2 + [-1.0], None),
    ):
        found = interval(list(values), clusters)
        assert (found.low, found.high, found.excludes_zero) == (None, None, False)
        assert found.mean == pytest.approx(np.mean(list(values)))
    assert interval([0.0] * 36 + [1.0] * 4).low is not None
    same = interval([0.1] * 40)
    assert (same.low, same.high) == pytest.approx((0.1, 0.1))


def test_the_interval_of_a_share_is_wilsons():
    # 3 of 20; independent draws have variance p (1 - p) / 19 by the sample; z is t(0.975, 19)
    t, p, n = 2.0930, 0.15, 19
    center = (p + t * t / (2 * n)) / (1 + t * t / n)
    half = t * math.sqrt(p * (1 - p) / n + t * t / (4 * n * n)) / (1 + t * t / n)
    found = interval([1] * 3 + [0] * 17, bounds=(0, 1))
    assert (found.low, found.high) == pytest.approx((center - half, center + half), abs=1e-4)
    # nobody among 20: not a certainty; 4.3807 / 24.3807
    found = interval([0] * 20, bounds=(0, 1))
    assert (found.mean, found.low, found.high) == pytest.approx((0, 0, 0.1797), abs=1e-4)
    scaled = interval([2] * 20, bounds=(-1, 2))
    assert (scaled.low, scaled.high) == pytest.approx((2 - 3 * 0.1797, 2), abs=1e-3)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=30), st.floats(0.5, 0.99))
def test_an_interval_of_bounded_scores_contains_the_mean_and_stays_inside(values, confidence):
    found = interval(values, confidence=confidence, bounds=(0, 1))
    assert 0 <= found.low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.high <= 1


@given(VALUES, st.randoms())
def test_neither_order_nor_rounding_changes_an_interval(values, random):
    one = interval(values)
    turned = [value + 1e-15 for value in values]
    random.shuffle(turned)
    other = interval(turned)
    assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=1e-6)
    assert one.low <= one.mean <= one.high


@pytest.mark.parametrize(
    "values",
    [[], [math.nan], [0.5, math.nan], [math.inf, 1], [[1, 2], [math.nan, math.nan]]],
)
def test_missing_values_are_refused(values):
    with pytest.raises(ValueError, match="finite"):
        interval(values)
    with pytest.raises(ValueError, match="clusters for"):
        interval([1, 2, 3], ["a", "b"])


def test_runs_that_differ_widen_the_interval():
    units = np.arange(10.0)
    # runs' means 0.5, 4.5, 8.5: their variance is 16; over units s^2 / n = 9.1667 / 10
    found = spread([units - 4, units, units + 4])
    assert (found.variance, found.between) == (pytest.approx(0.91667, abs=1e-4),
                                               ((pytest.approx(16 / 3), 2),))  # fmt: skip
    # t(0.975, 9) and t(0.975, 2); and t of 6.25^2 / (0.9167^2 / 9 + 5.3333^2 / 2) = 2.7287
    howe = 2.26216**2 * 0.916667 + 4.30265**2 * 16 / 3
    half = ((howe + 3.36918**2 * 6.25) / 2) ** 0.5
    assert interval([units - 4, units, units + 4]).high - 4.5 == pytest.approx(half, rel=1e-5)


def test_what_each_run_does_with_each_unit_counts_once():
    """Runs whose means differ by their units' noise alone have no variance of their own."""
    units = np.array([0.0, 3, 0, 3, 0, 3])
    mixed = np.array([[1, -1, 0, 0, 0, 0], [0, 0, 1, -1, 0, 0], [0, 0, 0, 0, 1, -1]])
    # what is left: squares of 1 - 1/3 and 1/3, their sum 4 of (3 - 1) (6 - 1); of a mean, by 3 x 6
    assert interaction(units + mixed, np.arange(6)) == pytest.approx(0.4 / 18)
    shift = np.array([[-0.1], [0.0], [0.1]])
    assert spread(units + mixed + shift).between == ((0.0, 2),)  # 0.01 / 3 is less than 0.0222
    apart = spread(units + mixed + 10 * shift).between
    assert apart == ((pytest.approx(1 / 3 - 2 / 3 * 0.4 / 18), 2),)


def test_two_runs_hardly_show_how_they_differ():
    """Two runs 0.2 apart, each with units that hardly vary: t(0.975, 1) = 12.7062 times 0.1."""
    units = np.linspace(-0.1, 0.1, 10)
    over_units = units.var(ddof=1) / 10
    howe = (12.7062 * 0.1) ** 2 + 2.26216**2 * over_units
    total = 0.1**2 + over_units
    df = total**2 / (0.1**4 / 1 + over_units**2 / 9)
    half = ((howe + stats.t.ppf(0.975, df) ** 2 * total) / 2) ** 0.5
    found = interval([units, units + 0.2])
    assert found.high - found.mean == pytest.approx(half, rel=1e-5)
    assert not found.excludes_zero  # a mean of 0.1
    noisy = np.where(np.arange(10) % 2, 0.1, -0.1)  # of each run's units; 0.2 / 18 of two of them
    ((between, df),) = spread([units + noisy, units - noisy + 0.2]).between
    assert (between, df) == (pytest.approx(0.01 - 0.2 / 18 / 10 / 4), 1)


def test_the_interval_of_runs_with_bounds():
    """Wilson with as many answers as give the variance, at the same reach."""
    units = np.linspace(-0.1, 0.1, 10)
    found, bounded = spread([units, units + 0.2]), interval([units + 0.3, units + 0.5],
                                                            bounds=(0, 1))  # fmt: skip
    t, n = found.half(0.95) / found.total**0.5, 0.24 / found.total
    half = t * math.sqrt(0.24 / n + t * t / (4 * n * n)) / (1 + t * t / n)
    assert (bounded.high - bounded.low) / 2 == pytest.approx(half, rel=1e-4)


@given(st.integers(0, 10_000), st.integers(1, 4), st.floats(0.5, 0.999999))
def test_p_and_interval_say_the_same(seed, runs, confidence):
    """The interval that ends at a bound leaves as much beyond it as p says; p is of either side."""
    found = spread(np.random.default_rng(seed).normal(size=(runs, 12)))
    half = found.half(confidence)
    assert found.tail(half) == pytest.approx((1 - confidence) / 2, rel=1e-4)
    assert found.tail(-half) == pytest.approx((1 + confidence) / 2, rel=1e-4)
    assert 0 <= found.tail(1e20) <= 1e-12 * 1.01


def test_a_value_that_one_run_lacks_counts_by_the_others():
    found = interval([[1, 2, 3, 4, math.nan, 6], [1, 2, 3, 4, 5, 6]])
    assert (found.mean, found.n, found.runs) == (3.5, 6, 2)


def clustered(rng, n, size, shared=0.3):
    """Standard normal values, and clusters of up to ``2 size`` that share some variance."""
    owner = np.repeat(np.arange(n), rng.integers(1, 2 * size, n) if size > 1 else 1)[:n]
    own, common = rng.normal(size=n), rng.normal(size=n)[owner]
    return (own * (1 - shared) ** 0.5 + common * shared**0.5 if size > 1 else own), list(owner)


COVERED = [
    # shape of the scores, their bounds, true mean
    (lambda z: z, None, 0.0),
    (lambda z: stats.beta.ppf(stats.norm.cdf(z), 1, 6), (0, 1), 1 / 7),
    (lambda z: (z < stats.norm.ppf(0.1)).astype(float), (0, 1), 0.1),
    (lambda z: (z < 0).astype(float), (0, 1), 0.5),
]


@pytest.mark.parametrize(("shape", "bounds", "truth"), COVERED)
@pytest.mark.parametrize(("n", "size", "least"), [(10, 1, 0.9), (20, 2, 0.93), (40, 3, 0.93)])
def test_intervals_cover_what_they_say(n, size, least, shape, bounds, truth):
    """800 samples: 1.5 points of chance. Shares may cover more, being counts of few answers."""
    rng, found = np.random.default_rng(n), []
    for _ in range(800):
        values, owner = clustered(rng, n, size)
        found.append(interval(shape(values), owner, bounds=bounds))
    covered = np.mean([each.low <= truth <= each.high for each in found if each.low is not None])
    assert least - 0.015 <= covered <= (0.985 if n > 10 else 1)


RATIOS = (0.0, 0.5, 1.0, 2.0, 4.0, 16.0)
"""Variance between runs over that of the mean over units."""


def crossed_sample(rng, runs, owner, ratio, mixed):
    """Scores (runs, units) with a mean of 0: clustered units, runs, and what both share."""
    n = len(owner)
    common, own = rng.normal(size=n)[owner], rng.normal(size=n)
    units = own * 0.7**0.5 + common * 0.3**0.5
    sizes = np.bincount(owner)
    of_mean = (0.7 + 0.3 * (sizes**2).sum() / n) / n
    run = rng.normal(size=(runs, 1)) * (ratio * of_mean) ** 0.5
    return units + run + rng.normal(size=(runs, n)) * mixed**0.5


@pytest.mark.parametrize("mixed", [0.0, 0.5, 4.0])
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("runs", [2, 3, 5])
@pytest.mark.parametrize(("n", "size"), [(10, 1), (20, 2), (40, 3)])
def test_intervals_over_runs_cover_what_they_say(n, size, runs, ratio, mixed):
    """600 samples: 1.8 points of chance. However much runs differ, and whatever part of the
    variance is in what a run does with a unit: two runs may cover a point and a half more."""
    rng, covered = np.random.default_rng([n, runs, int(ratio * 2), int(mixed * 2)]), []
    for _ in range(600):
        owner = np.repeat(np.arange(n), rng.integers(1, 2 * size, n) if size > 1 else 1)[:n]
        found = interval(crossed_sample(rng, runs, owner, ratio, mixed), list(owner))
        if found.low is not None:
            covered.append(found.low <= 0 <= found.high)
    most = 0.985 if runs == 2 else 0.97
    assert 0.93 - 0.018 <= np.mean(covered) <= most + 0.018, np.mean(covered)


def test_one_run_is_no_sample_of_runs():
    """Runs that differ as much as twice the mean over units: which is why a verdict says so."""
    rng = np.random.default_rng(0)
    found = [interval(crossed_sample(rng, 1, np.arange(20), 2.0, 0.5)) for _ in range(1000)]
    assert np.mean([each.low <= 0 <= each.high for each in found]) < 0.85
