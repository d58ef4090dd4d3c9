"""Every check in both directions, on tables worked out by hand."""

import csv
import math
from pathlib import Path

import polars as pl
import pytest

from culturalign.report.claims import checks as checks
from culturalign.report.claims.cells import Untestable

PAPER = Path(__file__).resolve().parents[4] / "resources/paper/generation.csv"


def means(**rows):
    """Arm -> mean, low, high."""
    return pl.DataFrame(
        [(arm, *row) for arm, row in rows.items()],
        schema=["arm", "mean", "low", "high"],
        orient="row",
    )


def cell(arm, **more):
    return {"table": "t", "where": {"arm": arm}, **more}


def test_an_interval_must_lie_wholly_on_its_side():
    tables = {
        "t": means(up=(0.2, 0.1, 0.3), near=(0.2, 3e-18, 0.4), down=(-0.2, -0.3, -0.1)),
    }

    def holds(arm, *side):
        return checks.interval(tables, cell(arm), *side).holds

    assert holds("up", "above") and not holds("up", "below")
    assert holds("down", "below") and not holds("down", "above")
    assert not holds("near", "above")  # zero but for rounding
    assert holds("up", "above", 0.05) and not holds("up", "above", 0.1)
    assert holds("up", "below", 0.31) and not holds("up", "below", 0.3)
    assert checks.interval(tables, cell("up"), "above").text == "0.200 [0.100, 0.300]"


def test_the_text_of_a_difference_has_signs_and_that_of_a_share_its_n():
    tables = {
        "t": means(a=(0.5, 0.5, 0.5), b=(0.2, 0.2, 0.2)),
        "c": pl.DataFrame({"arm": ["a"], "first": [10], "n": [14]}),
    }
    found = checks.interval(tables, cell("a", minus=cell("b")), "above")
    assert found.text == "+0.300 [+0.300, +0.300]"
    share = {"table": "c", "where": {}, "count": "first", "of": "n"}
    lean = checks.interval(tables, share, "above", 0.5)
    assert lean.text.endswith(", n = 14")
    assert not lean.holds  # 10 of 14 is 71 %, but the exact interval begins at 42 %


def test_gains_of_the_papers_tables_are_the_abstracts():
    with PAPER.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    at5 = {(r["table"], r["M Type"], r["M Class"]): float(r["P@5"]) for r in rows}

    def gain(table, model, percent):
        pair = {arm: at5[table, arm, model] for arm in ("SFT", "Vanilla")}
        tables = {"t": means(**{arm: (x, x, x) for arm, x in pair.items()})}
        return checks.gain(tables, cell("SFT"), cell("Vanilla"), percent)

    assert gain("table1", "Llama", [16, 20]).text == "+16 [+16, +16] %"
    assert gain("table1", "Qwen", [16, 20]).text == "+20 [+20, +20] %"
    assert gain("table2", "Llama", [43, 165]).text == "+165 [+165, +165] %"
    assert gain("table2", "Qwen", [43, 165]).text == "+43 [+43, +43] %"
    assert gain("table1", "Qwen", [16, 20]).holds
    assert not gain("table1", "Qwen", [16, 19]).holds
    assert not gain("table1", "Llama", [17, 20]).holds


def test_a_gain_whose_interval_reaches_zero_does_not_hold():
    tables = {"t": means(a=(0.6, 0.4, 0.8), b=(0.5, 0.3, 0.7), zero=(0.0, 0.0, 0.0))}
    found = checks.gain(tables, cell("a"), cell("b"), [10, 30])
    assert round(found.value) == 20 and found.low < 0 and not found.holds
    # log(0.6/0.5) - sqrt(log(0.6/0.4)^2 + log(0.7/0.5)^2)
    down = math.log(1.2) - math.hypot(math.log(1.5), math.log(1.4))
    assert found.low == pytest.approx(100 * (math.exp(down) - 1))
    with pytest.raises(Untestable, match="a mean is 0"):
        checks.gain(tables, cell("a"), cell("zero"), [0, 100])


def test_a_gain_over_what_may_be_nothing_has_no_upper_end():
    tables = {"t": means(a=(0.6, 0.5, 0.7), b=(0.03, 0.0, 0.06))}
    found = checks.gain(tables, cell("a"), cell("b"), [1000, 3000])
    assert found.high == math.inf
    assert found.holds  # 1900 %; the lower end is far above 0


def table7(difference, p, star):
    return {
        "table7": pl.DataFrame(
            {
                "M Type": ["Vanilla", "SFT"],
                "js_difference": [None, difference],
                "js_p": [None, p],
                "js_p_holm": [None, min(4 * p, 1.0)],
                "js_star": [None, star],
                "js_n": [12, 12],
            }
        )
    }


def test_an_improvement_is_the_star_of_table_7():
    found = checks.improvement(table7(-0.05, 0.02, True), {"M Type": "SFT"}, "js")
    assert found.holds
    assert found.text == "-0.050, p 0.020, Holm's p 0.080, n = 12"
    assert not checks.improvement(table7(-0.05, 0.06, False), {"M Type": "SFT"}, "js").holds
    assert not checks.improvement(table7(0.05, 0.001, False), {"M Type": "SFT"}, "js").holds
    with pytest.raises(Untestable, match="js_difference is empty"):
        checks.improvement(table7(-0.05, 0.02, True), {"M Type": "Vanilla"}, "js")


def tension(*, first, second, gained, lost, p, n=50):
    """Vanilla and SFT; pairs are (before, after)."""
    return {
        "t": pl.DataFrame(
            {
                "arm": ["Vanilla", "SFT"],
                "n": [n, n],
                "of": [50, 50],
                "first": first,
                "second": second,
                "gained": [None, gained],
                "lost": [None, lost],
                "mcnemar_p": [None, p],
            }
        )
    }


ARMS = {"before": {"arm": "Vanilla"}, "after": {"arm": "SFT"}}


def test_counts_must_change_in_the_right_direction_and_significantly():
    risen = tension(first=[37, 25], second=[13, 25], gained=14, lost=2, p=0.004)

    def change(tables, **more):
        return checks.count_change(tables, "t", **ARMS, **more)

    found = change(risen, count="second", side="above")
    assert found.holds and found.value == 12
    assert found.text == "13 to 25 of 50, gained 14, lost 2, p 0.004"
    assert not change(risen, count="second", side="below").holds
    assert change(risen, count="first", side="below").holds
    weak = tension(first=[30, 26], second=[20, 24], gained=4, lost=0, p=0.125)
    assert not change(weak, count="second", side="above").holds


def test_a_factor_is_part_of_the_statement_and_needs_all_questions():
    def change(n, factor):
        tables = tension(first=[37, 25], second=[13, 25], gained=14, lost=2, p=0.004, n=n)
        return checks.count_change(tables, "t", **ARMS, count="second", side="above", factor=factor)

    assert change(50, [1.75, 2.25]).holds  # 25 / 13 = 1.92
    assert not change(50, [1.95, 2.25]).holds
    assert not change(50, [1.5, 1.9]).holds
    with pytest.raises(Untestable, match="only 14 of the 50 questions"):
        change(14, [1.75, 2.25])


def test_a_part_of_the_set_is_said():
    tables = tension(first=[9, 7], second=[5, 7], gained=2, lost=0, p=0.5, n=14)
    found = checks.count_change(tables, "t", **ARMS, count="second", side="above")
    assert found.text.startswith("5 to 7 of 14 (set of 50), ")


def test_the_papers_surplus_does_not_fall_by_a_third():
    def third(first, second, p):
        tables = tension(first=first, second=second, gained=9, lost=1, p=p)
        return checks.surplus(tables, "t", **ARMS, percent=[28, 38])

    paper = third([30, 26], [20, 24], 0.01)
    assert paper.text.startswith("10 to 2: -80 %") and not paper.holds
    assert third([34, 31], [16, 19], 0.01).holds  # 18 to 12: a third
    assert not third([34, 31], [16, 19], 0.2).holds
    assert not third([31, 34], [19, 16], 0.01).holds  # it rises
    with pytest.raises(Untestable, match="no surplus"):
        third([20, 10], [30, 40], 0.01)


def test_single_questions_are_compared_without_interval():
    tables = {
        "table14": pl.DataFrame({"question": ["Q168", "Q9"], "a": [0.4, 0.1], "b": [0.1, 0.1]})
    }
    found = checks.shrinks(tables, "table14", {"question": "Q168"}, "a", "b")
    assert found.holds and found.text == "0.400 to 0.100" and found.low is None
    assert not checks.shrinks(tables, "table14", {"question": "Q168"}, "b", "a").holds
    assert not checks.shrinks(tables, "table14", {"question": "Q9"}, "a", "b").holds  # equal


def test_an_answer_comes_closer_in_js():
    shares = {"before": (1.0, 0.0), "after": (0.5, 0.5), "people": (0.0, 1.0)}
    rows = [("Q149", who, c, x) for who, pair in shares.items() for c, x in enumerate(pair)]
    names = ["question", "who", "code", "share"]
    tables = {"table8": pl.DataFrame(rows, schema=names, orient="row").sort("share")}
    found = checks.closer(tables, "Q149", "before", "after", "people")
    # nothing in common: sqrt(ln 2); half: sqrt((ln(2)/2 + ln(2/3)/2 + ln(4/3))/2) = 0.46450
    assert found.text == "0.833 to 0.465"
    assert found.holds
    assert not checks.closer(tables, "Q149", "after", "before", "people").holds
    with pytest.raises(Untestable, match="table8 has no rows Q9, before"):
        checks.closer(tables, "Q9", "before", "after", "people")


AGAINST_HUMANS = {
    "difference": 0.05, "difference_low": -0.01, "difference_high": 0.11, "p": 0.2,
    "p_equivalence": 0.01, "margin": 0.2, "level": 0.05, "n_pairs": 120,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "human", "different"),
    [
        ({}, True, False),
        ({"p": 0.01}, True, True),  # different, but within the margin
        ({"p_equivalence": 0.3}, False, False),  # not significant is not equal
        ({"p": 0.001, "p_equivalence": 0.9}, False, True),
    ],
)
def test_human_level_needs_equivalence_and_a_difference_wilcoxons_p(changes, human, different):
    tables = {"t": pl.DataFrame([{"arm": "a", **AGAINST_HUMANS, **changes}])}
    found = checks.human_level(tables, "t", {"arm": "a"})
    assert found.holds == human
    assert checks.differs(tables, "t", {"arm": "a"}).holds == different
    assert found.text.startswith("+0.050 [-0.010, +0.110], Wilcoxon p ")
    assert found.text.endswith("(±0.2), n = 120")


def test_an_amount_must_be_in_the_range_and_away_from_zero():
    tables = {"t": means(up=(0.204, 0.1, 0.3), wide=(0.2, -0.1, 0.5), small=(0.167, 0.1, 0.2))}
    held = {a: checks.amount(tables, cell(a), [0.2, 0.21]).holds for a in ("up", "wide", "small")}
    assert held == {"up": True, "wide": False, "small": False}
    low = {"t": means(below=(-0.108, -0.2, -0.05))}
    assert checks.amount(low, cell("below"), [-0.11, -0.06]).holds


def test_attributes_without_norms_are_untestable():
    tables = {"t": pl.DataFrame([{"arm": "a", "p_equivalence": None, "level": 0.05}])}
    with pytest.raises(Untestable, match="p_equivalence is empty"):
        checks.human_level(tables, "t", {"arm": "a"})
    with pytest.raises(Untestable, match="t has no rows b"):
        checks.human_level(tables, "t", {"arm": "b"})


def test_sizes_count_different_values():
    tables = {"survey_questions": pl.DataFrame({"topic": ["a", "b", "b"]})}
    assert checks.size(tables, "survey_questions", "topic", 2).holds
    assert not checks.size(tables, "survey_questions", "topic", 3).holds
    with pytest.raises(Untestable, match="has no question"):
        checks.size(tables, "survey_questions", "question", 3)


def test_untested_says_why():
    with pytest.raises(Untestable, match="needs table 5"):
        checks.untested({}, "needs table 5")
