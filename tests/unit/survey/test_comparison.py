"""Means over questions, tests against vanilla, and threshold curves."""

from functools import partial

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.intervals import bootstrap_mean
from culturalign.survey.comparison import (
    against_vanilla,
    holm,
    question_scores,
    summarize_arms,
    threshold_curves,
)

INTERVAL = partial(bootstrap_mean, resamples=300, confidence=0.95, seed=0)
SIX = [0.1, -0.3, -0.2, 0.05, -0.4, -0.25]


def scores(js, *, method="sft", model="small", seed=0, country="CHN", scoring="plain", emd=None):
    """One arm's questions Q1, Q2, ..."""
    vanilla = method == "vanilla"
    return pl.DataFrame(
        {
            "model": model,
            "culture": pl.Series([None if vanilla else "cn"] * len(js), dtype=pl.String),
            "method": method,
            "seed": pl.Series([None if vanilla else seed] * len(js), dtype=pl.Int64),
            "question": [f"Q{i}" for i in range(1, len(js) + 1)],
            "country": country,
            "scoring": scoring,
            "js": [float(v) for v in js],
            "emd": [float(v) for v in (emd or js)],
        }
    )


vanilla = partial(scores, method="vanilla")


def test_a_question_counts_with_its_mean_over_seeds():
    table = pl.concat([scores([0.2, 1.0], seed=0), scores([0.6, 0.0], seed=1)])
    found = question_scores(table, ["js"])
    assert found["value"].to_list() == pytest.approx([0.4, 0.5])
    assert found["n_seeds"].to_list() == [2, 2]


def test_questions_are_sorted_by_number():
    found = question_scores(scores([0.1] * 11), ["js"])["question"].to_list()
    assert found == [f"Q{i}" for i in range(1, 12)]


def test_the_same_question_twice_is_refused():
    with pytest.raises(ValueError, match=r"scored twice: .*Q1"):
        question_scores(pl.concat([scores([0.2]), scores([0.3])]))


def test_an_arm_is_summarized_over_questions_not_seeds():
    table = pl.concat([scores([0.0, 0.4], seed=0), scores([1.0, 0.6], seed=1), vanilla([0.2, 0.2])])
    found = summarize_arms(table, INTERVAL, ["js"])
    assert found.select("method", "mean", "low", "high", "n", "n_seeds").rows() == [
        ("vanilla", pytest.approx(0.2), pytest.approx(0.2), pytest.approx(0.2), 2, 1),
        ("sft", pytest.approx(0.5), pytest.approx(0.5), pytest.approx(0.5), 2, 2),
    ]


def test_measures_countries_and_scorings_have_rows_of_their_own():
    table = pl.concat([
        scores([0.1], country=country, scoring=scoring, emd=[0.3])
        for country in ("CHN", "USA") for scoring in ("plain", "debiased")
    ])  # fmt: skip
    found = summarize_arms(table, INTERVAL)
    assert len(found) == 8
    assert set(found.filter(measure="emd")["mean"]) == {0.3}


def test_questions_a_measure_does_not_apply_to_are_left_out():
    table = scores([0.1, 0.2, 0.3]).with_columns(emd_ordinal=pl.Series([None, 0.5, 0.7]))
    found = summarize_arms(table, INTERVAL, ["emd_ordinal"]).row(0, named=True)
    assert (found["mean"], found["n"]) == (pytest.approx(0.6), 2)


def test_holm_by_hand():
    # sorted .005 .01 .03 .04, times 4 3 2 1: .02 .03 .06 .04; the last may not fall below .06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.7]) == [1.0, 1.0]
    assert holm([0.2]) == [0.2]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_uncorrected_and_bonferroni_in_the_same_order(p):
    found = holm(p)
    for raw, corrected in zip(p, found, strict=True):
        assert raw <= corrected <= min(1, raw * len(p)) + 1e-12
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(found)[order]) >= 0).all()


def test_an_arm_that_is_better_in_each_question_earns_a_star():
    before = [0.5 + i / 100 for i in range(10)]
    after = [v - 0.1 - i / 1000 for i, v in enumerate(before)]
    found = against_vanilla(pl.concat([vanilla(before), scores(after)]), ["js"])
    (row,) = found.rows(named=True)
    assert (row["n"], row["star"], row["star_holm"]) == (10, True, True)
    assert row["p"] == pytest.approx(2 / 2**10)
    assert row["p_improves"] == pytest.approx(1 / 2**10)
    assert row["difference"] == pytest.approx(-0.1045)


def test_an_arm_that_is_worse_earns_none():
    before = [0.5 + i / 100 for i in range(10)]
    after = [v + 0.1 + i / 1000 for i, v in enumerate(before)]
    (row,) = against_vanilla(pl.concat([vanilla(before), scores(after)]), ["js"]).rows(named=True)
    assert (row["star"], row["p"]) == (False, pytest.approx(2 / 2**10))
    assert row["p_improves"] > 0.99


def test_holm_takes_all_comparisons_of_a_scoring_together():
    before, after = [0.5] * 6, [0.5 + d for d in SIX]
    one = pl.concat([vanilla(before), scores(after)])
    both = pl.concat([one, one.with_columns(scoring=pl.lit("debiased"))])
    found = against_vanilla(both)  # two measures with equal values, two scorings
    assert found["p"].to_list() == pytest.approx([10 / 64] * 4)
    assert found["p_holm"].to_list() == pytest.approx([20 / 64] * 4)


def test_arms_are_compared_with_vanilla_of_their_own_model_unless_told():
    table = pl.concat([
        vanilla([0.5, 0.6]), scores([0.4, 0.3]), vanilla([0.1, 0.2], model="large"),
        vanilla([0.9, 0.9], country="USA"),
    ])  # fmt: skip
    assert against_vanilla(table, ["js"]).select("model", "method").rows() == [("small", "sft")]
    found = against_vanilla(table, ["js"], {"large": "small"})
    assert found.select("model", "method", "country", "difference").rows() == [
        ("large", "vanilla", "CHN", pytest.approx(-0.4)),
        ("small", "sft", "CHN", pytest.approx(-0.2)),
    ]


def test_without_vanilla_nothing_is_compared():
    assert against_vanilla(scores([0.4, 0.3])).is_empty()
    assert "p_holm" in against_vanilla(scores([0.4, 0.3])).columns


def test_curves_count_questions_below_the_threshold():
    grids = {"js": np.array([0.0, 0.2, 0.3, 0.9])}
    found = threshold_curves(scores([0.1, 0.2, 0.3, 0.8]), ["js"], grids)
    # 0.2 is not below 0.2
    assert found["share"].to_list() == [0.0, 0.25, 0.5, 1.0]
    assert found["n"].to_list() == [4] * 4


@given(st.lists(st.floats(0, 0.83), min_size=1, max_size=20))
def test_curves_rise_from_none_to_all(values):
    found = threshold_curves(scores(values), ["js"])
    shares = found["share"].to_list()
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
