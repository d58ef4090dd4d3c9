"""Answers at their best temperature."""

import numpy as np
import polars as pl
import pytest

from culturalign.report.survey.tempering import FLAT, TEMPERED, tempered
from culturalign.stats.distances import js_distance

QUESTIONS = [f"Q{260 + i}" for i in range(40)]


def table(shares, name):
    rows = [
        (question, code, float(share))
        for question, line in zip(QUESTIONS, shares, strict=True)
        for code, share in enumerate(line, 1)
    ]
    return pl.DataFrame(rows, schema=["question", "code", name], orient="row")


def softened(logits, temperature=1.0):
    found = np.exp(logits / temperature)
    return found / found.sum(-1, keepdims=True)


RNG = np.random.default_rng(0)
PEOPLE = RNG.normal(size=(40, 4))
HUMAN = table(softened(PEOPLE), "share").with_columns(country=pl.lit("CHN"))
KNOWS_NOTHING = 3 * RNG.normal(size=(40, 4))


def found(trained, vanilla=KNOWS_NOTHING):
    return tempered(run(vanilla, None), run(trained, 0), HUMAN, "CHN")


def run(logits, seed):
    return table(softened(logits), "plain").with_columns(seed=pl.lit(seed, pl.Int64))


def test_a_sharpened_answer_of_the_people_is_theirs_at_its_temperature():
    row = found(4 * PEOPLE)
    before = js_distance(softened(4 * PEOPLE), softened(PEOPLE)).mean()
    assert row["tempered_js"] < 0.05 < before
    assert row["tempered_gain_low"] > 0.8
    assert row["tempered_difference_high"] < 0


def test_flattening_gains_nothing():
    """The same answers, flatter, are nearer to people, but not at their best temperature."""
    arms = (softened(each) for each in (KNOWS_NOTHING, KNOWS_NOTHING / 6))
    js = [js_distance(arm, softened(PEOPLE)).mean() for arm in arms]
    assert js[1] < js[0] - 0.2
    row = found(KNOWS_NOTHING / 6)
    assert row["tempered_difference"] == pytest.approx(0, abs=0.01)
    assert row["tempered_gain"] < 0.05
    flat = js_distance(np.full((40, 4), 0.25), softened(PEOPLE)).mean()
    assert row["tempered_js"] == pytest.approx(flat, abs=0.02)


def test_the_temperature_is_chosen_on_the_other_half():
    """Else an arm that knows nothing would be at least as near as the uniform answer, always."""
    gains = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(size=(40, 4))
        gains.append(found(3 * noise)["tempered_gain"])
    assert min(gains) < 0


def test_a_gain_that_is_nothing_by_construction_has_no_interval():
    """Answers turned around are best where they are uniform; two such arms do not differ."""
    row = found(-PEOPLE, vanilla=-2 * PEOPLE)
    assert (row["tempered_gain"], row["tempered_difference"]) == (0, 0)
    assert row["tempered_flat"] and row["tempered_flat_vanilla"]
    ends = [row[f"tempered_{x}_{end}"] for x in ("gain", "difference") for end in ("low", "high")]
    assert ends == [None] * 4
    known = found(-PEOPLE, vanilla=PEOPLE)
    assert known["tempered_flat"] and not known["tempered_flat_vanilla"]
    assert known["tempered_gain_low"] is None and known["tempered_difference_low"] > 0


def test_runs_have_temperatures_of_their_own_and_widen_the_interval():
    """One run knows the people, the other nothing; each is as good as it can be."""
    before, arms = run(KNOWS_NOTHING, None), (run(4 * PEOPLE, 0), run(KNOWS_NOTHING, 1))
    one, other = (tempered(before, arm, HUMAN, "CHN") for arm in arms)
    both = tempered(before, pl.concat(arms), HUMAN, "CHN")
    for name in ("tempered_js", "tempered_gain"):
        assert both[name] == pytest.approx((one[name] + other[name]) / 2)
    assert one["tempered_gain_low"] > 0 > both["tempered_gain_low"]


def test_what_knows_nothing_gains_nothing_whatever_its_halves():
    """In 200 worlds, at most 7 percent of the intervals lie above 0 or on a side of it."""
    runs, gained, apart = 200, 0, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        human = table(softened(rng.normal(size=(40, 4))), "share").with_columns(
            country=pl.lit("CHN")
        )
        arms = (run(3 * rng.normal(size=(40, 4)), x) for x in (None, 0))
        row = tempered(*arms, human, "CHN", seed=seed)
        gained += (row["tempered_gain_low"] or 0) > 0
        apart += (row["tempered_difference_low"] or 0) > 0
        apart += (row["tempered_difference_high"] or 0) < 0
    assert gained <= 0.07 * runs and apart <= 0.07 * runs


def test_without_a_common_question_there_is_nothing():
    empty = run(PEOPLE, 0).clear()
    assert tempered(empty, empty, HUMAN, "CHN") == dict.fromkeys([*TEMPERED, *FLAT])
