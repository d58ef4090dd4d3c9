import numpy as np
import polars as pl
import pytest

from culturalign.data.survey.human_shares import human_shares
from culturalign.data.survey.noise_floor import half_shares, pole_distances, sample_floor
from tests.unit.data.survey.people import answers_of

PAIR = ("CHN", "USA")
SETTINGS = {"resamples": 400, "seed": 0}


def coins(heads: int, of: int = 400, question: str = "Q1") -> dict[str, list[int]]:
    return {question: [1] * heads + [2] * (of - heads)}


def test_dealt_respondents_differ_as_chance_has_it():
    """Expected |difference| of shares of n and n: sqrt(2/pi) * sqrt(2 p (1-p) / n)."""
    human = human_shares(answers_of(CHN=coins(100), USA=coins(300)), PAIR)
    row = pole_distances(human, PAIR, resamples=4000, seed=0).row(0, named=True)
    assert row["emd"] == pytest.approx(0.5)
    assert row["emd_chance"] == pytest.approx(np.sqrt(2 / np.pi * 2 * 0.25 / 400), rel=0.05)
    assert row["emd_p"] == row["js_p"] == 1 / 4001


def test_p_is_the_exact_chance_of_a_deal_as_far():
    """Two of four people say yes, both in one country: 2 of the 6 deals are as far apart."""
    human = human_shares(answers_of(CHN={"Q1": [1, 1]}, USA={"Q1": [2, 2]}), PAIR)
    row = pole_distances(human, PAIR, resamples=20_000, seed=0).row(0, named=True)
    assert row["js_p"] == row["emd_p"] == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize("options", [2, 4, 10])
def test_countries_that_answer_alike_differ_in_the_nominal_share_of_surveys(options):
    """Bootstrap intervals of the distance leave 0 out in 20, 55 and 99 % of them."""
    rng, surveys, people = np.random.default_rng(options), 240, 1000
    shares = rng.dirichlet(np.ones(options) * 3)
    counts = {c: rng.multinomial(people, shares, size=surveys) for c in PAIR}
    rows = [
        (f"Q{number + 1}", country, code, int(count), count / people)
        for country in PAIR
        for number, line in enumerate(counts[country])
        for code, count in enumerate(line)
    ]
    names = ["question", "country", "code", "count", "share"]
    human = pl.DataFrame(rows, schema=names, orient="row")
    found = pole_distances(human, PAIR, resamples=400, seed=0)
    assert len(found) == surveys
    for p in (found["js_p"], found["emd_p"]):
        assert 0.01 <= (p < 0.05).mean() <= 0.09  # 0.05, three standard errors to each side
        assert 0.4 <= p.mean() <= 0.6


def test_weights_of_one_agree_with_no_weights():
    answers = answers_of(CHN=coins(180), USA=coins(200))
    human = human_shares(answers, PAIR)
    plain = pole_distances(human, PAIR, resamples=3000, seed=0)
    weighted = pole_distances(human, PAIR, resamples=3000, seed=0, answers=answers)
    assert plain.row(0)[1:] == pytest.approx(weighted.row(0)[1:], abs=0.02)
    plain = sample_floor(human, repeats=2000, seed=0)
    weighted = sample_floor(human, repeats=2000, seed=0, answers=answers)
    assert plain["emd"].to_list() == pytest.approx(weighted["emd"].to_list(), abs=0.002)


def test_unequal_weights_leave_more_to_chance():
    """A few heavy respondents carry less information than many equal ones (Kish 1965)."""
    answers = answers_of(CHN=coins(200), USA=coins(200))
    weight = pl.when(pl.col("respondent") % 10 == 0).then(9.0).otherwise(1.0)
    chance = []
    for table in (answers, answers.with_columns(weight=weight)):
        human = human_shares(table, PAIR, weighted=True)
        row = pole_distances(human, PAIR, resamples=400, seed=0, answers=table)
        chance.append(row["emd_chance"][0])
    assert chance[1] > 1.3 * chance[0]


def test_samples_differ_from_their_people_as_chance_has_it():
    """Expected |difference| of the share of n to p: sqrt(2/pi) * sqrt(p (1-p) / n)."""
    human = human_shares(answers_of(CHN=coins(200), USA=coins(40)), PAIR)
    floor = sample_floor(human, repeats=4000, seed=1)
    expected = [np.sqrt(2 / np.pi) * np.sqrt(p * (1 - p) / 400) for p in (0.5, 0.1)]
    assert floor["country"].to_list() == ["CHN", "USA"]
    assert floor["emd"].to_list() == pytest.approx(expected, rel=0.05)
    assert floor["js"].min() > 0


def test_a_unanimous_country_has_no_floor():
    human = human_shares(answers_of(CHN={"Q1": [1] * 10}, USA={"Q1": [2]}), PAIR)
    floor = sample_floor(human, repeats=10, seed=0)
    assert floor.rows() == [("Q1", "CHN", 0.0, 0.0), ("Q1", "USA", 0.0, 0.0)]


def test_random_numbers_depend_only_on_seed_and_question():
    both = answers_of(
        CHN=coins(100) | coins(30, question="Q2"), USA=coins(300) | coins(200, question="Q2")
    )
    human = human_shares(both, PAIR)
    alone = human.filter(pl.col("question") == "Q2")
    whole = pole_distances(human, PAIR, **SETTINGS)
    assert whole.equals(pole_distances(human, PAIR, **SETTINGS))
    assert whole.row(1) == pole_distances(alone, PAIR, **SETTINGS).row(0)
    assert whole.row(1) != pole_distances(alone, PAIR, **SETTINGS | {"seed": 1}).row(0)
    floor = sample_floor(human, repeats=10, seed=0)
    assert floor.rows()[2:] == sample_floor(alone, repeats=10, seed=0).rows()


def test_half_shares_are_of_random_halves():
    human = human_shares(answers_of(CHN=coins(200, of=401), USA={"Q1": [2]}), PAIR)
    halves = half_shares(human, repeats=300, seed=3)
    assert len(halves) == 300
    assert halves[0].drop("share").equals(human.drop("count", "share"))
    ones = [half["share"][0] for half in halves]
    assert np.mean(ones) == pytest.approx(200 / 401, abs=0.01)
    # half of n without replacement: p (1-p) / n, since n - n/2 of n are left out
    assert np.std(ones) == pytest.approx(np.sqrt(0.25 / 401), rel=0.15)
    assert halves[0]["share"][2:].to_list() == [None, None]  # the only answer is in the other half
