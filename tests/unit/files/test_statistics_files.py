from pathlib import Path

import pandas
import pyreadstat
import pytest

from culturalign.errors import UserError
from culturalign.files import statistics_files
from culturalign.files.statistics_files import statistics_rows

USERS = Path("data.dta")
TABLE = pandas.DataFrame(
    {"word": ["cat", "a", ""], "V": [1.5, "a", 3.0], "land": [1.0, 2.0, 3.0], "other": 7.0}
)
KNOWN = {"word": "word", "V": "valence", "land": "country"}


@pytest.fixture
def stata(tmp_path):
    labels = {"land": {1: "Chile", 2: "China"}}
    missing = {"V": ["a"]}
    path = tmp_path / "data.dta"
    pyreadstat.write_dta(TABLE, path, variable_value_labels=labels, missing_user_values=missing)
    return path


@pytest.mark.parametrize("chunk", [2, 20_000])
def test_stata_with_labels_and_missing_values(stata, monkeypatch, chunk):
    monkeypatch.setattr(statistics_files, "CHUNK", chunk)
    rows = list(statistics_rows(stata, USERS, KNOWN.get, ".dta", labels=False))
    assert rows == [
        ["word", "V", "land", "other"],
        ["cat", "1.5", "1", ""], ["a", ".a", "2", ""], ["", "3", "3", ""],
    ]  # fmt: skip
    labeled = list(statistics_rows(stata, USERS, KNOWN.get, ".dta", labels=True))
    assert [row[2] for row in labeled] == ["land", "Chile", "China", "3"]


def test_a_damaged_file_is_one_sentence(stata):
    stata.write_bytes(stata.read_bytes()[:200])
    with pytest.raises(
        UserError, match=r"^data\.dta: cannot be read as a file of Stata \("
    ) as error:
        list(statistics_rows(stata, USERS, KNOWN.get, ".dta", labels=False))
    assert "\n" not in str(error.value)


def test_what_spss_declares_missing_is_empty_but_for_codes_of_the_survey(tmp_path):
    path = tmp_path / "data.sav"
    table = pandas.DataFrame({"V": [1.0, -9.0, 8.0, 9.0], "word": ["cat", "-99", "dog", ""]})
    missing = {"V": [-9.0, {"lo": 8.0, "hi": 9.0}], "word": ["-99"]}
    pyreadstat.write_sav(table, path, missing_ranges=missing)

    def column(name, **how):
        place = list(table).index(name)
        rows = statistics_rows(path, USERS, KNOWN.get, ".sav", labels=False, **how)
        return [row[place] for row in rows][1:]

    assert column("V") == ["1", "", "", ""]
    assert column("V", codes=True) == ["1", "-9", "", ""]
    assert column("word") == column("word", codes=True) == ["cat", "", "dog", ""]
