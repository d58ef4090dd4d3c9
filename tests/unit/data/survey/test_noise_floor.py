import numpy as np
import polars as pl
import pytest

from culturalign.data.survey.human_shares import human_shares
from culturalign.data.survey.noise_floor import bootstrap_divergence, half_shares, split_half_floor
from tests.unit.data.survey.people import answers_of

PAIR = ("CHN", "USA")
SETTINGS = {"resamples": 400, "confidence": 0.95, "seed": 0}


def coins(heads: int, of: int = 400, question: str = "Q1") -> dict[str, list[int]]:
    return {question: [1] * heads + [2] * (of - heads)}


def test_bootstrap_interval_of_a_share_difference():
    """With two options EMD is the difference of shares, whose standard error is known."""
    human = human_shares(answers_of(CHN=coins(100), USA=coins(300)), PAIR)
    row = bootstrap_divergence(human, PAIR, **SETTINGS | {"resamples": 4000}).row(0, named=True)
    half = 1.96 * np.sqrt(2 * 0.25 * 0.75 / 400)
    assert row["emd"] == pytest.approx(0.5)
    assert (row["emd_low"], row["emd_high"]) == pytest.approx((0.5 - half, 0.5 + half), abs=0.005)
    assert row["js_low"] < row["js"] < row["js_high"]


def test_the_interval_of_a_tiny_distance_contains_it():
    human = human_shares(answers_of(CHN=coins(200), USA=coins(202)), PAIR)
    row = bootstrap_divergence(human, PAIR, **SETTINGS).row(0, named=True)
    for measure in ("js", "emd"):
        assert 0 <= row[f"{measure}_low"] <= row[measure] <= row[f"{measure}_high"]


def test_weights_of_one_agree_with_no_weights():
    answers = answers_of(CHN=coins(100), USA=coins(300))
    human = human_shares(answers, PAIR)
    plain = bootstrap_divergence(human, PAIR, **SETTINGS | {"resamples": 2000})
    weighted = bootstrap_divergence(human, PAIR, **SETTINGS | {"resamples": 2000}, answers=answers)
    assert plain.row(0)[1:] == pytest.approx(weighted.row(0)[1:], abs=0.005)
    plain = split_half_floor(human, repeats=2000, seed=0)
    weighted = split_half_floor(human, repeats=2000, seed=0, answers=answers)
    assert plain["emd"].to_list() == pytest.approx(weighted["emd"].to_list(), abs=0.002)


def test_unequal_weights_widen_the_interval():
    """A few heavy respondents carry less information than many equal ones (Kish 1965)."""
    answers = answers_of(CHN=coins(200), USA=coins(200))
    weight = pl.when(pl.col("respondent") % 10 == 0).then(9.0).otherwise(1.0)
    high = []
    for table in (answers, answers.with_columns(weight=weight)):
        human = human_shares(table, PAIR, weighted=True)
        row = bootstrap_divergence(human, PAIR, **SETTINGS, answers=table).row(0, named=True)
        high.append(row["emd_high"])
    assert high[1] > 1.3 * high[0]


def test_split_halves_differ_as_chance_has_it():
    """Expected |difference| of the shares of halves of n: sqrt(2/pi) * sqrt(4 p (1-p) / n)."""
    human = human_shares(answers_of(CHN=coins(200), USA=coins(40)), PAIR)
    floor = split_half_floor(human, repeats=4000, seed=1)
    expected = [np.sqrt(2 / np.pi) * np.sqrt(4 * p * (1 - p) / 400) for p in (0.5, 0.1)]
    assert floor["country"].to_list() == ["CHN", "USA"]
    assert floor["emd"].to_list() == pytest.approx(expected, rel=0.05)
    assert floor["js"].min() > 0


def test_a_unanimous_country_has_no_floor_and_one_answer_none_known():
    human = human_shares(answers_of(CHN={"Q1": [1] * 10}, USA={"Q1": [2]}), PAIR)
    floor = split_half_floor(human, repeats=10, seed=0)
    assert floor.rows() == [("Q1", "CHN", 0.0, 0.0), ("Q1", "USA", None, None)]


def test_random_numbers_depend_only_on_seed_and_question():
    both = answers_of(
        CHN=coins(100) | coins(30, question="Q2"), USA=coins(300) | coins(200, question="Q2")
    )
    human = human_shares(both, PAIR)
    alone = human.filter(pl.col("question") == "Q2")
    whole = bootstrap_divergence(human, PAIR, **SETTINGS)
    assert whole.equals(bootstrap_divergence(human, PAIR, **SETTINGS))
    assert whole.row(1) == bootstrap_divergence(alone, PAIR, **SETTINGS).row(0)
    assert whole.row(1) != bootstrap_divergence(alone, PAIR, **SETTINGS | {"seed": 1}).row(0)
    floor = split_half_floor(human, repeats=10, seed=0)
    assert floor.rows()[2:] == split_half_floor(alone, repeats=10, seed=0).rows()


def test_half_shares_are_the_halves_of_the_floor():
    human = human_shares(answers_of(CHN=coins(200, of=401), USA={"Q1": [2]}), PAIR)
    halves = half_shares(human, repeats=300, seed=3)
    assert len(halves) == 300
    assert halves[0].drop("share").equals(human.drop("count", "share"))
    ones = [half["share"][0] for half in halves]
    assert np.mean(ones) == pytest.approx(200 / 401, abs=0.01)
    assert halves[0]["share"][2:].to_list() == [None, None]  # the only answer is in the other half
    rest = [(200 - 200 * one) / 201 for one in ones]
    floor = split_half_floor(human, repeats=300, seed=3)["emd"][0]
    assert np.mean(np.abs(np.subtract(ones, rest))) == pytest.approx(floor)
