"""Where answers lean, how many, and what training changed."""

import math

import numpy as np
import polars as pl
import pytest

from culturalign.data.survey.batteries import BATTERIES, battery_of
from culturalign.report.survey.leaning import (
    count_changes,
    count_nearer,
    nearer,
    own_minus_other,
    share_nearer,
)

PAIR = ("USA", "CHN")


def scored(**distances):
    """Question -> hybrid distances to the USA and to China, put into JS and EMD alike."""
    rows = [
        (question, country, math.sqrt(value), float(value), float(value))
        for question, pair in distances.items()
        for country, value in zip(PAIR, pair, strict=True)
    ]
    names = ["question", "country", "js", "js_divergence", "emd"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_an_answer_leans_to_the_country_it_is_nearer_to():
    found = nearer(scored(Q10=(0.4, 0.1), Q9=(0.2, 0.5), Q2=(0.3, 0.1 + 0.2)), PAIR)
    assert found["question"].to_list() == ["Q2", "Q9", "Q10"]
    assert found["nearer"].to_list() == ["tie", "USA", "CHN"]  # 0.1 + 0.2 is not 0.3 in floats
    assert found["bias"].to_list() == pytest.approx([0, 0.3, -0.3])
    assert found["to_first"].to_list() == pytest.approx([0.3, 0.2, 0.4])


def test_seeds_are_averaged_before_an_answer_leans():
    # one seed leans to China by 0.3, the other to the USA by 0.1: together to China
    both = pl.concat([scored(Q1=(0.4, 0.1)), scored(Q1=(0.2, 0.3))])
    found = nearer(both, PAIR)
    expected = "Q1", pytest.approx(0.3), pytest.approx(0.2), pytest.approx(-0.1), "CHN"
    assert found.rows() == [expected]


def test_both_countries_are_needed():
    one = scored(Q1=(0.4, 0.1))
    for table in (one.head(1), pl.concat([one, scored(Q2=(0.4, 0.1)).head(1)])):
        with pytest.raises(ValueError, match="distances to both"):
            nearer(table, PAIR)


def test_leanings_are_counted_with_ties_apart():
    found = nearer(scored(Q1=(0.4, 0.1), Q2=(0.2, 0.5), Q3=(0.3, 0.3), Q4=(0.5, 0.2)), PAIR)
    assert count_nearer(found, "USA")["count"] == 1
    assert count_nearer(found, "CHN") == {"n": 4, "count": 2, "ties": 1}
    assert count_nearer(found.clear(), "CHN") == {"n": 0, "count": 0, "ties": 0}


def test_a_share_has_an_interval_over_batteries_and_runs():
    """Of 20 questions 8: each a battery, and in ten batteries of two that lean alike."""
    alone = share_nearer(leaned(*["CHN"] * 8, *["USA"] * 12), "CHN", 0.95)
    t, n = 2.0930, 19  # independent draws have variance p (1 - p) / 19 by the sample
    center = (0.4 + t * t / (2 * n)) / (1 + t * t / n)
    half = t * math.sqrt(0.24 / n + t * t / (4 * n * n)) / (1 + t * t / n)
    assert (alone.mean, alone.low, alone.high) == pytest.approx(
        (0.4, center - half, center + half), abs=1e-4
    )
    names = [f"Q{first + i}" for first, _ in BATTERIES[:10] for i in (0, 1)]
    pairs = leaned(*["CHN"] * 8, *["USA"] * 12).with_columns(question=pl.Series(names))
    assert share_nearer(pairs, "CHN", 0.95).clusters == 10
    assert share_nearer(pairs, "CHN", 0.95).low < alone.low - 0.03
    runs = [leaned(*["CHN"] * k, *["USA"] * (20 - k)).with_columns(seed=pl.lit(i, pl.Int64))
            for i, k in enumerate((5, 8, 11))]  # fmt: skip
    several = share_nearer(pl.concat(runs), "CHN", 0.95)
    assert several.mean == pytest.approx(0.4) and several.low < alone.low
    assert share_nearer(leaned(), "CHN", 0.95) is None


@pytest.mark.parametrize(("batteries", "least"), [(10, 0.9), (20, 0.93), (36, 0.93)])
def test_the_interval_of_a_share_covers_it(batteries, least):
    """800 samples: 1.5 points of chance. Batteries of up to four questions lean alike in part; as
    counts of few answers, shares may be covered more often."""
    rng, covered = np.random.default_rng(batteries), []
    names = [f"Q{first + i}" for first, last in BATTERIES[: batteries // 2]
             for i in range(min(last - first + 1, 4))]  # fmt: skip
    names += [f"Q{260 + i}" for i in range(batteries - batteries // 2)]
    owner = np.unique([battery_of(name) for name in names], return_inverse=True)[1]
    for _ in range(800):
        z = 0.3**0.5 * rng.normal(size=batteries)[owner] + 0.7**0.5 * rng.normal(size=len(names))
        sides = np.where(z < 0.5, "CHN", "USA").tolist()  # 0.6915 of them
        table = pl.DataFrame({"question": names, "nearer": sides, "seed": [None] * len(names)})
        found = share_nearer(table, "CHN", 0.95)
        covered.append(found.low <= 0.69146 <= found.high)
    assert least - 0.015 <= np.mean(covered) <= 0.985


def test_changes_count_questions_that_came_or_went():
    before = nearer(scored(Q1=(2, 1), Q2=(1, 2), Q3=(1, 2), Q4=(1, 1)), PAIR)
    after = nearer(scored(Q1=(1, 2), Q2=(2, 1), Q3=(1, 2), Q4=(2, 1)), PAIR)
    # Q1 left China; Q2 and the tie Q4 came to it
    assert count_changes(before, after, "CHN") == {"gained": 2, "lost": 1}
    assert count_changes(before, after, "USA")["gained"] == 1
    with pytest.raises(ValueError, match="same questions"):
        count_changes(before, after.head(3), "CHN")


def leaned(*sides):
    questions = [f"Q{260 + i}" for i in range(len(sides))]
    table = pl.DataFrame({"question": questions, "nearer": sides})
    return table.with_columns(seed=pl.lit(None, pl.Int64))


def test_own_minus_other_is_a_difference_of_shares_over_batteries():
    """Ten questions, each a battery: own 8 of 10 to China, the others 3 and 5 of 10."""
    own = leaned(*["CHN"] * 8, *["USA"] * 2)
    others = [leaned(*["CHN"] * 3, *["USA"] * 7), leaned(*["CHN"] * 5, "tie", *["USA"] * 4)]
    found = own_minus_other(own, others, "CHN", 0.95)
    assert found.mean == pytest.approx(0.8 - 0.4)
    assert found.n == found.clusters == 10
    # differences: 0 three times, 0.5 twice, 1 three times, 0 twice: sd 0.4595, t of 9 is 2.262
    assert found.high - found.mean == pytest.approx(2.262 * 0.4595 / 10**0.5, abs=0.001)
    assert own_minus_other(own, [], "CHN", 0.95) is None


def test_runs_widen_own_minus_other():
    """Two runs lean in 9 and 3 of 12 questions, the other arm in none."""
    runs = [leaned(*["CHN"] * k, *["USA"] * (12 - k)).with_columns(seed=pl.lit(i, pl.Int64))
            for i, k in enumerate((9, 3))]  # fmt: skip
    found = own_minus_other(pl.concat(runs), [leaned(*["USA"] * 12)], "CHN", 0.95)
    assert (found.mean, found.runs) == (0.5, 2)
    # between runs alone: means .75 and .25, sd .354, over two runs
    assert found.high - found.mean > 1.96 * 0.354 / 2**0.5
