"""Tests against humans and differences between arms, as they are printed."""

import polars as pl
import pytest

from culturalign.report.attributes import attribute_contrasts, profile
from culturalign.report.page import read_table
from tests.unit.report.attributes import world
from tests.unit.report.attributes.world import EVALUATION, LABELS, OPTIONS, scores


def test_tests_are_written_with_verdict_margin_pairs_and_coverage(tmp_path):
    attribute_contrasts.write_tests(str(tmp_path / "t"), world.rows(), OPTIONS)
    table = read_table(tmp_path / "t.md")
    found = {(r[0], r[3]): dict(zip(table["header"], r, strict=True)) for r in table["rows"]}
    assert found["Vanilla", "valence"]["verdict"] == "differs"
    assert found["SFT", "valence"]["verdict"] == "equivalent"
    assert found["SFT", "valence"]["cues paired"] == "20"
    assert found["SFT", "concreteness"]["margin"] == "0.1"
    assert found["SFT", "valence"]["coverage %"] == "80.0"
    numbers = pl.read_csv(tmp_path / "t.csv")
    assert numbers["level"].unique().to_list() == [0.05]


@pytest.mark.parametrize(
    ("equivalent", "differs", "said"),
    [(True, False, "equivalent"), (True, True, "differs, within the margin"),
     (False, True, "differs"), (False, False, "undecided")],
)  # fmt: skip
def test_the_two_tests_make_four_verdicts(equivalent, differs, said):
    assert attribute_contrasts.verdict({"equivalent": equivalent, "differs": differs}) == said


def test_differences_are_written_with_labels(tmp_path):
    pairs = [(("l", "sft"), ("l", "vanilla"))]
    contrasts = profile.contrast_rows(profile.measures(scores()), pairs, EVALUATION)
    attribute_contrasts.write_contrasts(str(tmp_path / "c"), contrasts, LABELS, "cn")
    row = read_table(tmp_path / "c.md")["rows"][0]
    assert row[:3] == ["Llama", "SFT − Vanilla", "valence"] and row[-1] == "20"
    assert row[3].startswith("1.000 [")
