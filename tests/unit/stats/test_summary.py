"""Means over seeds, intervals over cues, and paired differences of arms."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.evaluate import Evaluation
from culturalign.report.claims.cells import mean_of
from culturalign.report.claims.findings import above
from culturalign.report.claims.verdicts import p_value
from culturalign.stats.summary import (
    SHARE,
    contrast,
    describe_lists,
    group_intervals,
    run_differences,
    summarize,
)

EVALUATION = Evaluation(precision_at=[5], lower=5, upper=5, resamples=300)
SFT, VANILLA = ("llama", "sft"), ("llama", "vanilla")


def scores(*rows):
    """Rows ``model, method, seed, cue, k, precision``."""
    schema = {"model": pl.String, "method": pl.String, "seed": pl.Int64, "cue": pl.String,
              "k": pl.Int64, "precision": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def arm(name, values, *, seed=0, k=5):
    """Scores of the cues c0, c1, ... of one arm."""
    return scores(*[(*name, seed, f"c{i}", k, value) for i, value in enumerate(values)])


def test_an_arm_is_summarized_by_the_mean_of_its_cues_and_the_spread_of_its_seeds():
    table = pl.concat([arm(SFT, [0.2, 0.4], seed=0), arm(SFT, [0.6, 0.8], seed=1)])
    row = summarize(table, "precision", EVALUATION).row(0, named=True)
    # cues: 0.4 and 0.6, mean 0.5; seeds: 0.3 and 0.7, standard deviation sqrt(2 x 0.2^2 / 1)
    assert (row["model"], row["method"], row["k"]) == ("llama", "sft", 5)
    assert row["mean"] == pytest.approx(0.5)
    assert (row["low"], row["high"]) == (None, None)  # of two cues
    assert (row["n_cues"], row["n_clusters"], row["n_seeds"]) == (2, 2, 2)
    assert row["seed_sd"] == pytest.approx(0.2 * math.sqrt(2))
    # the seeds disagree wildly, the cues not at all: 0 and 1, whose t interval has t(0.975, 1)
    table = pl.concat([arm(SFT, [0.0] * 6, seed=0), arm(SFT, [1.0] * 6, seed=1)])
    row = summarize(table, "precision", EVALUATION, SHARE).row(0, named=True)
    assert (row["low"], row["mean"], row["high"]) == (
        pytest.approx(0.5 - (0.5 - row["low"])),
        0.5,
        pytest.approx(1 - row["low"]),
    )
    assert row["high"] - row["low"] > 0.95


def test_clusters_of_cues_widen_the_interval():
    table = arm(SFT, [0.1, 0.1, 0.9, 0.9, 0.3, 0.3, 0.6, 0.6, 0.2, 0.2])
    domains = table.with_columns(cluster=pl.Series([f"d{i // 2}" for i in range(10)]))
    alone, shared = (
        summarize(each, "precision", EVALUATION).row(0, named=True) for each in (table, domains)
    )
    means = summarize(arm(SFT, [0.1, 0.9, 0.3, 0.6, 0.2]), "precision", EVALUATION)
    assert (shared["n_cues"], shared["n_clusters"], alone["n_clusters"]) == (10, 5, 10)
    # equal clusters: the interval of their five means
    assert (shared["low"], shared["high"]) == pytest.approx((means["low"][0], means["high"][0]))
    assert shared["high"] - shared["low"] > 1.3 * (alone["high"] - alone["low"])
    other = domains.with_columns(pl.col("precision") / 2, method=pl.lit("vanilla"))
    pair = contrast(pl.concat([domains, other]), [(SFT, VANILLA)], "precision", EVALUATION)
    assert pair["n_clusters"].item() == 5


def test_runs_are_paired_by_seed_and_a_single_run_is_subtracted_from_each():
    mine = pl.concat([arm(SFT, [0.5], seed=0), arm(SFT, [0.9], seed=1)])
    mine = mine.rename({"precision": "value"})
    single = arm(VANILLA, [0.1], seed=None).rename({"precision": "value"})
    control = pl.concat([arm(VANILLA, [0.4], seed=1), arm(VANILLA, [0.2], seed=0)])
    control = control.rename({"precision": "value"})
    expected = {"single": [0.4, 0.8], "back": [-0.4, -0.8], "paired": [0.3, 0.5]}
    for name, (one, two) in {
        "single": (mine, single), "back": (single, mine), "paired": (mine, control)
    }.items():  # fmt: skip
        found = run_differences(one, two, ["cue"]).sort("seed")
        assert found["seed"].to_list() == [0, 1]
        assert found["value"].to_list() == pytest.approx(expected[name])


def test_measures_have_bounds_of_their_own():
    table = pl.DataFrame({"measure": ["a"] * 6 + ["b"] * 6, "question": list(range(6)) * 2,
                          "value": [0.0] * 12})  # fmt: skip
    found = group_intervals(table, ["measure"], 0.95, unit="question", bounds={"a": (0, 1)})
    # nobody of six: t^2 / (6 + t^2) with t(0.975, 5) = 2.5706
    assert found["high"].to_list() == [pytest.approx(0.5241, abs=1e-4), 0]


def test_one_seed_has_no_spread_and_a_missing_seed_counts_as_one():
    table = pl.concat([arm(SFT, [0.5]), arm(VANILLA, [0.1], seed=None)])
    found = summarize(table, "precision", EVALUATION)
    shown = found.select("method", "mean", "n_seeds", "seed_sd").rows()
    assert shown == [("sft", 0.5, 1, None), ("vanilla", 0.1, 1, None)]
    assert found.schema["seed_sd"] == pl.Float64


def test_every_arm_and_k_has_its_own_row():
    table = pl.concat([arm(SFT, [1.0], k=5), arm(SFT, [0.5], k=10), arm(VANILLA, [0.0], k=5)])
    found = summarize(table, "precision", EVALUATION)
    rows = found.select("method", "k", "mean").rows()
    assert rows == [("sft", 5, 1.0), ("sft", 10, 0.5), ("vanilla", 5, 0.0)]
    table = table.vstack(arm(VANILLA, [0.1], k=10))
    both = contrast(table, [(SFT, VANILLA)], "precision", EVALUATION)
    assert both.select("k", "mean").rows() == [(5, 1.0), (10, 0.4)]


def test_a_contrast_subtracts_cue_by_cue():
    table = pl.concat(
        [arm(SFT, [0.9, 0.5, 0.7, 0.83, 0.57]), arm(VANILLA, [0.3, 0.1, 0.2, 0.2, 0.2], seed=None)]
    )
    found = contrast(table, [(SFT, VANILLA)], "precision", EVALUATION)
    row = found.row(0, named=True)
    # differences 0.6, 0.4, 0.5, 0.63, 0.37: mean 0.5, and all above zero
    assert (row["model"], row["method"], row["minus"], row["k"]) == ("llama", "sft", "vanilla", 5)
    assert row["mean"] == pytest.approx(0.5)
    # squares sum to 0.0538; t(0.975, 4) = 2.7764
    assert row["high"] == pytest.approx(0.5 + 2.7764 * (0.0538 / 4 / 5) ** 0.5, abs=1e-4)
    assert (row["n_cues"], row["excludes_zero"]) == (5, True)
    back = contrast(table, [(VANILLA, SFT)], "precision", EVALUATION).row(0, named=True)
    assert back["high"] < 0 and back["excludes_zero"]
    # the seeds of an arm are averaged before they are subtracted
    table = [arm(SFT, [0.6], seed=0), arm(SFT, [0.8], seed=1), arm(VANILLA, [0.5], seed=None)]
    found = contrast(pl.concat(table), [(SFT, VANILLA)], "precision", EVALUATION)
    assert found["mean"].item() == pytest.approx(0.2)  # 0.7 - 0.5


def test_p_of_several_runs_has_few_degrees_of_freedom():
    """Three runs that differ by far more than cues do: t with 2 degrees of freedom."""
    cues = [0.001 * i for i in range(12)]
    runs = [arm(SFT, [0.5 + shift + cue for cue in cues], seed=i)
            for i, shift in enumerate((-0.1, 0.0, 0.1))]  # fmt: skip
    table = pl.concat([*runs, arm(VANILLA, cues, seed=None)])
    row = contrast(table, [(SFT, VANILLA)], "precision", EVALUATION).row(0, named=True)
    assert (row["n_clusters"], row["df"]) == (12, pytest.approx(2))
    # t = 0.5 / (0.1 / sqrt 3) = 8.66
    finding = above(mean_of({"x": pl.DataFrame([row])}, "x", {"model": "llama"}))
    assert p_value(finding, 0.95) == pytest.approx(0.0131, abs=1e-4)


def test_cues_are_paired_by_name_which_removes_what_differs_between_them():
    # cues differ from 0 to 0.9, the arms by 0.09 to 0.11 on each
    values = [i / 10 for i in range(10)]
    other = arm(VANILLA, values, seed=None).reverse()
    table = pl.concat([arm(SFT, [v + 0.09 + i / 450 for i, v in enumerate(values)]), other])
    row = contrast(table, [(SFT, VANILLA)], "precision", EVALUATION).row(0, named=True)
    assert 0.09 < row["low"] < row["high"] < 0.11
    assert row["excludes_zero"]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_a_contrast_is_the_difference_of_the_means_and_changes_sign_with_its_order(values):
    first, second = zip(*values, strict=True)
    table = pl.concat([arm(SFT, first), arm(VANILLA, second, seed=None)])
    found = contrast(table, [(SFT, VANILLA), (VANILLA, SFT)], "precision", EVALUATION)
    there, back = found["mean"].to_list()
    itself = contrast(table, [(SFT, SFT)], "precision", EVALUATION).row(0, named=True)
    assert (itself["mean"], itself["excludes_zero"]) == (0, False)
    assert there == pytest.approx(sum(first) / len(first) - sum(second) / len(second), abs=1e-9)
    assert back == pytest.approx(-there, abs=1e-9)


def test_lists_are_described_by_shares_of_lists_and_of_words():
    lists = [
        {"parsable": True, "truncated": True, "n_items": 4, "words": ["cat", "bone", "bark"]},
        {"parsable": True, "truncated": False, "n_items": 2, "words": ["cat", "sky"]},
        {"parsable": False, "truncated": False, "n_items": 1, "words": ["cow"]},
        {"parsable": False, "truncated": False, "n_items": 0, "words": []},
    ]
    assert describe_lists(lists, lower=3) == {
        "unparsable": 0.5,  # 2 of 4
        "short": 0.75,  # 3 of 4 have fewer than 3 words
        "cut": 0.25,  # 1 of 4
        "length": 1.5,  # 6 words in 4 lists
        "duplicates": pytest.approx(1 / 7),  # 7 items written, 6 words left
        "diversity": pytest.approx(5 / 6),  # cat is there twice
    }


@pytest.mark.parametrize(
    ("words", "lower", "expected"),
    [
        ([], 1, {"duplicates": 0, "diversity": 0, "short": 1}),
        (["cat", "dog"], 2, {"short": 0}),
        (["cat", "dog"], 3, {"short": 1}),
    ],
)
def test_a_list_is_short_below_the_size_asked_for(words, lower, expected):
    entry = {"parsable": True, "truncated": False, "n_items": len(words), "words": words}
    assert describe_lists([entry], lower=lower).items() >= expected.items()
