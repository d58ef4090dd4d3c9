import zipfile
from itertools import product

import polars as pl
import pyreadstat
import pytest

from culturalign.data.survey.wvs import read_survey, survey_ledger
from culturalign.data.survey.wvs_columns import COUNTRIES
from culturalign.files.ledger import Account
from tests.unit.data.survey.wave7 import ASKED, HEADER, READ, ROWS, changed, fault, read, written

COMMAS = changed(1, 3, "1,5")
COMMAS[1][4], COMMAS[2][4] = " 2.0 ", "NA"
LABELS = ["Version, of file", "B_COUNTRY: ISO; numeric", "B_COUNTRY_ALPHA: ISO, letters",
          "W_WEIGHT: Weight", "Q1: Important in life: PromptGroup", "Q2: Friends, and so on",
          "Q33_3: Jobs"]  # fmt: skip
NO_LETTERS = ["B_OTHER" if name == "B_COUNTRY_ALPHA" else name for name in HEADER]


@pytest.mark.parametrize("form", [
    *({"mark": mark, "quote": quote, "start": start}
      for mark, quote, start in product(",;\t", ["", '"'], ["", "\ufeff"])),
    {"header": NO_LETTERS},  # the country by its number
    {"header": LABELS, "quote": '"'},
    {"rows": COMMAS, "mark": ";"},  # decimal commas, and whole numbers with a point
    {"rows": changed(3, 5, "x")},  # faults in other countries do not matter
])  # fmt: skip
def test_a_file_in_any_form_is_read(tmp_path, form):
    assert read(written(tmp_path / "wvs.csv", **form)) == READ


def test_an_empty_weight_is_null(tmp_path):
    found = read_survey(written(tmp_path / "w.csv", changed(0, 3, "")), ["CHN"], ASKED)
    assert found.answers["weight"].to_list() == [None, None]


def test_ledger_adds_up_by_hand_with_a_column_of_each_negative_code():
    codes = [0, 7, -1, -2, -2, -3, -4, -4, -4, -5, -9]
    answers = pl.DataFrame({"country": "USA", "question": "Q1", "code": codes})
    assert survey_ledger(answers).row(0) == ("USA", "Q1", 11, 2, 1, 2, 3, 1, 2)


@pytest.mark.parametrize("header", [HEADER, NO_LETTERS])
def test_every_row_is_on_account_by_its_reason(tmp_path, header):
    nowhere = ["6-0-0", "", " ", "1", "2", "2", "9"]
    path = written(tmp_path / "wvs.csv", [*ROWS, nowhere, [""] * 7, ROWS[0]], header)
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\r\n\r\n"))
    found = read_survey(path, ["USA", "CHN"], ASKED)
    # under the header and each of the seven rows is an empty line
    dropped = {"other country": 1, "no country": 1, "empty line": 9}
    assert found.account == Account("respondents", 15, 4, dropped)
    assert found.release.sizes == {"rows": 6, "countries": 3}
    assert found.answers["respondent"].unique().sort().to_list() == [2, 4, 6, 14]
    assert found.ledger.filter(country="USA").rows() == [
        ("USA", "Q1", 2, 1, 0, 0, 0, 1, 0), ("USA", "Q2", 2, 1, 1, 0, 0, 0, 0),
    ]  # fmt: skip


def test_unknown_country_names_near_ones(tmp_path):
    path = written(tmp_path / "wvs.csv")
    assert "'US'" in fault(path, ["US"]) and "among them USA" in fault(path, ["US"])
    assert "3 countries, CHN, JPN, USA" in fault(path, ["XYZ"])


@pytest.mark.parametrize(
    ("row", "column", "name", "value"),
    [(2, 5, "Q2", value) for value in ("1.5", "Very important", "inf", "1e300")]
    + [(1, 3, "W_WEIGHT", value) for value in ("heavy", "-1", "nan")],
)
def test_answers_that_are_not_codes_and_weights_that_are_not_weights(
    tmp_path, row, column, name, value
):
    message = fault(written(tmp_path / "wvs.csv", changed(row, column, value)))
    assert f"line {row + 2}, column {name}" in message and repr(value) in message


def test_country_without_a_valid_answer(tmp_path):
    rows = changed(0, 4, "-4")
    rows[0][5] = ""
    assert "all answers of CHN" in fault(written(tmp_path / "wvs.csv", rows))


@pytest.mark.parametrize("cut", [2, 4, 12])
def test_csv_cut_short_is_refused_but_not_one_without_its_last_line_end(tmp_path, cut):
    path = written(tmp_path / "wvs.csv")
    path.write_bytes(path.read_bytes()[:-cut])
    if cut == len("\r\n"):
        assert read(path) == READ
    else:
        assert "the last line has" in fault(path)


def test_a_page_in_place_of_a_file_and_empty_files(tmp_path):
    path = tmp_path / "wvs.csv"
    path.write_text("<!DOCTYPE html>\n<title>Log in</title>\n")
    assert "starts with <!DOCTYPE html>" in fault(path)
    path.write_bytes(b"")
    assert "empty" in fault(path)
    assert "holds no respondents" in fault(written(path, rows=[]))
    assert "no such file" in fault(tmp_path / "absent.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "latin-1", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path, encoding):
    path = written(tmp_path / "wvs.csv", changed(1, 0, "é"))
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    assert read(path) == READ


def test_spss(tmp_path):
    """The reader of .sav files keeps codes that SPSS declares missing."""
    table = pl.DataFrame({
        "B_COUNTRY_ALPHA": ["CHN", "USA", "USA"], "W_WEIGHT": [0.5, 1.5, 2.0],
        "Q1": [1.0, 2.0, None], "Q2": [0.0, -1.0, 3.0], "Q3": [9.0, 9.0, 9.0],
    })  # fmt: skip
    path = tmp_path / "wvs.sav"
    pyreadstat.write_sav(table, path, missing_ranges={"Q2": [{"lo": -5, "hi": -1}]})
    assert read(path) == READ
    with zipfile.ZipFile(tmp_path / "spss.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "wvs.sav")
    assert read(tmp_path / "spss.zip") == READ
    assert "among them USA" in fault(path, ["US"])
    path.write_bytes(path.read_bytes()[:300])
    assert "SPSS" in fault(path)


def test_wave_7_has_66_countries_by_number():
    assert (COUNTRIES[840], COUNTRIES[156], len(COUNTRIES)) == ("USA", "CHN", 66)
