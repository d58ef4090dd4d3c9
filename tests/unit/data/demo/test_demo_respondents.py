from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.demo.demo_respondents import (
    COUNTRIES,
    HEADER,
    simulate_respondents,
    write_wvs,
)
from culturalign.data.demo.demo_survey import CULTURES, planted_shares


@pytest.fixture(scope="module")
def wvs(survey, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("wvs") / "wvs.csv"
    write_wvs(path, survey, seed=0)
    return path


def valid_shares(table: pl.DataFrame, question: str, weight: str | None = None) -> dict[int, float]:
    """Code -> share among valid answers."""
    answers = table.filter(pl.col(question) >= 0)
    weights = answers[weight] if weight else pl.repeat(1.0, answers.height, eager=True)
    counted = pl.DataFrame({"code": answers[question], "w": weights}).group_by("code").sum()
    return {code: w / weights.sum() for code, w in counted.iter_rows()}


def test_shares_among_the_answers_are_the_planted_ones(survey):
    planted = planted_shares(survey)
    for country in CULTURES.values():
        people = simulate_respondents(survey, country, 1000, seed=1)
        for (question,), rows in planted.filter(country=country).group_by("question"):
            found = valid_shares(people, question)
            for code, share in rows.select("code", "share").iter_rows():
                # 5 % lost at random: standard deviation at most sqrt(0.25 * 0.05 / 1000) = 0.0035
                assert found.get(code, 0) == pytest.approx(share, abs=0.016), (question, code)


@given(st.integers(1, 40), st.sampled_from(sorted(COUNTRIES)), st.integers(0, 2**32))
def test_any_number_of_respondents_can_answer(small, n, country, seed):
    people = simulate_respondents(small, country, n, seed)
    assert people.height == n == people["D_INTERVIEW"].n_unique()
    assert people["W_WEIGHT"].mean() == pytest.approx(1, abs=1e-5)
    assert set(people["Q5"]) <= {1, 2, 3, -1, -2, -5}
    assert set(people["Q12"]) <= ({-4} if country == "CHN" else {0, 1, 2, -1, -2, -5})


def test_a_country_that_mixes_cultures_answers_between_them(small):
    found = valid_shares(simulate_respondents(small, "GBR", 1000, seed=0), "Q5")
    assert [found[code] for code in (1, 2, 3)] == pytest.approx([0.35, 0.45, 0.20], abs=0.016)


def test_the_simulation_follows_the_seed_and_questions_do_not_change_each_other(small):
    first, again, other = (simulate_respondents(small, "USA", 50, seed=s) for s in (0, 0, 1))
    assert first.equals(again) and not first.equals(other)
    one = simulate_respondents(small[:1], "USA", 50, seed=0)
    assert first.select(one.columns).equals(one)


def test_demographics_stay_within_their_codes(survey):
    people = simulate_respondents(survey, "USA", 1000, seed=0)
    codes = {"Q260": range(1, 3), "Q262": range(18, 86), "Q273": range(1, 7),
             "Q275": range(9), "Q279": range(1, 9), "Q287": range(1, 6),
             "Q288": range(1, 11)}  # fmt: skip
    for question, known in codes.items():
        found = set(people[question]) - {-2}
        assert found <= set(known), question
        assert len(found) >= len(known) * 0.9, question


def test_demographics_and_ordinal_answers_hang_together_and_nominal_ones_do_not(survey):
    people = simulate_respondents(survey, "USA", 4000, seed=0)
    pairs = {("Q262", "Q275"): -0.3, ("Q275", "Q288"): 0.4, ("Q288", "Q287"): -0.6,
             ("Q262", "Q242"): 0.3, ("Q275", "Q27"): 0.3, ("Q262", "Q152"): 0}  # fmt: skip
    for (one, other), planted in pairs.items():
        answered = people.filter(pl.col(one) >= 0, pl.col(other) >= 0)
        # steps weaken a correlation; its standard error is 1 / sqrt(4000) = 0.016
        correlation = answered.select(pl.corr(one, other)).item()
        assert min(planted * 0.7, planted * 1.05) - 0.05 < correlation
        assert correlation < max(planted * 0.7, planted * 1.05) + 0.05


def test_weights_restore_the_population_and_change_the_shares(survey):
    people = simulate_respondents(survey, "CHN", 1000, seed=0)
    young = people.filter(pl.col("Q262") < 35)["W_WEIGHT"].sum() / people["W_WEIGHT"].sum()
    assert young == pytest.approx(0.35, abs=1e-4)  # 0.18 men, 0.17 women
    assert (people["Q262"] < 35).mean() == pytest.approx(0.22, abs=1e-3)
    assert people["W_WEIGHT"].mean() == pytest.approx(1, abs=1e-5)
    assert 0.3 < people["W_WEIGHT"].min() < 0.8 < 1.5 < people["W_WEIGHT"].max() < 3
    plain, weighted = (valid_shares(people, "Q254", weight) for weight in (None, "W_WEIGHT"))
    assert abs(plain[1] - weighted[1]) > 0.02


def test_the_file_has_the_official_header_three_countries_and_every_missing_code(survey, wvs):
    table = pl.read_csv(wvs)
    assert tuple(table.columns) == HEADER
    assert [*HEADER[5:7], *HEADER[10:12]] == ["B_COUNTRY", "B_COUNTRY_ALPHA", "W_WEIGHT", "Q1"]
    assert (len(HEADER), HEADER[-1]) == (301, "Q290")
    counts = table.group_by("B_COUNTRY", "B_COUNTRY_ALPHA").len().sort("B_COUNTRY")
    assert counts.rows() == [(156, "CHN", 1000), (826, "GBR", 60), (840, "USA", 1000)]
    assert table["D_INTERVIEW"].n_unique() == table.height
    lost = table.select(pl.mean_horizontal(pl.col("Q149", "Q165") < 0).mean()).item()
    assert 0.03 < lost < 0.07
    assert {-1, -2, -5} < set(table["Q149"])
    names = {question.name for question in survey}
    assert all(set(table[f"Q{n}"]) == {-4} for n in range(1, 260) if f"Q{n}" not in names)
    assert set(table["Q261"]) == {-5}


def test_questions_asked_in_one_country_only_are_not_asked_in_the_other(survey, wvs):
    table = pl.read_csv(wvs)
    single = {q.name: CULTURES[next(iter(q.shares))] for q in survey if len(q.shares) == 1}
    assert set(single.values()) == {"CHN", "USA"}
    for question, country in single.items():
        for other in CULTURES.values():
            answers = set(table.filter(B_COUNTRY_ALPHA=other)[question])
            assert (answers == {-4}) == (other != country)
