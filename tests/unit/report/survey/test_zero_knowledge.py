"""Zero-knowledge answers beside arms: which are shown, and what an arm gains over uniform."""

import numpy as np
import polars as pl
import pytest

from culturalign.data.survey.batteries import battery
from culturalign.report.survey.zero_knowledge import (
    gains,
    of_strangers,
    reference_names,
    without_samples,
)
from culturalign.stats.summary import interval_of

METHODS = (
    *("uniform", "first", "by_place", "people_CHN", "people_USA"),
    *("modal_USA", "sample_CHN", "sample_USA"),
)
REFERENCES = pl.DataFrame(
    [(method, country) for method in METHODS for country in ("CHN", "USA")],
    schema=["method", "country"],
    orient="row",
)


def scored(values, seed=None, clusters=None):
    """Distances of an arm to the questions Q0, Q1, ..., each a battery if none are given."""
    names = [f"Q{i}" for i in range(len(values))]
    rows = {"question": names, "seed": seed, "value": values, "cluster": clusters or names}
    return pl.DataFrame(rows, schema_overrides={"seed": pl.Int64, "value": pl.Float64})


def test_a_country_is_compared_with_other_people_and_a_sample_of_its_own():
    kept = of_strangers(REFERENCES).filter(country="USA")["method"].to_list()
    assert kept == ["uniform", "first", "by_place", "people_CHN", "sample"]
    kept = of_strangers(REFERENCES).filter(country="CHN")["method"].to_list()
    assert kept == ["uniform", "first", "by_place", "people_USA", "modal_USA", "sample"]


def test_samples_are_no_answers():
    kept = without_samples(REFERENCES)
    assert kept["method"].unique(maintain_order=True).to_list() == list(METHODS[:6])
    assert set(kept["country"]) == {"CHN", "USA"}


def test_every_method_has_a_name_and_people_bear_that_of_their_nation():
    names = reference_names({"USA": "US", "CHN": "ZH"})
    assert set(of_strangers(REFERENCES)["method"]) <= set(names)
    assert (names["people_CHN"], names["modal_USA"]) == ("People, ZH", "Commonest answer, US")
    assert [*names][:: len(names) - 1] == ["uniform", "sample"]


@pytest.mark.parametrize(
    ("arm", "expected"),
    [
        ([0.0, 0.0], [1.0, 1.0]),  # as people
        ([0.4, 0.2], [0.0, 0.0]),  # as uniform
        ([0.2, 0.1], [0.5, 0.5]),  # half of both: the ratio does not vary
        ([0.8, 0.4], [-1.0, -1.0]),  # twice as far
        ([0.4, 0.0], [-1 / 9, 7 / 9]),  # 1 - 0.2 / 0.3 = 1 / 3, less -+ (2 / 3 * 0.2) / 0.3
    ],
)
def test_the_gain_is_that_of_the_mean_distances(arm, expected):
    found = gains(scored(arm, seed=0), scored([0.4, 0.2]))
    assert found["value"].to_list() == pytest.approx(expected)
    assert found["value"].mean() == pytest.approx(1 - sum(arm) / 0.6)


def test_the_spread_is_that_of_the_ratio():
    """Against the jackknife, which leaves out one question at a time."""
    rng = np.random.default_rng(0)
    flat = rng.uniform(0.1, 0.5, 200)
    arm = flat * rng.uniform(0.3, 1.2, 200)
    without = [1 - np.delete(arm, i).mean() / np.delete(flat, i).mean() for i in range(200)]
    jackknife = np.sqrt(199 / 200 * np.sum((without - np.mean(without)) ** 2))
    values = gains(scored(arm), scored(flat))["value"].to_numpy()
    assert values.std(ddof=1) / np.sqrt(200) == pytest.approx(jackknife, rel=0.02)


def batteries(n):
    """Questions of n batteries: the first half have four, the others one."""
    firsts = (1, 7, 18, 27, 33, 64, 94, 106, 113, 122, 132, 158)
    several = [f"Q{first + i}" for first in firsts[: n // 2] for i in range(4)]
    return several + [f"Q{260 + i}" for i in range(n - n // 2)]


@pytest.mark.parametrize(("n", "least"), [(10, 0.9), (20, 0.93), (24, 0.93)])
@pytest.mark.parametrize("ratio", [0.8, 1.0])
def test_the_interval_of_a_gain_covers_the_true_one(n, least, ratio):
    """600 samples: two points of chance. At a ratio of 1 nothing is gained."""
    rng, names, covered = np.random.default_rng(n), batteries(n), 0
    owner = np.repeat(np.arange(n), [4] * (n // 2) + [1] * (n - n // 2))
    for _ in range(600):
        hard, own = ((rng.normal(size=n)[owner] + rng.normal(size=len(names))) / 2**0.5
                     for _ in range(2))  # fmt: skip
        flat = 0.3 * np.exp(0.4 * hard)
        both = [pl.DataFrame({"question": names, "value": values})
                .with_columns(battery(), seed=pl.lit(0, pl.Int64))
                for values in (flat * (ratio + 0.3 * own), flat)]  # fmt: skip
        found = interval_of(gains(*both), 0.95, unit="question")
        covered += found.low <= 1 - ratio <= found.high
    assert least - 0.02 <= covered / 600 <= 0.97 + 0.015


def test_each_run_keeps_its_seed_and_battery_and_only_questions_of_both_count():
    runs = pl.concat([scored([0.2, 0.2, 0.9], seed, ["a", "a", "b"]) for seed in (0, 1)])
    found = gains(runs, scored([0.4, 0.4]))
    assert found.select("question", "seed", "cluster").rows() == [
        (question, seed, "a") for seed in (0, 1) for question in ("Q0", "Q1")
    ]
    assert found["value"].to_list() == pytest.approx([0.5] * 4)


def test_nothing_is_gained_where_uniform_is_what_people_answer():
    found = gains(scored([0.0, 0.0]), scored([0.0, 0.0]))
    assert found["value"].to_list() == [0.0, 0.0]
    assert gains(scored([0.1]), scored([0.1]).clear()).is_empty()
