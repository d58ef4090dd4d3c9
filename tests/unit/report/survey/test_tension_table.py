"""The tension counts, from frames small enough to work out by hand."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.tension_table import tension_rows, write_tension
from tests.unit.report.survey.arms import LABELS, NATIONS, PAIR, answers, human, references, scores

TARGETS = {"us": "USA", "cn": "CHN"}
TENSION = pl.DataFrame({"question": ["Q149", "Q165", "Q168", "Q77"]})


def tension(evaluation=Evaluation(resamples=100), **arguments):  # noqa: B008
    return tension_rows(
        scores(),
        references(),
        answers(),
        human(),
        TENSION,
        PAIR,
        TARGETS,
        LABELS,
        NATIONS,
        evaluation=evaluation,
        **arguments,
    )


def test_leanings_are_counted_over_the_questions_that_were_answered_and_fidelity_over_all_too():
    found = tension()
    vanilla, sft, big, uniform, *_ = found.filter(scoring="plain").rows(named=True)
    assert (vanilla["n"], vanilla["of"], vanilla["missing"]) == (3, 4, "Q77")
    # vanilla: Q149 as the USA; Q165 .4 is nearer .2 than .8; Q168 .7 nearer .6 than .1
    assert (vanilla["first"], vanilla["second"], vanilla["ties"]) == (2, 1, 0)
    # trained: all near China
    assert (sft["first"], sft["second"], sft["ties"]) == (0, 3, 0)
    assert (sft["target"], sft["gained"], sft["lost"]) == ("CHN", 2, 0)
    assert sft["changed_p"] is None  # three questions are too few for a test
    # the big model: .5 lies in the middle of .8 and .2 only
    assert (big["first"], big["second"], big["ties"]) == (1, 1, 1)
    assert big["gained"] is None
    # the uniform answer is the big model's
    assert (uniform["M Type"], uniform["first"], uniform["second"]) == ("Uniform answer", 1, 1)
    assert vanilla["tension_pearson"] is None
    # fidelity is given for the tension set and for all
    assert (sft["tension_n"], sft["all_n"]) == (3, 5)
    assert 0 < sft["tension_pearson"] <= 1
    # Q9 moved most where people do not differ
    assert sft["all_pearson"] < sft["tension_pearson"]


def test_tension_counts_are_written_with_n_and_intervals(written):
    header, rows, _ = written(write_tension, tension(), ["US", "China"])
    assert "nearer China" in header
    assert "2" in rows[0] and "3 of 4" in rows[0]  # three batteries give no interval


@pytest.mark.parametrize(("least", "shown"), [(0.5, "0.900"), (0.95, "0.900‡")])
def test_the_mass_of_the_labels_stands_beside_the_counts(written, least, shown):
    evaluation = Evaluation(resamples=100, least_mass=least)
    header, (vanilla, *_, people), table = written(write_tension, tension(evaluation), list("ab"))
    assert vanilla[header.index("mass")] == shown and people[header.index("mass")] == "-"
    assert table["low_mass"][0] is (least > 0.9)


def test_a_tension_set_without_answers_makes_an_empty_table(written):
    none = pl.DataFrame({"question": ["Q77"]})
    found = tension_rows(
        scores(),
        references(),
        answers(),
        human(),
        none,
        PAIR,
        TARGETS,
        LABELS,
        NATIONS,
        evaluation=Evaluation(),
    )
    assert found.is_empty()
    assert written(write_tension, found, ["US", "China"])[1] == []


def test_what_the_own_culture_adds_stands_beside_counts_and_shifts(written):
    """The adapter of the US answers as vanilla does, so that it moved nothing."""
    swapped = {"culture": pl.lit("us"), "method": pl.lit("sft@us"), "seed": pl.lit(0, pl.Int64)}
    both = [
        pl.concat([each, each.filter(model="qwen", method="vanilla").with_columns(**swapped)])
        for each in (scores(), answers())
    ]
    labels = LABELS | {"methods": LABELS["methods"] | {"sft@us": "SFT, US"}}
    rows = tension_rows(
        both[0], references(), both[1], human(), TENSION, PAIR, TARGETS, labels, NATIONS,
        evaluation=Evaluation(resamples=100),
    )  # fmt: skip
    sft, other = (rows.filter(scoring="plain", method=x).row(0, named=True) for x in METHODS)
    assert sft["own"] == pytest.approx((3 - 1) / 3)
    # a shift of nothing has no correlation, so that there is none to subtract
    assert sft["all_pearson"] is not None and sft["all_pearson_own"] is None
    # three questions are too few for a test
    assert (sft["beats"], sft["fails"], sft["star"]) == (
        "",
        "vanilla, uniform, by_place, sft@us",
        False,
    )
    assert other["target"] == "USA" and other["star"] is None and other["own"] is None
    header, shown, _ = written(write_tension, rows, ["US", "China"])
    assert {"own − other", "the same, own − other"} < set(header)
    # each arm's gains are toward the country it was trained on, whatever the table is of
    toward = {line[0]: line[header.index("toward")] for line in shown}
    assert toward["SFT"] == "China" and toward["SFT, US"] == "US" and toward["Vanilla"] == "-"
    assert "nothing. Not: Vanilla; Uniform answer; Average by place; SFT, US" in shown[1]
    assert "own − other" not in written(write_tension, tension(), ["US", "China"])[0]


def test_what_flattening_leaves_at_0_is_no_number(written):
    """Where uniform answers are best, a 0 with an interval would be a result that is none."""
    sft = tension().filter(method="sft").head(1)
    shown = {}
    for own, before in ((True, True), (True, False), (False, True)):
        flat = sft.with_columns(
            tempered_flat=pl.lit(own), tempered_flat_vanilla=pl.lit(before),
            tempered_gain=0.25, tempered_difference=0.5,
        )  # fmt: skip
        header, (line,), _ = written(write_tension, flat, ["US", "China"])
        cells = dict(zip(header, line, strict=True))
        shown[own, before] = [cells[name] for name in header if "temperature" in name]
    none = "none, best uniform"
    assert shown[True, True] == [none, none] and shown[True, False] == ["0.500", none]
    assert shown[False, True] == ["0.500", "0.250"]


METHODS = ("sft", "sft@us")
