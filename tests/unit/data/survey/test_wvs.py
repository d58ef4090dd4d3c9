import zipfile
from itertools import product

import pandas
import polars as pl
import pyreadstat
import pytest

from culturalign.data.survey.wvs import read_survey, survey_ledger
from culturalign.data.survey.wvs_columns import COUNTRIES
from culturalign.errors import UserError
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


def test_a_countrys_letters_may_be_small_or_between_spaces(tmp_path):
    assert read(written(tmp_path / "wvs.csv", changed(2, 2, " usa "))) == READ


@pytest.mark.parametrize("form", ["{}.0", " {}", "+{}", "0{}", "{}e0", '"{}"'])
def test_codes_however_written_are_those_of_a_column_of_plain_ones(tmp_path, form):
    plain = changed(1, 5, "1")
    other = [[*row[:5], form.format(row[5]), row[6]] for row in plain]
    found = [read(written(tmp_path / f"{n}.csv", rows)) for n, rows in enumerate([plain, other])]
    assert found[0] == found[1]


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
    + [(1, 3, "W_WEIGHT", value) for value in ("heavy", "-1", "inf")],
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


def without(column):
    place = HEADER.index(column)
    rows = [[cell for n, cell in enumerate(row) if n != place] for row in ROWS]
    return {"rows": rows, "header": [name for name in HEADER if name != column]}


def test_a_file_without_weights_is_read_unless_they_are_needed(tmp_path):
    path = written(tmp_path / "wvs.csv", **without("W_WEIGHT"))
    assert read(path) == [(*row[:2], None, *row[3:]) for row in READ]
    with pytest.raises(UserError, match="lacks the columns W_WEIGHT"):
        read_survey(path, ["USA"], ASKED, weighted=True)


@pytest.mark.parametrize("form", [{}, without("version")])
@pytest.mark.parametrize("ending", ["csv", "sav"])
def test_the_size_is_checked_with_and_without_a_version_in_csv_and_sav(tmp_path, form, ending):
    path = written(tmp_path / "wvs.csv", **form)
    if ending == "sav":
        numbers = pl.read_csv(path)
        pyreadstat.write_sav(numbers, path := tmp_path / "wvs.sav")
    odd = read_survey(path, ["USA"], ASKED).release.odd
    assert odd[0].startswith("4 rows, the official file has 9") and "cut short" in odd[0]


@pytest.mark.parametrize(("rows", "name"), [(97_220, "WVS wave 7 v6"), (93_278, "WVS wave 7 v5")])
def test_a_file_of_an_official_size_is_known_by_it(tmp_path, rows, name):
    codes = list(COUNTRIES.values())
    lines = [f"{codes[n % 66]},{n % 4}" for n in range(rows)]
    (tmp_path / "wvs.csv").write_text("\n".join(["B_COUNTRY_ALPHA,Q1", *lines, ""]))
    release = read_survey(tmp_path / "wvs.csv", ["USA"], ["Q1"]).release
    assert (release.name, release.odd) == (name, [])


MANY = [f"Q{n}" for n in range(1, 26)]


def people(count, *, interview=False, answered=25):
    """Respondents from the US who answer some questions, each in a way of its own."""
    rows = [
        ["USA", "1.5", *([f"{n}"] if interview else [])]
        + [f"{n >> k & 1}" if k < answered else "-1" for k in range(25)]
        for n in range(count)
    ]
    return rows, ["B_COUNTRY_ALPHA", "W_WEIGHT", *["D_INTERVIEW"] * interview, *MANY]


@pytest.mark.parametrize("interview", [True, False])
def test_two_downloads_joined_are_refused_and_one_respondent_twice_counts_once(tmp_path, interview):
    rows, header = people(10, interview=interview)
    path = written(tmp_path / "wvs.csv", [*rows, *rows], header)
    said = r"10 of 20 respondents \(50%\) are dropped: repeated respondent \(row 11; row 12; row"
    with pytest.raises(UserError, match=said):
        read_survey(path, ["USA"], MANY, most_dropped=0.2)
    found = read_survey(written(path, [*rows, rows[3]], header), ["USA"], MANY, most_dropped=0.2)
    assert found.answers["respondent"].n_unique() == found.account.kept == 10
    assert found.account.dropped["repeated respondent"] == 1
    assert "1 respondents occur twice and count once" in found.release.odd[-1]


def test_few_equal_answers_or_another_interview_are_other_respondents(tmp_path):
    rows, header = people(4, answered=19)
    found = read_survey(written(tmp_path / "wvs.csv", [*rows, *rows], header), ["USA"], MANY)
    assert found.account.kept == 8 and "repeated respondent" not in found.account.dropped
    rows, header = people(4, interview=True)
    others = [[*row[:2], str(9 + n), *row[3:]] for n, row in enumerate(rows)]
    found = read_survey(written(tmp_path / "wvs.csv", [*rows, *others], header), ["USA"], MANY)
    assert found.account.kept == 8


def test_many_rows_without_a_country_are_refused(tmp_path):
    path = written(tmp_path / "wvs.csv", [*ROWS, ["6-0-0", "", "", "1", "2", "2", "9"]])
    said = r"1 of 4 respondents \(25%\) are dropped: no country \(row 5\); lines of another file"
    with pytest.raises(UserError, match=said):
        read_survey(path, ["USA", "CHN"], ASKED, most_dropped=0.2)


def test_missing_values_of_stata_r_and_spss(tmp_path):
    """Stata writes the survey's -1 to -5 as .a to .e."""
    signs = [".a", ".b", ".d", ".e", ".", "NA", "#NULL!", "nan"]
    rows = [["6-0-0", "840", "USA", "1", "2", sign, "9"] for sign in signs]
    found = read_survey(written(tmp_path / "wvs.csv", rows), ["USA"], ASKED)
    codes = found.answers.filter(question="Q2")["code"].to_list()
    assert codes == [-1, -2, -4, -5, -5, -5, -5, -5]


def test_labels_in_place_of_codes_are_refused_with_the_remedy(tmp_path):
    rows = changed(2, 5, "Very important")
    assert "export codes without their labels" in fault(written(tmp_path / "wvs.csv", rows))


def test_a_fault_under_a_title_has_its_line(tmp_path):
    path = written(tmp_path / "wvs.csv", changed(2, 5, "x"), start="Title\r\n\r\n")
    assert "line 6, column Q2" in fault(path)


def test_an_answer_that_spss_declares_missing_is_no_answer(tmp_path):
    path = tmp_path / "wvs.sav"
    table = pandas.DataFrame(
        {"B_COUNTRY_ALPHA": ["USA", "CHN"], "Q1": [1.0, -1.0], "Q2": [99.0, 2.0]}
    )
    pyreadstat.write_sav(table, path, missing_ranges={"Q1": [-1.0], "Q2": [99.0]})
    codes = read_survey(path, ["USA", "CHN"], ASKED).answers
    assert codes.filter(question="Q1")["code"].to_list() == [1, -1]
    assert codes.filter(question="Q2")["code"].to_list() == [-5, 2]
