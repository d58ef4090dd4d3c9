"""Spans: the paper's rescaling, worked out on the human cells of its tables 6 and 13."""

import csv
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.scales import SPANS, to_common, to_raw

PAPER = Path(__file__).resolve().parents[3] / "resources/paper/attributes.csv"
MANDARIN = {"valence": (-3, 3), "arousal": (0, 4), "concreteness": (5, 1)}


def human(table):
    with PAPER.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["table"] == table and r["M Type"] == "Human"]
    return {name: float(rows[0][name.capitalize()]) for name in MANDARIN}


@pytest.mark.parametrize("attribute", MANDARIN)
def test_table_13_rescaled_is_table_6(attribute):
    """0.290 -> 5.386, 2.189 -> 5.378, 2.343 -> 3.657: the human cells."""
    raw, common = human("table13")[attribute], human("table6")[attribute]
    # raw means have three decimals: rounding moves valence by at most 0.0005 x 8 / 6
    found = to_common(raw, MANDARIN[attribute], SPANS[attribute])
    assert found == pytest.approx(common, abs=0.0016)


def test_the_formulas_written_out():
    assert to_common(0.29, (-3, 3), SPANS["valence"]) == pytest.approx(1 + 8 * 3.29 / 6)
    assert to_common(2.189, (0, 4), SPANS["arousal"]) == pytest.approx(1 + 8 * 2.189 / 4)
    assert to_common(2.343, (5, 1), SPANS["concreteness"]) == pytest.approx(6 - 2.343)
    assert to_common(4.2, (1, 9), SPANS["valence"]) == pytest.approx(4.2)


@pytest.mark.parametrize("attribute", MANDARIN)
def test_nominal_ends_become_ends(attribute):
    span, ends = SPANS[attribute], MANDARIN[attribute]
    assert [to_common(end, ends, span) for end in ends] == [span.low, span.high]


@given(st.floats(1, 9), st.floats(-9, 9), st.floats(-9, 9))
def test_back_and_forth_is_no_change(value, first, second):
    ends = (first, second if abs(second - first) > 0.01 else first + 1)
    span = SPANS["valence"]
    assert to_common(to_raw(value, ends, span), ends, span) == pytest.approx(value, abs=1e-6)


def test_columns_are_mapped_like_numbers():
    table = pl.DataFrame({"v": [-3.0, 0.29, None]})
    found = table.select(to_common(pl.col("v"), (-3, 3), SPANS["valence"])).to_series()
    assert found.to_list() == [1.0, pytest.approx(5.386666), None]


def test_planning_does_not_wait_for_the_import_of_polars():
    imported = "import sys, culturalign.config.load, culturalign.grid.grid; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True)
    assert "culturalign.config.scales" in done.stdout.split()
    assert "polars" not in done.stdout.split()
