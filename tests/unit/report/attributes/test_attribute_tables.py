"""Tables 5, 6, 12 and 13: cells, marks, raw scales, and missing norms."""

import polars as pl
import pytest

from culturalign.data.norms.ratings import Norm
from culturalign.report.attributes import attribute_contrasts, attribute_tables, profile
from culturalign.report.page import read_table
from tests.unit.report.attributes import world
from tests.unit.report.attributes.world import EVALUATION, LABELS, NOISE, OPTIONS, RECORD, scores


@pytest.fixture(scope="module")
def rows():
    return world.rows()


def shown(tmp_path, rows, raw=False):
    attribute_tables.write_profile(str(tmp_path / "table6"), rows, RECORD, raw=raw)
    table = read_table(tmp_path / "table6.md")
    return table["header"], {row[0]: row[1:] for row in table["rows"]}


def test_a_column_an_arm_a_row_a_measure_and_a_missing_norm_a_sentence(tmp_path, rows):
    header, cells = shown(tmp_path, rows)
    assert cells["Arousal"] == ["norms not available: v.csv is missing", "-", "-", "-"]
    note = rows.filter(measure="arousal").row(0, named=True)
    assert note["note"] and note["mean"] is None
    read = pl.read_csv(tmp_path / "table6.csv")
    assert len(read.filter(measure="arousal")) == 1
    assert header == ["Metric", "Human", "Llama Vanilla", "Llama SFT", "Qwen SFT"]
    assert cells["Emotional %"] == ["80.0", "80.0", "80.0", "0.0"]
    assert cells["% conc. / abs. / unk."][0] == "60.0 / 20.0 / 20.0"
    assert cells["Cues (valence / concreteness / any word)"] == [
        "20 / 20 / 20", "20 / 20 / 20", "20 / 20 / 20", "0 / 0 / 20",
    ]  # fmt: skip


def test_bold_marks_no_significant_difference_and_a_dagger_human_level(tmp_path, rows):
    _, cells = shown(tmp_path, rows)
    human, vanilla, sft, unknown = cells["Valence"]
    assert human.startswith("5.237 [") and "†" not in human  # 5 + 9.5 / 40
    assert vanilla.startswith("4.237 [")
    assert sft.startswith("**5.237† [") and sft.endswith("]**")
    assert unknown == "-"
    tex = (tmp_path / "table6.tex").read_text(encoding="utf-8")
    assert r"\textbf{5.237† [" in tex and "**" not in tex


def test_table_13_prints_the_scales_of_the_files(tmp_path, rows):
    _, cells = shown(tmp_path, rows, raw=True)
    # 5.2375 -> -3 + 4.2375 x 6 / 8; 3.2375 -> 6 - 3.2375
    assert cells["Valence"][0].startswith("0.178 [")
    assert cells["Concreteness"][0].startswith(("2.762 [", "2.763 ["))
    human = rows.filter(method="human", measure="concreteness").row(0, named=True)
    assert human["raw_low"] == pytest.approx(6 - human["high"])
    assert human["raw_low"] <= human["raw_mean"] <= human["raw_high"]


def test_without_any_norm_the_tables_are_still_written(written):
    record = [Norm("valence", "v.csv", "V", (-3, 3), True)]
    values = profile.measures(scores().head(0))
    rows = attribute_tables.profile_rows(values, record, LABELS, "cn", EVALUATION, OPTIONS, NOISE)
    _, shown, _ = written(attribute_tables.write_profile, rows, record, raw=True)
    assert shown == [["Valence", "norms not available: v.csv is missing"]]
    assert written(attribute_contrasts.write_tests, rows, OPTIONS)[1] == []
    contrasts = profile.contrast_rows(values, [], EVALUATION)
    assert written(attribute_contrasts.write_contrasts, contrasts, LABELS, "cn")[1] == []


def test_seeds_are_shown_on_either_scale(tmp_path):
    """Two seeds a point of valence apart: 0.707 on 1 to 9, 6/8 of it on -3 to 3."""
    sft = scores().filter(method="sft", model="l")
    other = sft.with_columns(pl.col("median") + 1, seed=pl.lit(1, dtype=pl.Int64))
    both = pl.concat([scores().filter(model="-"), sft, other])
    values = profile.measures(both)
    rows = attribute_tables.profile_rows(values, RECORD, LABELS, "cn", EVALUATION, OPTIONS, NOISE)
    assert shown(tmp_path, rows)[1]["Valence"][1].strip("*").endswith("(seeds ±0.707)")
    assert shown(tmp_path, rows, raw=True)[1]["Valence"][1].strip("*").endswith("(seeds ±0.530)")


def test_humans_are_those_of_the_test_cues_in_one_reading(tmp_path):
    people = scores().filter(model="-").drop("model", "method", "seed")
    people = people.with_columns(
        reading=pl.lit("most frequent"),
        split=pl.when(pl.col("cue") == "c0").then(pl.lit("train")).otherwise(pl.lit("test")),
    )
    both = pl.concat([people, people.with_columns(reading=pl.lit("all"))])
    both.write_parquet(tmp_path / "humans.parquet")
    read = attribute_tables.read_scores([], str(tmp_path / "humans.parquet"))
    assert len(read) == 2 * 19 and "c0" not in set(read["cue"])
    assert read.select("model", "method").unique().rows() == [("-", "human")]
