import csv
import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from culturalign.data.demo.demo_swow import HEADERS
from culturalign.data.swow import keep_respondents, prepare_culture, read_swow, read_trials
from culturalign.errors import UserError
from culturalign.files.ledger import Account

US = ("United States", "United States")
EVERYONE = {"country": [], "native_language": []}
AMERICANS = {"country": ["United States"], "native_language": ["United States"]}
HEADER = "participantID,cue,R1,R2,R3\n"
Trial = tuple[str, tuple[str, str], str, str, str, str]
"""Participant, (country, native language), cue, R1, R2, R3."""


def official(path: Path, rows: Sequence[Trial], language: str = "en") -> Path:
    """Write trials in an official format."""
    header = HEADERS[language]
    names = ("country", "nativelanguage", "participantid", "cue", "r1", "r2", "r3")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for participant, home, *words in rows:
            values = dict(zip(names, (*home, participant, *words), strict=True))
            writer.writerow([values.get(name.lower(), f"other {name}") for name in header])
    return path


@pytest.fixture
def plain(tmp_path):
    """Write a file as it stands."""

    def write(content: str) -> Path:
        (tmp_path / "swow.csv").write_text(content, encoding="utf-8")
        return tmp_path / "swow.csv"

    return write


def fault(path: Path, needed: Sequence[str] = ()) -> str:
    with pytest.raises(UserError) as caught:
        read_trials(path, needed)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value).removeprefix(f"{path}: ")


def test_the_rows_that_the_documentation_shows_are_official_and_read(plain):
    page = Path(__file__).resolve().parents[3] / "docs/data.md"
    shown = re.search(r"```csv\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert next(csv.reader([shown.splitlines()[0]])) == HEADERS["en"]
    assert read_trials(plain(shown), []).select("participant", "cue", "R1", "R2").rows() == [
        ("12", "lantern", "light", "camping"), ("12", "ferry", "boat", "NA"),
        ("15", "ferry", "ship", "river"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_official_formats_are_read_as_they_stand(tmp_path, language):
    row = ("007", ("China", "PUTON"), "1984", ' 1e3, "爱"', "two\nlines", "true")
    table = read_trials(official(tmp_path / "swow.csv", [row], language), ["country"])
    names = ["participant", "country", "native_language", "cue", "R1", "R2", "R3"]
    assert table.select(names).rows() == [("007", "China", "PUTON", *row[2:])]


@pytest.mark.parametrize("header", [
    "\ufeff" + HEADER, HEADER.upper(), HEADER.lower(),
    HEADER.replace("R1", "R1Raw,R1"),  # the spell-checked response is read and not the raw one
])  # fmt: skip
def test_a_header_may_have_a_mark_and_be_in_upper_or_lower_case(plain, header):
    raw = "aa," if "Raw" in header else ""
    trials = read_trials(plain(f"{header}1,cat,{raw}a,b,c\n")).to_dicts()
    assert trials == [{"participant": "1", "cue": "cat", "R1": "a", "R2": "b", "R3": "c"}]


def test_a_name_with_wildcards_is_one_file(tmp_path):
    path = official(tmp_path / "swow[1]*.csv", [("1", US, "cat", "a", "b", "c")])
    official(tmp_path / "swow1.csv", [("2", US, "dog", "a", "b", "c")])
    assert read_trials(path)["cue"].to_list() == ["cat"]


def test_a_file_in_latin_1_is_read(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_bytes(HEADER.encode() + b"1,cat,a,b,c\n2,tea,caf\xe9,b,c\n")
    assert read_swow(path, {}).encoding == "cp1252"
    assert read_trials(path)["R1"].to_list() == ["a", "café"]


def test_what_a_row_with_too_few_fields_lacks_counts_as_missing(plain):
    path = plain(HEADER + "1,cat,a,b,c\n2,dog,a\n")
    assert read_trials(path).rows() == [("1", "cat", "a", "b", "c"), ("2", "dog", "a", "", "")]
    account = prepare_culture(path, EVERYONE, culture="us").accounts[1]
    assert account.dropped["missing token"] == 2


@pytest.mark.parametrize("name", ["absent.csv", ""])
def test_a_missing_file_or_a_folder_is_named_with_where_to_get_the_file(tmp_path, name):
    said = fault(tmp_path / name)
    assert said == "no such file; docs/data.md says where to get it and put it"


@pytest.mark.parametrize(("content", "said"), [
    ("", "the file is empty; download or copy it again"),
    ("\n\n", "the file is empty; download or copy it again"),
    ("participantID,cue,R1,R2\n1,cat,a,b\n",
     "line 1 has no column 'R3' (upper or lower case); found participantID, cue, R1, R2; is "
     "this an official SWOW csv? Else name its columns under cultures.<name>.columns"),
    ("participantID,cue,Cue,R1,R2,R3\n1,cat,dog,a,b,c\n",
     "line 1 names a column twice (participantID, cue, Cue, R1, R2, R3); remove or rename "
     "one"),
    ("cue,response\ncat,dog\n", "is a strength table, already counted"),
    (HEADER + "1,cat,a,b,c\n2,dog,a,b,c,d\n3,cow,a,b,c\n",
     "line 3 has 6 fields, the header 5; an unquoted comma? Quote the entry, or download "
     "the file again"),
    (HEADER + '1,cat,"a\nb",b,c\n2,dog,a,b,c,d\n', "line 4 has 6 fields"),
    (HEADER + '1,cat,"a,b,c\n2,dog,a,b,c\n',
     "line 2 has a faulty entry (unexpected end of data); an unclosed quote? Close the "
     "quote; within quotes, write a quote twice, or download the file again"),
    # characters that str.splitlines takes for line breaks, but editors and csv do not
    *(
        (f"{HEADER}1,cat,a{mark}b,b,c\n2,dog,a,b,c,d\n", "line 3 has 6 fields")
        for mark in "\u2028\x85\x0b\x0c"
    ),
])  # fmt: skip
def test_a_faulty_file_is_refused_with_the_place_and_the_remedy(plain, content, said):
    assert fault(plain(content)).startswith(said)


def test_a_column_of_the_filter_is_required_only_by_the_filter(plain):
    path = plain(HEADER + "1,cat,dog,NA,NA\n")
    assert "line 1 has no column 'nativeLanguage'" in fault(path, ["native_language"])
    found = prepare_culture(path, EVERYONE, culture="us")
    assert found.responses.rows() == [("cat", "dog", 1, "1")]


@pytest.mark.parametrize(("keep", "kept", "dropped"), [
    (AMERICANS, [0], {"country": [2, 3, 4], "native_language": [1]}),
    (EVERYONE, [0, 1, 2, 3, 4], {}),
    ({"country": [], "native_language": ["Canada"]}, [3], {"native_language": [0, 1, 2, 4]}),
    ({"country": ["Canada", "United States"]}, [0, 1, 2, 3], {"country": [4]}),
    ({"country": ["canada ", "UNITED STATES"]}, [0, 1, 2, 3], {"country": [4]}),
])  # fmt: skip
def test_all_filters_must_hold_and_each_counts_what_it_drops(keep, kept, dropped):
    people = [US, ("United States", "Spanish"), ("Canada", "United States"), ("Canada", "Canada")]
    table = pl.DataFrame([*people, ("", "")], schema=["country", "native_language"], orient="row")
    inside, places = keep_respondents(table, keep)
    assert inside.arg_true().to_list() == kept
    assert {column: rows.to_list() for column, rows in places.items()} == dropped


def test_a_culture_is_read_filtered_and_cleaned_with_every_loss_on_account(tmp_path):
    found = prepare_culture(official(tmp_path / "swow.csv", [
        ("1", US, "Cat", "dog", " Dog ", "No more responses"),
        ("1", US, "cat", "milk", "paw", "fur"),  # repeated trial
        ("2", US, "cat", "CAT", "pet", "Unknown word"),
        ("3", ("Canada", "United States"), "cat", "moose", "snow", "ice"),
        ("4", ("United States", "Spanish"), "cat", "gato", "pet", "fur"),
        ("5", US, "", "a", "b", "c"),  # no cue
    ]), AMERICANS, culture="us")  # fmt: skip
    assert found.responses.rows() == [("cat", "dog", 1, "1"), ("cat", "pet", 2, "2")]
    of_trials = {"other country": 1, "other native language": 1, "no cue": 1, "repeated trial": 1}
    of_responses = {"missing token": 2, "over-long": 0, "symbols only": 0, "repeats the cue": 1,
                    "repeated in the trial": 1}  # fmt: skip
    assert found.accounts == [
        Account("trials", 6, 2, of_trials, noted={"cue with upper case": 1}),
        Account("responses", 6, 2, of_responses, added={"several responses in a cell": 0}),
    ]
    sample = found.dropped.filter(unit="trials").select("reason", "row", "text").rows()
    assert sample[:2] == [("other country", 4, "Canada"), ("other native language", 5, "Spanish")]


def test_a_mandarin_culture_is_read_from_its_own_format(tmp_path):
    row = ("1", ("China", "PUTON"), "愛", "家", "#Missing", "#Unknown")
    path = official(tmp_path / "swow.csv", [row], "zh")
    found = prepare_culture(path, EVERYONE, culture="cn", simplify_chinese=True)
    assert found.responses.rows() == [("爱", "家", 1, "1")]


CANADIAN = ("Canada", "French")


@pytest.mark.parametrize(("rows", "keep", "said"), [
    ([("1", CANADIAN, "cat", "a", "b", "c"), ("2", CANADIAN, "cow", "a", "b", "c")], AMERICANS,
     "(country in ['United States'] and native_language in ['United States']) on 2 rows; the"
     " file has country: 'Canada'; native_language: 'French'"),
    ([], EVERYONE, "(no filter) on 0 rows"),
    ([("1", US, "cat", "NA", "#Missing", "")], EVERYONE, "(no filter) on 1 rows"),
])  # fmt: skip
def test_a_culture_without_a_response_is_refused_with_what_the_file_has(tmp_path, rows, keep, said):
    path = official(tmp_path / "swow.csv", rows)
    said = f"{path}: culture 'us' has no response after the filter {said}; correct cultures.us.keep"
    with pytest.raises(UserError, match=f"^{re.escape(said)} or cultures.us.swow$"):
        prepare_culture(path, keep, culture="us")
