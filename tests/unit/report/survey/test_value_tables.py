"""Table 7, from frames small enough to work out by hand."""

import csv
from functools import partial

import polars as pl
import pytest

from culturalign.report.page import read_table
from culturalign.report.survey.value_tables import value_rows, write_values
from culturalign.stats.intervals import bootstrap_mean
from tests.unit.report.survey.arms import ENGINES, LABELS, NATIONS, read, scores

INTERVAL = partial(bootstrap_mean, resamples=200, confidence=0.95, seed=0)


def test_values_have_a_row_a_nation_scoring_and_arm_in_the_order_of_the_paper():
    found = value_rows(scores(), INTERVAL, LABELS, NATIONS)
    block = [("Vanilla", "Qwen", "-"), ("SFT", "Qwen", "ZH"), ("Vanilla", "Qwen 72B", "-")]
    assert found.select("M Type", "M Class", "SWOW").rows() == block * 4
    assert found["Nation"].to_list() == ["US"] * 6 + ["China"] * 6
    assert found["scoring"].to_list() == (["plain"] * 3 + ["debiased"] * 3) * 2


def test_values_are_means_over_questions_and_seeds():
    found = value_rows(scores(), INTERVAL, LABELS, NATIONS)
    vanilla, sft, _ = found.filter(country="CHN", scoring="plain").rows(named=True)
    # |share - China|: .5 .2 .6 .4 .1; trained, mean of seeds: .1 .1 (.2 + 0)/2 .4 .1
    assert vanilla["emd"] == pytest.approx(0.36)
    assert sft["emd"] == pytest.approx(0.16)
    assert sft["emd_ordinal"] == pytest.approx(0.16)
    assert (sft["emd_n"], sft["mass"], sft["order_effect"]) == (5, 0.9, 0.1)
    assert sft["emd_difference"] == pytest.approx(-0.2)
    # three differences are not zero, all below: 2 x 1/8, which earns no star
    assert (sft["emd_p"], sft["emd_p_improves"], sft["emd_star"]) == (0.25, 0.125, False)
    assert (vanilla["emd_p"], vanilla["emd_star"]) == (None, None)


def test_a_larger_model_may_be_compared_with_a_smaller():
    found = value_rows(scores(), INTERVAL, LABELS, NATIONS, {"big": "qwen"})
    assert found.filter(model="big")["js_p"].null_count() == 0
    turned = value_rows(scores(), INTERVAL, LABELS, NATIONS, {"qwen": "big"})
    own = value_rows(scores(), INTERVAL, LABELS, NATIONS).filter(method="sft")
    # trained arms keep their own vanilla
    assert turned.filter(method="sft")["js_p"].to_list() == own["js_p"].to_list()
    assert turned.filter(model="qwen", method="vanilla")["js_p"].null_count() == 0


def test_table_7_is_written_with_stars_and_corrected_p(tmp_path):
    rows = value_rows(scores(), INTERVAL, LABELS, NATIONS)
    rows = rows.with_columns(js_star=pl.col("method") == "sft")
    write_values(str(tmp_path / "table7"), rows, ENGINES)
    lines = read(tmp_path / "table7").splitlines()
    assert "]*" in lines[3]
    assert "]*" not in lines[2]
    assert "5" in lines[2]
    assert len(lines) == 14
    with (tmp_path / "table7.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 12


@pytest.mark.parametrize(
    ("measure", "heading", "cell"),
    [("order_effect", "order effect", "-"), ("emd_ordinal", "EMD, ordinal", "- (n=0)")],
)
def test_what_was_not_measured_is_a_dash(tmp_path, measure, heading, cell):
    without = scores().with_columns(pl.lit(None, pl.Float64).alias(measure))
    write_values(str(tmp_path / "t"), value_rows(without, INTERVAL, LABELS, NATIONS), ENGINES)
    page = read_table(tmp_path / "t.md")
    assert {row[page["header"].index(heading)] for row in page["rows"]} == {cell}


def test_a_table_of_several_engines_names_them(tmp_path):
    rows = value_rows(scores(), INTERVAL, LABELS, NATIONS)
    write_values(str(tmp_path / "one"), rows, ENGINES)
    assert "engine" not in read(tmp_path / "one")
    big = pl.when(model="big").then(pl.lit("vllm 0.32.0")).otherwise("engine")
    write_values(str(tmp_path / "two"), rows, ENGINES.with_columns(engine=big))
    ends = [line.split("|")[-2].strip() for line in read(tmp_path / "two").splitlines()]
    assert ends[0] == "engine" and ends[2:5] == ["hf", "hf", "vllm 0.32.0"]
    table = pl.read_csv(tmp_path / "two.csv")
    assert table["engine"].to_list()[:3] == ["hf", "hf", "vllm 0.32.0"]
    assert set(table["dtype"]) == {"torch.bfloat16"}
