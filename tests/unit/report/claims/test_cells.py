"""Cells of result tables and their differences, worked out by hand."""

import polars as pl
import pytest
from scipy.stats import binomtest

from culturalign.report.claims.cells import Estimate, Untestable, difference, estimate, row_of

TABLES = {
    "table1": pl.DataFrame(
        {
            "M Class": ["Llama", "Llama", "Qwen"],
            "k": [5, 10, 5],
            "mean": [0.5, 0.4, 0.2],
            "low": [0.4, 0.3, 0.17],
            "high": [0.6, 0.5, 0.24],
        }
    ),
    "fig2": pl.DataFrame({"threshold": [0.1 + 0.2, 0.4], "share": [0.5, 1.0], "n": [10, 10]}),
    "tension": pl.DataFrame({"arm": ["a", "b"], "second": [13, 0], "n": [50, 0]}),
    "table7": pl.DataFrame({"arm": ["a"], "js": [0.3], "js_low": [0.2], "js_high": [0.4]}),
    "empty": pl.DataFrame(schema={"model": pl.String}),
}  # fmt: skip


def cell(model, k, **more):
    return {"table": "table1", "where": {"M Class": model, "k": k}, **more}


def test_a_mean_has_its_interval_beside_it():
    assert estimate(TABLES, cell("Llama", 10)) == (0.4, 0.3, 0.5)
    assert estimate(TABLES, cell("Llama", "10")) == (0.4, 0.3, 0.5)  # as filled in from text
    named = {"table": "table7", "where": {"arm": "a"}, "value": "js"}
    assert estimate(TABLES, named) == (0.3, 0.2, 0.4)


def test_a_share_has_the_exact_interval():
    where = {"threshold": "0.3"}  # 0.1 + 0.2 is not 0.3 for a computer
    found = estimate(TABLES, {"table": "fig2", "where": where, "share": "share", "of": "n"})
    assert found == pytest.approx((0.5, 0.187, 0.813), abs=0.001)  # Clopper and Pearson, 5 of 10
    counted = {"table": "tension", "where": {"arm": "a"}, "count": "second", "of": "n"}
    assert estimate(TABLES, counted) == pytest.approx((0.26, 0.146, 0.403), abs=0.001)


def test_a_difference_takes_both_intervals():
    found = estimate(TABLES, cell("Llama", 5, minus=cell("Qwen", 5)))
    # down: sqrt(0.1^2 + 0.04^2), up: sqrt(0.1^2 + 0.03^2)
    assert found == pytest.approx((0.3, 0.3 - 0.107703, 0.3 + 0.104403), abs=1e-6)


def test_minus_can_be_nested():
    inner = cell("Llama", 10, minus=cell("Qwen", 5))  # 0.2
    assert estimate(TABLES, cell("Llama", 5, minus=inner)).value == pytest.approx(0.3)


def test_differences_of_shares_are_newcombes():
    """Newcombe (1998), table II, example a, method 10: 56/70 and 48/80."""
    parts = []
    for count, n in ((56, 70), (48, 80)):
        wilson = binomtest(count, n).proportion_ci(method="wilson")
        parts.append(Estimate(count / n, wilson.low, wilson.high))
    assert difference(*parts) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (lambda: row_of(TABLES, "table3", {}), "table3 is not built"),
        (lambda: row_of(TABLES, "table1", {"M Type": "SFT"}), "table1 has no M Type"),
        (lambda: row_of(TABLES, "table1", {"M Class": "Gemma", "k": 5}), "no rows Gemma, 5"),
        (lambda: row_of(TABLES, "table1", {"M Class": "Llama"}), "2 rows Llama"),
        (lambda: row_of(TABLES, "empty", {"k": 5}), "empty has no k"),
        (lambda: estimate(TABLES, {"table": "table7", "where": {}, "value": "emd"}), "emd is emp"),
        (
            lambda: estimate(
                TABLES, {"table": "tension", "where": {"arm": "b"}, "count": "second", "of": "n"}
            ),
            "without questions",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_untestable_and_said(found, reason):
    with pytest.raises(Untestable, match=reason):
        found()
