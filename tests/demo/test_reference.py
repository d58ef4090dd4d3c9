"""Whether a finished ``make demo`` in this folder gives the committed numbers."""

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


def test_a_number_label_or_row_that_differs_is_named(tmp_path):
    text = (DEMO / "table1.csv").read_text(encoding="utf-8")
    changed = tmp_path / "table1.csv"
    for old, new in (("0.42631", "0.62631"), ("Vanilla", "Plain")):
        changed.write_text(text.replace(old, new), encoding="utf-8")
        assert any(new in line for line in differences(changed, TOLERANCE))
    changed.write_text(text.replace("0.42631", "0.43631"), encoding="utf-8")
    assert differences(changed, TOLERANCE) == [] != differences(changed, 0.001)
    changed.write_text("".join(text.splitlines(keepends=True)[:-1]), encoding="utf-8")
    assert differences(changed, TOLERANCE) == ["table1.csv: 11 rows, not 12"]
