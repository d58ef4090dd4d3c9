"""Cells of result tables, their differences, and what they show, worked out by hand."""

import csv
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from culturalign.report.claims import cells
from culturalign.report.claims.cells import Estimate, Untestable, mean_of, row_of
from culturalign.report.claims.findings import above, below, gain, within
from culturalign.report.claims.verdicts import judge
from culturalign.stats.intervals import mean_interval

PAPER = Path(__file__).resolve().parents[4] / "resources/paper/generation.csv"
TABLES = {
    "table1": pl.DataFrame(
        {"M Class": ["Llama", "Llama", "Qwen"], "k": [5, 10, 5], "mean": [0.5, 0.4, 0.2],
         "low": [0.4, 0.3, 0.17], "high": [0.6, 0.5, 0.24]}
    ),
    "table7": pl.DataFrame({"minus": ["a"], "js": [0.3], "js_low": [0.2], "js_high": [0.4]}),
    "empty": pl.DataFrame(schema={"model": pl.String}),
}  # fmt: skip


def test_a_mean_has_its_interval_next_to_it():
    found = mean_of(TABLES, "table1", {"M Class": "Llama", "k": 10})
    assert found[:3] == (0.4, 0.3, 0.5) and str(found) == "0.400 [0.300, 0.500]"
    paired = mean_of(TABLES, "table7", {"minus": "a"}, "js")
    assert str(paired) == "+0.300 [+0.200, +0.400]"
    tables = {"t": pl.DataFrame({"bound": [0.1 + 0.2, 0.4], "x": [1, 2]})}
    assert row_of(tables, "t", {"bound": 0.3})["x"] == 1  # numbers are found despite rounding


@pytest.mark.parametrize("n", [10, 20, 40])
def test_a_difference_of_independent_means_covers_the_truth(n):
    """1,000 samples: 1.4 points of chance; scores between 0 and 1, of n and of 2 n units."""
    rng, covered = np.random.default_rng(n), 0
    for _ in range(1000):
        means = [
            mean_interval(rng.beta(*shape, size), confidence=0.95, bounds=(0, 1))
            for shape, size in (((4, 2), n), ((1, 4), 2 * n))
        ]
        found = cells.difference(*(Estimate(x.mean, x.low, x.high) for x in means))
        covered += found.low <= 2 / 3 - 1 / 5 <= found.high
    assert (0.9 if n == 10 else 0.93) - 0.014 <= covered / 1000 <= 0.97 + 0.014


def test_a_difference_takes_both_intervals():
    found = cells.difference(Estimate(0.5, 0.4, 0.6), Estimate(0.2, 0.17, 0.24))
    # down: sqrt(0.1^2 + 0.04^2), up: sqrt(0.1^2 + 0.03^2)
    assert found[:3] == pytest.approx((0.3, 0.3 - 0.107703, 0.3 + 0.104403), abs=1e-6)
    # of shares it is that of Newcombe (1998), table II, example a, method 10: 56/70 and 48/80
    parts = []
    for count, n in ((56, 70), (48, 80)):
        wilson = binomtest(count, n).proportion_ci(method="wilson")
        parts.append(Estimate(count / n, wilson.low, wilson.high))
    assert cells.difference(*parts)[:3] == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (lambda: row_of(TABLES, "table3", {}), "table3 is not built"),
        (lambda: row_of(TABLES, "table1", {"M Type": "SFT"}), "table1 has no M Type"),
        (lambda: row_of(TABLES, "table1", {"M Class": "Gemma", "k": 5}), "no rows Gemma, 5"),
        (lambda: row_of(TABLES, "table1", {"M Class": "Llama"}), "2 rows Llama"),
        (lambda: row_of(TABLES, "empty", {"k": 5}), "empty has no k"),
        (lambda: mean_of(TABLES, "table7", {}, "emd"), "emd is empty"),
    ],
)
def test_missing_cells_are_untestable_with_the_reason(found, reason):
    with pytest.raises(Untestable, match=reason):
        found()


UP, ZERO, DOWN = Estimate(0.2, 0.1, 0.3), Estimate(0.2, 3e-18, 0.4), Estimate(-0.2, -0.3, -0.1)
YES, NO, OPEN = "supported", "contradicted", "undecided"


def state(finding):
    return judge({"": finding}, 0.95).state


@pytest.mark.parametrize(
    ("finding", "status"),
    [
        (above(UP), YES), (below(UP), NO), (below(DOWN), YES), (above(DOWN), NO),
        (above(ZERO), OPEN),  # zero but for rounding
        (above(UP, 0.05), YES), (above(UP, 0.1), OPEN),
        (above(UP, 0.3), OPEN), (above(UP, 0.31), NO),
        (below(UP, 0.31), YES), (below(UP, 0.3), OPEN),
        (within(Estimate(0.204, 0.1, 0.3), 0.20, 0.21), YES),
        (within(Estimate(0.204, -0.1, 0.5), 0.20, 0.21), OPEN),  # may be nothing
        (within(Estimate(0.167, 0.1, 0.2), 0.20, 0.21), OPEN),
        (within(Estimate(0.167, 0.1, 0.19), 0.20, 0.21), NO),  # less than 0.195
        (within(Estimate(0.3, 0.22, 0.4), 0.20, 0.21), NO),
        (within(Estimate(-0.108, -0.2, -0.05), -0.11, -0.06), YES),
        (within(Estimate(-0.03, -0.05, -0.01), -0.11, -0.06), NO),
    ],
)  # fmt: skip
def test_an_interval_must_lie_wholly_on_its_side(finding, status):
    assert state(finding) == status


@pytest.mark.parametrize(
    ("table", "model", "least", "most", "text", "holds"),
    [
        ("table1", "Llama", 16, 20, "+16 [+16, +16] %", True),
        ("table1", "Llama", 17, 20, "+16 [+16, +16] %", False),
        ("table1", "Qwen", 16, 20, "+20 [+20, +20] %", True),
        ("table1", "Qwen", 16, 19, "+20 [+20, +20] %", False),
        ("table2", "Llama", 43, 165, "+165 [+165, +165] %", True),
        ("table2", "Qwen", 43, 165, "+43 [+43, +43] %", True),
    ],
)
def test_gains_of_the_papers_tables_are_the_abstracts(table, model, least, most, text, holds):
    with PAPER.open(encoding="utf-8") as file:
        at5 = {(r["table"], r["M Type"], r["M Class"]): float(r["P@5"])
               for r in csv.DictReader(file) if r["source"] == "submission"}  # fmt: skip
    sft, vanilla = (Estimate(*[at5[table, arm, model]] * 3) for arm in ("SFT", "Vanilla"))
    found = gain(sft, vanilla, least, most)
    assert (found.text, found.fits) == (text, holds)


def test_a_gain_whose_interval_reaches_zero_does_not_hold():
    first, second = Estimate(0.6, 0.4, 0.8), Estimate(0.5, 0.3, 0.7)
    found = gain(first, second, 10, 30)
    assert round(found.value) == 20 and found.low < 0 and state(found) == OPEN
    # log(0.6/0.5) - sqrt(log(0.6/0.4)^2 + log(0.7/0.5)^2)
    down = math.log(1.2) - math.hypot(math.log(1.5), math.log(1.4))
    assert found.low == pytest.approx(100 * (math.exp(down) - 1))
    with pytest.raises(Untestable, match="a mean is 0"):
        gain(first, Estimate(0.0, 0.0, 0.0), 0, 100)

    # over a mean that may be zero it has no upper end
    found = gain(Estimate(0.6, 0.5, 0.7), Estimate(0.03, 0.0, 0.06), 1000, 3000)
    assert found.high == math.inf
    assert state(found) == YES  # 1900 %; the lower end is far above 0
