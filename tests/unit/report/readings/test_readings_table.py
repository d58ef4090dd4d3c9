"""The table of readings."""

import polars as pl
import pytest

from culturalign.errors import UserError
from culturalign.report.readings.compared import COUNTS, compared
from culturalign.report.readings.readings_table import read_definitions, write_readings
from tests import tiny

SHIPPED = tiny.ROOT / "resources/paper/readings.yaml"
ENTRY = """
- id: emd
  definition: EMD
  written: {reading: on ranks, source: section 5.1}
  run: {reading: position-free, source: table 14}
  sound: {reading: in true order, source: docs/paper.md}
  number: mean over questions
- id: labels
  definition: labels
  written: {reading: not stated, source: section 5.1}
  run: {reading: 1 to K, source: wvs_eval}
  sound: {reading: letters, source: docs/paper.md}
"""


@pytest.fixture
def definitions(tmp_path):
    path = tmp_path / "readings.yaml"
    path.write_text(ENTRY)
    return read_definitions(path)


def test_a_row_has_the_readings_with_their_sources_and_what_they_do(definitions, tmp_path):
    numbers = compared(
        [
            {"id": "emd", "of": "People", "written": 0.25, "run": 0.125, "sound": None, "n": 9},
            {"id": "emd", "of": "Small", "written": 2.0, "run": 1.0, "sound": 2.0, "n": 10},
        ]
    )
    write_readings(str(tmp_path / "readings"), definitions, numbers)
    text = (tmp_path / "readings.md").read_text()
    assert "on ranks [section 5.1]" in text
    effect = "mean over questions: People (n = 9): 0.250 / 0.125 / -; Small (n = 10): 2 / 1 / 2"
    assert effect in text
    same = numbers.with_columns(pl.lit(7).alias(name) for name in COUNTS)
    write_readings(str(tmp_path / "same"), definitions, same)
    assert "mean over questions (n = 7): People: 0.250" in (tmp_path / "same.md").read_text()
    write_readings(str(tmp_path / "three"), definitions, numbers.with_columns(n_run=8))
    assert "People (n = 9 / 8 / 9): 0.250" in (tmp_path / "three.md").read_text()
    assert "other answers; not comparable in one run" in text
    csv = pl.read_csv(tmp_path / "readings.csv")
    assert csv.select("id", "run_source", "of", "run").rows() == [
        ("emd", "table 14", "People", 0.125), ("emd", "table 14", "Small", 1.0),
        ("labels", "wvs_eval", None, None),
    ]  # fmt: skip


def test_a_definition_whose_stage_did_not_run_says_so(definitions, tmp_path):
    write_readings(str(tmp_path / "readings"), definitions, compared([]))
    assert "mean over questions: not in this run" in (tmp_path / "readings.md").read_text()


def test_numbers_without_a_definition_are_refused(definitions, tmp_path):
    number = {"id": "labels", "of": "Small", "written": 1.0, "run": 1.0, "sound": 1.0, "n": 1}
    with pytest.raises(ValueError, match=r"announce none: \['labels'\]"):
        write_readings(str(tmp_path / "readings"), definitions, compared([number]))


def test_an_id_occurs_once(tmp_path):
    path = tmp_path / "readings.yaml"
    path.write_text(ENTRY + ENTRY)
    with pytest.raises(UserError, match="the id 'emd' occurs twice"):
        read_definitions(path)


def test_every_shipped_definition_that_announces_a_number_is_computed():
    numbered = {each.id for each in read_definitions(SHIPPED) if each.number}
    source = "".join(
        path.read_text() for path in (tiny.ROOT / "src/culturalign/report/readings").glob("*.py")
    )
    assert all(f'"{name}"' in source for name in numbered)
