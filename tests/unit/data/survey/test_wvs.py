import zipfile

import polars as pl
import pyreadstat
import pytest

from culturalign.data.survey.wvs import read_survey, survey_ledger
from culturalign.data.survey.wvs_columns import COUNTRIES
from culturalign.files.ledger import Account
from tests.unit.data.survey.wave7 import ASKED, HEADER, READ, ROWS, changed, fault, read, written


def test_country_by_number_where_there_are_no_letters(tmp_path):
    header = ["B_OTHER" if name == "B_COUNTRY_ALPHA" else name for name in HEADER]
    assert read(written(tmp_path / "wvs.csv", header=header)) == READ


def test_decimal_commas_and_whole_numbers_with_a_point(tmp_path):
    rows = changed(1, 3, "1,5")
    rows[1][4] = " 2.0 "
    rows[2][4] = "NA"
    assert read(written(tmp_path / "wvs.csv", rows, mark=";")) == READ


def test_an_empty_weight_is_null(tmp_path):
    found = read_survey(written(tmp_path / "w.csv", changed(0, 3, "")), ["CHN"], ASKED)
    assert found.answers["weight"].to_list() == [None, None]


def test_ledger_adds_up_by_hand(tmp_path):
    found = read_survey(written(tmp_path / "wvs.csv"), ["USA"], ASKED)
    assert found.ledger.rows() == [
        ("USA", "Q1", 2, 1, 0, 0, 0, 1, 0), ("USA", "Q2", 2, 1, 1, 0, 0, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("header", [HEADER, ["x" if "ALPHA" in name else name for name in HEADER]])
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


def test_every_negative_code_has_its_column():
    codes = [0, 7, -1, -2, -2, -3, -4, -4, -4, -5, -9]
    answers = pl.DataFrame({"country": "USA", "question": "Q1", "code": codes})
    assert survey_ledger(answers).row(0) == ("USA", "Q1", 11, 2, 1, 2, 3, 1, 2)


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


def test_faults_in_other_countries_do_not_matter(tmp_path):
    assert read(written(tmp_path / "wvs.csv", changed(3, 5, "x"))) == READ


def test_country_without_a_valid_answer(tmp_path):
    rows = changed(0, 4, "-4")
    rows[0][5] = ""
    assert "all answers of CHN" in fault(written(tmp_path / "wvs.csv", rows))


def test_country_codes_of_the_two_cultures():
    assert (COUNTRIES[840], COUNTRIES[156], len(COUNTRIES)) == ("USA", "CHN", 66)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_separators_quotes_and_byte_order_marks(tmp_path, mark, quote, start):
    path = written(tmp_path / "wvs.csv", mark=mark, quote=quote, start=start)
    assert read(path) == READ


def test_headers_with_labels(tmp_path):
    labels = ["Version, of file", "B_COUNTRY: ISO; numeric", "B_COUNTRY_ALPHA: ISO, letters",
              "W_WEIGHT: Weight", "Q1: Important in life: PromptGroup", "Q2: Friends, and so on",
              "Q33_3: Jobs"]  # fmt: skip
    assert read(written(tmp_path / "wvs.csv", header=labels, quote='"')) == READ


def test_the_file_may_end_without_a_line_end(tmp_path):
    path = written(tmp_path / "wvs.csv")
    path.write_bytes(path.read_bytes().rstrip())
    assert read(path) == READ


def test_a_page_in_place_of_a_file(tmp_path):
    page = tmp_path / "page.csv"
    page.write_text("<!DOCTYPE html>\n<title>Log in</title>\n")
    assert "starts with <!DOCTYPE html>" in fault(page)


def test_empty_files(tmp_path):
    path = tmp_path / "wvs.csv"
    path.write_bytes(b"")
    assert "empty" in fault(path)
    assert "holds no respondents" in fault(written(path, rows=[]))
    assert "no such file" in fault(tmp_path / "absent.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "latin-1", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path, encoding):
    path = written(tmp_path / "wvs.csv", changed(1, 0, "é"))
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    assert read(path) == READ


@pytest.mark.parametrize("cut", [4, 12])
def test_csv_cut_short(tmp_path, cut):
    path = written(tmp_path / "wvs.csv")
    path.write_bytes(path.read_bytes()[:-cut])
    assert "the last line has" in fault(path)


def test_spss(tmp_path):
    """The reader of .sav files keeps codes that SPSS declares missing."""
    table = pl.DataFrame(
        {
            "B_COUNTRY_ALPHA": ["CHN", "USA", "USA"], "W_WEIGHT": [0.5, 1.5, 2.0],
            "Q1": [1.0, 2.0, None], "Q2": [0.0, -1.0, 3.0], "Q3": [9.0, 9.0, 9.0],
        }
    )  # fmt: skip
    path = tmp_path / "wvs.sav"
    pyreadstat.write_sav(table, path, missing_ranges={"Q2": [{"lo": -5, "hi": -1}]})
    assert read(path) == READ
    with zipfile.ZipFile(tmp_path / "spss.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "wvs.sav")
    assert read(tmp_path / "spss.zip") == READ
    assert "among them USA" in fault(path, ["US"])
    path.write_bytes(path.read_bytes()[:300])
    assert "SPSS" in fault(path)
