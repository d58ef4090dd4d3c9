"""Table 7, from frames small enough to work out by hand."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.value_tables import value_rows, write_values
from tests.unit.report.survey.arms import ENGINES, LABELS, NATIONS, references, scores

EVALUATION = Evaluation(resamples=200)


@pytest.fixture(scope="module")
def found():
    return value_rows(scores(), EVALUATION, LABELS, NATIONS, references())


def test_values_have_a_row_a_nation_scoring_and_arm_in_the_order_of_the_paper(found):
    block = [("Vanilla", "Qwen", "-"), ("SFT", "Qwen", "ZH"), ("Vanilla", "Qwen 72B", "-")]
    arms = found.filter(pl.col("model") != "-")
    assert arms.select("M Type", "M Class", "SWOW").rows() == block * 4
    assert found["Nation"].to_list() == ["US"] * 17 + ["China"] * 17
    assert found["scoring"].to_list() == (["plain"] * 9 + ["debiased"] * 8) * 2


def test_zero_knowledge_stands_below_the_arms_and_knows_no_one_of_the_nation(found):
    rows = found.filter(country="CHN", scoring="plain")[3:]
    assert rows["M Type"].to_list() == [
        "Uniform answer", "Always the first option", "Average by place", "Commonest answer, US",
        "People, US", "Sample of the people",
    ]  # fmt: skip
    # |share - China|, China .3 .2 .1 .5 .4; people of the US .8 .8 .6 .5 .7
    assert rows["emd"][0] == pytest.approx((0.2 + 0.3 + 0.4 + 0 + 0.1) / 5)
    assert rows["emd"][1] == pytest.approx((0.7 + 0.8 + 0.9 + 0.5 + 0.6) / 5)
    # yes of both countries to the four other questions, of 4.9 in all: .475 .4875 .525 .4875 .475
    assert rows["emd"][2] == pytest.approx((0.175 + 0.2875 + 0.425 + 0.0125 + 0.075) / 5)
    # US: most say yes, and as many say yes as no to Q9, where the first option counts
    assert rows["emd"][3] == rows["emd"][1]
    assert rows["emd"][4] == pytest.approx((0.5 + 0.6 + 0.5 + 0 + 0.3) / 5)
    assert 0 < rows["emd"][5] < 0.06
    assert rows["emd_gain"][:2].to_list() == pytest.approx([0, 1 - 3.5 / 1])
    assert rows["emd_gain_place"][:2].to_list() == pytest.approx([1 - 1 / 0.975, 1 - 3.5 / 0.975])
    assert rows["js_star"].null_count() == 6


def test_values_are_means_over_questions_and_seeds(found):
    vanilla, sft, *_ = found.filter(country="CHN", scoring="plain").rows(named=True)
    # |share - China|: .5 .2 .6 .4 .1; trained, mean of seeds: .1 .1 (.2 + 0)/2 .4 .1
    measures = [sft["emd"], sft["emd_ordinal"], sft["emd_difference"]]
    assert [vanilla["emd"], *measures] == pytest.approx([0.36, 0.16, 0.16, -0.2])
    assert (sft["emd_n"], sft["mass"], sft["order_effect"]) == (5, 0.9, 0.1)
    # three of five differences are not zero: too few for an interval, or a star
    assert (sft["emd_difference_low"], sft["emd_star"]) == (None, False)
    assert (vanilla["emd_p"], vanilla["emd_star"]) == (None, None)
    assert vanilla["emd_gain"] == pytest.approx(1 - 0.36 / 0.2)  # uniform: see above
    assert (sft["emd_beats"], sft["emd_fails"]) == ("", "vanilla, uniform, by_place")


def test_a_larger_model_may_be_compared_with_a_smaller(found):
    larger = value_rows(scores(), EVALUATION, LABELS, NATIONS, references(), {"big": "qwen"})
    assert larger.filter(model="big")["js_difference"].null_count() == 0
    turned = value_rows(scores(), EVALUATION, LABELS, NATIONS, references(), {"qwen": "big"})
    own = found.filter(method="sft")
    # trained arms keep their own vanilla
    assert turned.filter(method="sft")["js_difference"].to_list() == own["js_difference"].to_list()
    assert turned.filter(model="qwen", method="vanilla")["js_difference"].null_count() == 0


def test_table_7_is_written_with_stars_and_corrected_p(found, written):
    ends = {"js_star": pl.col("method") == "sft", "js_low": pl.lit(0.0), "js_high": pl.lit(1.0)}
    rows = found.with_columns(**ends)
    header, (vanilla, sft, *rest), numbers = written(write_values, rows, ENGINES)
    assert "]*" in " ".join(sft) and "]*" not in " ".join(vanilla)
    assert vanilla[header.index("questions")] == "5"
    missed = "nothing. Not: Vanilla; Uniform answer; Average by place"
    assert sft[header.index("JS beats")] == missed
    assert len(rest) + 2 == len(numbers) == 34


@pytest.mark.parametrize(
    ("measure", "heading", "cell"),
    [("order_effect", "order effect", "-"), ("emd_ordinal", "EMD, ordinal", "- (n=0)")],
)
def test_what_was_not_measured_is_a_dash(written, measure, heading, cell):
    nothing = pl.lit(None, pl.Float64).alias(measure)
    without, known = (table.with_columns(nothing) for table in (scores(), references()))
    rows = value_rows(without, EVALUATION, LABELS, NATIONS, known)
    header, shown, _ = written(write_values, rows, ENGINES)
    assert {row[header.index(heading)] for row in shown} == {cell}


def test_questions_with_lost_labels_are_counted_where_there_are_any(found, written):
    column = "questions with lost labels"
    assert column not in written(write_values, found, ENGINES)[0]
    lost = ENGINES.with_columns(lost=pl.when(model="big").then(49).otherwise(0))
    header, rows, _ = written(write_values, found, lost)
    assert [row[header.index(column)] for row in rows[:3]] == ["0", "0", "49"]


def test_a_table_of_several_engines_names_them(found, written):
    assert "engine" not in written(write_values, found, ENGINES)[0]
    big = pl.when(model="big").then(pl.lit("vllm 0.32.0")).otherwise("engine")
    engines = ENGINES.with_columns(engine=big)
    header, rows, table = written(write_values, found, engines)
    assert header[-1] == "engine"
    assert [row[-1] for row in rows[:3]] == ["hf", "hf", "vllm 0.32.0"]
    assert table["engine"].to_list()[:3] == ["hf", "hf", "vllm 0.32.0"]
    assert set(table.filter(pl.col("model") != "-")["dtype"]) == {"torch.bfloat16"}


def test_a_table_without_answers_that_are_not_firm():
    """Vanilla answers Q149 with little mass, and Q9 as the order has it."""
    vanilla, q149, q9 = (
        pl.col("method") == "vanilla",
        *(pl.col("question") == q for q in ("Q149", "Q9")),
    )
    table = scores().with_columns(
        mass=pl.when(vanilla & q149).then(0.49).otherwise("mass"),
        order_effect=pl.when(vanilla & q9).then(0.21).otherwise("order_effect"),
    )
    rows = value_rows(table, EVALUATION, LABELS, NATIONS, references())
    vanilla, sft, *_, uniform = rows.filter(country="CHN", scoring="plain")[:4].rows(named=True)
    assert [each["js_firm_n"] for each in (vanilla, sft, uniform)] == [3, 5, 5]
    js = table.filter(method="vanilla", model="qwen", country="CHN", scoring="plain")
    kept = js.filter(pl.col("question").is_in(["Q165", "Q168", "Q10"]))["js"].mean()
    assert vanilla["js_firm"] == pytest.approx(kept)
    assert sft["js_firm"] == sft["js"]


def test_a_label_mass_below_the_least_is_marked(written):
    table = scores().with_columns(mass=pl.when(method="sft").then(0.25).otherwise("mass"))
    for least, marked in ((0.5, {"0.250‡"}), (0.2, {"0.250"})):
        evaluation = Evaluation(resamples=300, least_mass=least)
        rows = value_rows(table, evaluation, LABELS, NATIONS, references())
        header, shown, numbers = written(write_values, rows, ENGINES)
        sft = [row for row in shown if "SFT" in row]
        assert {row[header.index("mass")] for row in sft} == marked
        assert numbers.filter(method="sft")["low_mass"].all() == (least > 0.25)
        assert numbers.filter(method="uniform")["low_mass"].null_count() > 0


def test_answers_are_called_debiased_only_where_a_preference_for_places_cancels_out(found, written):
    header, rows, numbers = written(write_values, found, ENGINES)
    assert {row[header.index("scoring")] for row in rows} == {"plain", "4 orders"}
    assert set(numbers["scoring"]) == {"plain", "debiased"}
