"""Whether a finished ``make demo`` in this folder gives the committed numbers."""

import polars as pl
import pytest

from tests.reference import DEMO, differences
from tests.tiny import ROOT

TABLES = ROOT / "results/tables"
TOLERANCE = 0.1
"""Of shares and distances: other processors round differently, which changes some answers."""


@pytest.mark.skipif(
    not (ROOT / "results/report/index.html").exists(), reason="make demo has not run here"
)
@pytest.mark.parametrize("name", sorted(path.name for path in DEMO.glob("*.csv")))
def test_the_demo_gives_the_numbers_of_the_reference(name):
    assert differences(TABLES / name, TOLERANCE) == []


ROWS = {
    "Vanilla": "vanilla",
    "Control: SFT on shuffled cues": "sft-shuffled",
    "Baseline: most frequent responses": "frequent",
    "Baseline: backward counting, no model": "backward",
    "SFT": "sft",
    "Ceiling: the other half of the people": "human",
}
"""Rows of README's table -> their method."""


def test_the_numbers_of_the_readme_are_those_of_the_reference():
    table = pl.read_csv(DEMO / "table1_ceiling.csv", infer_schema_length=None)
    half = table.filter(measure="P@K, half of the humans")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for title, method in ROWS.items():
        cells = [
            f"{row['mean']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
            for row in half.filter(method=method).sort("k").iter_rows(named=True)
        ]
        assert f"| {' | '.join([title, *cells])} |" in text
    shown = pl.read_csv(DEMO / "table1.csv").row(
        by_predicate=(pl.col("method") == "sft") & (pl.col("k") == 5), named=True
    )
    assert f"has {shown['mean']:.2f} at K = 5" in text


def test_a_number_label_or_row_that_differs_is_named(tmp_path):
    text = (DEMO / "table1.csv").read_text(encoding="utf-8")
    changed = tmp_path / "table1.csv"
    for old, new in (("0.42105", "0.82105"), ("Vanilla", "Plain")):
        changed.write_text(text.replace(old, new), encoding="utf-8")
        assert any(new in line for line in differences(changed, TOLERANCE))
    changed.write_text(text.replace("0.42105", "0.43105"), encoding="utf-8")
    assert differences(changed, TOLERANCE) == [] != differences(changed, 0.001)
    lines = text.splitlines(keepends=True)
    changed.write_text("".join(lines[:-1]), encoding="utf-8")
    fewer = f"table1.csv: {len(lines) - 2} rows, not {len(lines) - 1}"
    assert differences(changed, TOLERANCE) == [fewer]
