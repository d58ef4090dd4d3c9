"""Stars of table 7: what an arm has to beat."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.stars import against_vanilla, gain_rows
from tests.unit.report.survey.distances import scores, uniform, vanilla

EVALUATION = Evaluation(resamples=2000)
SIX = [0.1, -0.3, -0.2, 0.05, -0.4, -0.25]
FAR = uniform([0.9] * 48)
"""Further than every arm."""


@pytest.mark.parametrize(("sign", "star"), [(-1, True), (1, False)])
def test_an_arm_that_is_better_in_each_question_earns_a_star_and_a_worse_one_none(sign, star):
    before = [0.5 + i / 100 for i in range(10)]
    after = [v + sign * (0.1 + i / 1000) for i, v in enumerate(before)]
    table = pl.concat([vanilla(before), scores(after), FAR])
    (row,) = against_vanilla(table, EVALUATION, ["js"]).rows(named=True)
    assert (row["n"], row["star"], row["star_holm"]) == (10, star, star)
    assert row["p"] == pytest.approx(2 * 2**-10)
    assert row["difference"] == pytest.approx(sign * 0.1045)


def test_no_star_stands_beside_a_worse_mean_or_on_one_battery():
    """Forty small gains and eight large losses: ranks favor the arm, the mean does not."""
    before = [0.5] * 48
    worse = [0.49 - i / 1e5 for i in range(40)] + [0.7 + i / 100 for i in range(8)]
    (row,) = against_vanilla(pl.concat([vanilla(before), scores(worse)]), EVALUATION, ["js"]).rows(
        named=True
    )
    assert row["difference"] > 0 and not row["star"]
    better = pl.concat([vanilla([0.5] * 19), scores([0.3 + i / 100 for i in range(19)]), FAR])
    numbers = {f"Q{260 + i}": f"Q{177 + i}" for i in range(19)}
    one = better.with_columns(pl.col("question").replace(numbers))
    stars = [against_vanilla(each, EVALUATION, ["js"])["star"].item() for each in (better, one)]
    assert stars == [True, False]


def test_a_seed_that_undoes_another_takes_the_star_away():
    before = [0.5] * 10
    gains = [0.3 + i / 100 for i in range(10)]
    one = pl.concat([vanilla(before), scores(gains), FAR])
    losses = scores([0.6 + i / 100 for i in range(10)], seed=1)
    stars = [
        against_vanilla(each, EVALUATION, ["js"])["star"].item()
        for each in (one, pl.concat([one, losses]))
    ]
    assert stars == [True, False]


def test_holm_takes_all_comparisons_of_a_scoring_together():
    before, after = [0.5] * 6, [0.5 + d for d in SIX]
    one = pl.concat([vanilla(before), scores(after)])
    both = pl.concat([one, one.with_columns(scoring=pl.lit("debiased"))])
    found = against_vanilla(both, EVALUATION)  # two measures with equal values, two scorings
    (p,) = set(found["p"])
    assert found["p_holm"].to_list() == pytest.approx([2 * p] * 4)


def test_arms_are_compared_with_vanilla_of_their_own_model_by_default():
    table = pl.concat([
        vanilla([0.5, 0.6]), scores([0.4, 0.3]), vanilla([0.1, 0.2], model="large"),
        vanilla([0.9, 0.9], country="USA"),
    ])  # fmt: skip
    assert against_vanilla(table, EVALUATION, ["js"]).select("model", "method").rows() == [
        ("small", "sft")
    ]
    found = against_vanilla(table, EVALUATION, ["js"], {"large": "small"})
    assert found.select("model", "method", "country", "difference").rows() == [
        ("large", "vanilla", "CHN", pytest.approx(-0.4)),
        ("small", "sft", "CHN", pytest.approx(-0.2)),
    ]
    none = against_vanilla(scores([0.4, 0.3]), EVALUATION)  # there is no vanilla
    assert none.is_empty() and "p_holm" in none.columns


def starred(*tables, controls=()):
    """The star of the arm ``sft``, what it beats and what it fails to."""
    found = against_vanilla(pl.concat(tables), EVALUATION, ["js"], controls=controls)
    return found.filter(method="sft").select("star", "beats", "fails").row(0)


TEN = [i / 100 for i in range(10)]
BEFORE, AFTER = [0.5 + i for i in TEN], [0.3 + 2 * i for i in TEN]


def test_an_arm_that_is_nearer_than_vanilla_has_to_beat_the_uniform_answer_too():
    arms = [vanilla(BEFORE), scores(AFTER)]
    assert starred(*arms, uniform(BEFORE)) == (True, "vanilla, uniform", "")
    assert starred(*arms, uniform([0.2 + i for i in TEN])) == (False, "vanilla", "uniform")
    # a gain whose interval reaches 0 does not count
    near = uniform([value + (-1) ** i / 50 for i, value in enumerate(AFTER)])
    assert starred(*arms, near) == (False, "vanilla", "uniform")
    assert starred(*arms) == (False, "vanilla", "uniform")


def test_an_arm_has_to_beat_the_average_by_place_where_it_was_scored():
    arms = [vanilla(BEFORE), scores(AFTER), uniform([0.9] * 10)]
    placed = pl.lit("by_place").alias("method")
    far, near = (
        uniform([value + add for value in AFTER]).with_columns(placed) for add in (0.2, 0.0)
    )
    assert starred(*arms, far) == (True, "vanilla, uniform, by_place", "")
    assert starred(*arms, near) == (False, "vanilla, uniform", "by_place")
    gains = gain_rows(pl.concat([*arms, far]), EVALUATION, ["js"]).filter(method="sft")
    # 1 - 0.39 / 0.59, and 1 - 0.39 / 0.9
    assert gains.select("gain_place", "gain").row(0) == pytest.approx((0.2 / 0.59, 1 - 0.39 / 0.9))


def test_an_arm_has_to_beat_the_control_of_its_own_model_and_culture():
    arms = [vanilla(BEFORE), scores(AFTER), uniform([0.9] * 10)]
    controls = ["control"]
    equal = scores([value + (-1) ** i / 50 for i, value in enumerate(AFTER)], method="control")
    worse = scores([value + 0.1 + i for i, value in zip(TEN, AFTER, strict=True)], method="control")
    assert starred(*arms, equal, controls=controls) == (False, "vanilla, uniform", "control")
    assert starred(*arms, worse, controls=controls) == (True, "vanilla, uniform, control", "")
    other = equal.with_columns(model=pl.lit("large"))
    assert starred(*arms, other, controls=controls) == (True, "vanilla, uniform", "")
    # a control has no control
    found = against_vanilla(pl.concat([*arms, equal]), EVALUATION, ["js"], controls=controls)
    assert found.filter(method="control")["beats"].item() == "vanilla, uniform"


def test_an_arm_has_to_beat_the_same_method_trained_on_another_culture_and_the_other_way_round():
    arms = [vanilla([0.8 + i for i in TEN]), scores(AFTER), uniform([0.9] * 10)]
    here = pl.lit("us").alias("culture")
    equal = scores([value + (-1) ** i / 50 for i, value in enumerate(AFTER)], method="sft@us")
    worse = scores([value + 0.1 + i for i, value in zip(TEN, AFTER, strict=True)], method="sft@us")
    equal, worse = equal.with_columns(here), worse.with_columns(here)
    assert starred(*arms, equal) == (False, "vanilla, uniform", "sft@us")
    assert starred(*arms, worse) == (True, "vanilla, uniform, sft@us", "")
    other = equal.with_columns(pl.col("method").str.replace("sft", "sft-clca"))
    assert starred(*arms, other) == (True, "vanilla, uniform", "")
    found = against_vanilla(pl.concat([*arms, worse]), EVALUATION, ["js"]).filter(method="sft@us")
    assert found.select("beats", "fails", "star").row(0) == ("vanilla, uniform", "sft", False)


def test_a_gain_is_one_less_the_ratio_of_mean_distances_and_has_an_interval():
    """Cochran's ratio: the variance of (ours - ratio * uniform) over the mean of uniform."""
    ours, flat = [0.1, 0.2, 0.3, 0.4, 0.2, 0.3], [0.4, 0.42, 0.5, 0.7, 0.5, 0.48]
    table = pl.concat([scores(ours), uniform(flat)])
    row = gain_rows(table, EVALUATION, ["js"]).filter(method="sft").row(0, named=True)
    ratio = 1.5 / 3.0
    rest = [one - ratio * two for one, two in zip(ours, flat, strict=True)]  # sum to 0
    error = (sum(x * x for x in rest) / 5 / 6) ** 0.5 / 0.5
    half = 2.570582 * error  # t, 5 degrees of freedom
    assert [row["gain"], row["gain_low"], row["gain_high"]] == pytest.approx(
        [0.5, 0.5 - half, 0.5 + half], abs=1e-6
    )


def test_the_gain_of_several_seeds_is_that_of_their_mean():
    runs = [scores([0.2] * 3 + [0.4] * 3), scores([0.4] * 3 + [0.2] * 3, seed=1)]
    table = pl.concat([*runs, uniform([0.6] * 6)])
    found = gain_rows(table, EVALUATION, ["js"]).filter(method="sft")
    assert found["gain"].item() == pytest.approx(0.5)
    without = gain_rows(pl.concat(runs), EVALUATION, ["js"]).row(0, named=True)
    assert {without[f"gain{end}"] for end in ("", "_low", "_place")} == {None}
