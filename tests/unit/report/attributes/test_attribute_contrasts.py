"""Tests against humans and differences between arms, as they are printed."""

import pytest

from culturalign.report.attributes import attribute_contrasts, profile
from tests.unit.report.attributes import world
from tests.unit.report.attributes.world import EVALUATION, LABELS, OPTIONS, scores


def test_tests_are_written_with_verdict_margin_pairs_and_coverage(written):
    header, rows, numbers = written(attribute_contrasts.write_tests, world.rows(), OPTIONS)
    found = {(row[0], row[3]): dict(zip(header, row, strict=True)) for row in rows}
    assert found["Vanilla", "valence"]["verdict"] == "differs"
    assert found["SFT", "concreteness"]["margin"] == "0.1"
    shown = {"verdict": "human-level", "cues paired": "20", "coverage %": "80.0"}
    assert found["SFT", "valence"].items() >= shown.items()
    assert numbers["level"].unique().to_list() == [0.05]


@pytest.mark.parametrize(
    ("human_level", "equivalent", "differs", "said"),
    [(True, True, False, "human-level"),
     (True, True, True, "human-level, differs within the margin"),
     (False, True, False, "equal mean only"), (False, True, True, "equal mean only"),
     (False, False, True, "differs"), (False, False, False, "undecided")],
)  # fmt: skip
def test_the_tests_make_verdicts(human_level, equivalent, differs, said):
    row = {"human_level": human_level, "equivalent": equivalent, "differs": differs}
    assert attribute_contrasts.verdict(row) == said


def test_differences_are_written_with_labels(written):
    pairs = [(("l", "sft"), ("l", "vanilla"))]
    contrasts = profile.contrast_rows(profile.measures(scores()), pairs, EVALUATION)
    row = written(attribute_contrasts.write_contrasts, contrasts, LABELS, "cn")[1][0]
    assert row[:3] == ["Llama", "SFT − Vanilla", "valence"] and row[4] == "20"
    assert row[3].startswith("1.000 [")
    # SFT is 0.01 from humans at every cue, vanilla 1: all 20 differences have one sign, 2^-20
    assert row[5:] == ["-0.990 [-0.990, -0.990]", "<0.001"]


def test_without_halves_of_the_people_there_is_no_margin_and_nothing_is_human_level(written):
    header, rows, numbers = written(attribute_contrasts.write_tests, world.rows(noise={}), OPTIONS)
    margins = {row[header.index("margin")] for row in rows}
    assert margins == {"no participants in a strength table"}
    assert not numbers["human_level"].any() and numbers["margin"].count() == 0


def test_training_runs_stand_beside_the_tests(written):
    header, rows, _ = written(attribute_contrasts.write_tests, world.rows(), OPTIONS)
    runs = {row[0]: row[header.index("training runs")] for row in rows}
    assert runs["SFT"] == "1" and runs["Vanilla"] == "-"
