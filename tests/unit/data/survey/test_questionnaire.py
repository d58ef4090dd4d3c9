import csv
import gzip
import zipfile
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.survey.option_numbering import Unclear, plain_options
from culturalign.data.survey.option_text import NOT_READ
from culturalign.data.survey.questionnaire import (
    SCHEMA,
    build,
    check_questionnaire,
    read_questionnaire,
)
from culturalign.errors import UserError
from tests.unit.data.survey.worded import HEADER, TEA, written


def read(path: Path, columns: dict[str, str] | None = None) -> pl.DataFrame:
    return read_questionnaire(path, columns).questionnaire


OPEN = [TEA[0], 'Q10,Do you like tea?,2,"No']


def fault(folder: Path, rows, header=HEADER) -> str:
    path = written(folder, rows, header)
    with pytest.raises(UserError) as caught:
        read(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


def test_reading_by_hand(tmp_path):
    assert read(written(tmp_path)).rows() == [
        ("Q2", "Social values", "How far is it?", 0, "Near", True, 0, None, 4),
        ("Q2", "Social values", "How far is it?", 1, "Middling", True, 1, None, 5),
        ("Q2", "Social values", "How far is it?", 2, "Far", True, 2, None, 6),
        ("Q10", "Social values", "Do you like tea?", 1, "Yes", True, 0, None, 2),
        ("Q10", "Social values", "Do you like tea?", 2, "No", True, 1, None, 3),
    ]


def test_semicolons_byte_order_mark_blank_rows_and_own_columns(tmp_path):
    rows = ["Q1;A;one;3;Is it;no;", "Q1;A;two;1;Is it;no;", ";;;;;;"]
    path = written(tmp_path, rows, "\ufeffquestion;topic;option;code;wording;ordinal;place")
    assert read(path).rows() == [
        ("Q1", "A", "Is it", 1, "two", False, None, None, 3),
        ("Q1", "A", "Is it", 3, "one", False, None, None, 2),
    ]


def test_other_headers(tmp_path):
    path = written(tmp_path, TEA, "id,text,value,label")
    columns = {"question": "id", "wording": "text", "code": "value", "option": "label"}
    assert read(path, columns)["option"].to_list() == ["Yes", "No"]


@pytest.mark.parametrize(("question", "cells", "expected"), [
    ("Q5", ["true,1", "true,0", "true,"], (True, [1, 0, None])),
    ("Q5", [",1", ",0", ",2"], (True, [1, 0, 2])),
    ("Q5", ["no,", "no,", "no,"], (False, [None] * 3)),
    ("Q152", ["yes,", "yes,", "yes,"], (True, [0, 1, 2])),
    ("Q56", [",", ",", ","], (True, [0, 2, 1])),
])  # fmt: skip
def test_the_file_may_state_the_order(tmp_path, question, cells, expected):
    rows = [f"{question},W?,{code},label {code},{cell}" for code, cell in enumerate(cells, 1)]
    table = read(written(tmp_path, rows, HEADER + ",ordinal,place"))
    assert (table["ordinal"][0], table["place"].to_list()) == expected


def test_the_introduction_in_one_row_or_several_stands_for_every_question(tmp_path):
    asked = ['Q10,Tea?,1,Yes,"Good day.\nI ask, you answer."', "Q10,Tea?,2,No,"]
    rows = [*asked, "Q2,Far?,1,Near,", 'Q2,Far?,2,Far,"Good day.\nI ask, you answer."']
    table = read(written(tmp_path, rows, HEADER + ",introduction"))
    assert table["introduction"].to_list() == ["Good day.\nI ask, you answer."] * 4
    named = written(tmp_path, rows, HEADER + ",intro")
    assert read(named, {"introduction": "intro"}).equals(table)
    assert read(named)["introduction"].null_count() == 4
    assert read(written(tmp_path, TEA))["introduction"].null_count() == 2


STATED = HEADER + ",ordinal,place"


def stated(*cells):
    return [f"{row},{cell}" for row, cell in zip(TEA, cells, strict=True)]


@pytest.mark.parametrize(("header", "rows", "message"), [
    (HEADER + ",introduction", [TEA[0] + ",Hello.", TEA[1] + ",Hi."],
     "line 3: introduction 'Hi.' differs from that in line 2"),
    (HEADER, TEA[:1], "line 2: Q10: has one option"),
    (HEADER, [*TEA, "Q10,Do you like tea?,2,Maybe"], "line 4: Q10: code 2 occurs twice"),
    (HEADER, [*TEA, "Q10,Do you like tea?,3, no "], "line 4: Q10: option 'no' occurs twice"),
    (HEADER, [TEA[0], "Q10,Do you like tea?,2,"], "line 3: Q10: the option is empty"),
    (HEADER, ["Q10,,1,Yes", TEA[1]], "line 2: Q10: the wording is empty"),
    (HEADER, [TEA[0], "Q10,Or coffee?,2,No"], "line 3: Q10: wording 'Or coffee?' differs"),
    *((HEADER, [f"Q10,Tea?,{code},Yes"], f"line 2: code is '{code}'")
      for code in ("--1", "x", "1234567890")),
    (HEADER, ["Q10,Tea?,-1,Yes"], "line 2: Q10: all its options stand for missing answers"),
    (HEADER, ["Q300,Tea?,1,Yes"], "line 2: question is 'Q300'"),
    (HEADER, ["Q10,Do you like tea, or coffee?,1,Yes"], "line 2 has 5 fields, the header 4"),
    (HEADER, ["Q10,Tea?,1"], "line 2 has 3 fields, the header 4"),
    (HEADER, [*OPEN, *TEA, 'Q11,"Is it?",1,a'], "line 3 has a faulty"),
    (HEADER, [*OPEN, *TEA], "line 3 has a faulty entry"),
    (HEADER, [*OPEN, *TEA, 'b"'], "line 3 has an entry of several"),
    (HEADER, [*OPEN, 'no"'], r"line 3: option is 'No\nno'"),
    (HEADER, [TEA[0], "Q10,Do you\rlike tea?,2,No"], "line 3 has a carriage return within it"),
    (HEADER, [], "holds no question"), ("", [], "the file is empty"),
    ("question,words,code,text", TEA, "lacks the columns wording, option"),
    (STATED, stated("maybe,", ","), "line 2: ordinal is 'maybe'"),
    (STATED, stated("true,first", ","), "line 2: place is 'first'"),
    (STATED, stated("true,0", "true,0"), "its places are 0, 0"),
    (STATED, stated("true,0", "true,2"), "its places are 0, 2"),
    (STATED, stated("true,0", "true,"), "its places are 0;"),
    (STATED, stated("no,0", "no,1"), "has places though it is not ordinal"),
    (STATED, stated("true,", "no,"), "ordinal False differs"),
])  # fmt: skip
def test_faults(tmp_path, header, rows, message):
    assert message in fault(tmp_path, rows, header)


def test_faults_of_the_file(tmp_path):
    several = 'question,"wording\nQ1,A?",code'
    assert "lacks the columns" in fault(tmp_path, ["Q1,A?,1,x"], several)
    path = tmp_path / "questionnaire.csv"
    path.write_bytes(f"{HEADER}\n{TEA[0]}\n".encode() + b"Q10,Th\x81?,2,No\n")
    with pytest.raises(UserError, match="line 3 is not UTF-8"):
        read(path)
    with pytest.raises(UserError, match="no such file"):
        read(tmp_path / "absent.csv")


def test_a_wording_may_have_two_lines(tmp_path):
    rows = ['Q10,"Do you\nlike tea?",1,Yes', "", 'Q10,"Do you\nlike tea?",2,No']
    table = read(written(tmp_path, rows))
    assert table["wording"].unique().to_list() == ["Do you\nlike tea?"]
    assert table["line"].to_list() == [2, 5]


LONG = (
    "How much?\nOptions: 1. A great deal, 2. Quite a bit, 3. Not much, or, as in Q4, 4. None at all"
)
DEGREES = ["A great deal", "Quite a bit", "Not much", "None at all"]


@pytest.mark.parametrize("columns", [
    ("question", "wording", "code", "option"), ("wording", "option", "code", "question"),
])  # fmt: skip
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_quoted_wording_of_several_lines_may_hold_many_separators(tmp_path, columns, separator):
    path = tmp_path / "questionnaire.csv"
    wording = LONG.replace(",", separator)
    with path.open("w", encoding="utf-8", newline="") as sink:
        sheet = csv.writer(sink, delimiter=separator)
        sheet.writerow(columns)
        for code, option in enumerate(DEGREES, 1):
            row = {"question": "Q11", "wording": wording, "code": code, "option": option}
            sheet.writerow([row[name] for name in columns])
    table = read(path)
    assert table["wording"].unique().to_list() == [wording]
    assert table["option"].to_list() == DEGREES


@pytest.mark.parametrize("columns", [
    ("question", "wording", "code", "option"), ("wording", "option", "code", "question"),
    ("code", "question", "option", "wording"),
])  # fmt: skip
@pytest.mark.parametrize(("first", "last"), [(1, 2), (1, 3), (2, 3)])
def test_no_quote_that_closes_in_a_later_row_swallows_one(tmp_path, columns, first, last):
    cells = {"wording": "Is it?", "code": "1", "option": "Yes"}
    rows = [cells | {"question": f"Q{n}"} for n in (1, 2, 3)]
    rows[first - 1]["wording"] = '"Is it?'
    rows[last - 1]["wording"] = 'Is it?"'
    lines = [",".join(row[name] for name in columns) for row in rows]
    said = fault(tmp_path, lines, ",".join(columns))
    assert "what looks like further rows; an unclosed quote? Close the quote" in said


def test_a_questionnaire_may_be_packed(tmp_path):
    text = written(tmp_path).read_bytes()
    (tmp_path / "q.csv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "q.zip", "w") as archive:
        archive.writestr("questionnaire.csv", text)
    plain = read(tmp_path / "questionnaire.csv")
    assert read(tmp_path / "q.csv.gz").equals(plain)
    assert read(tmp_path / "q.zip").equals(plain)


OPTION = st.text(st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=8)


def without_labels(options: list[str]) -> bool:
    places = list(range(1, len(options) + 1))
    with suppress(Unclear):
        plain = plain_options(options, places, places) == options
        return plain and not NOT_READ.search("\n".join(options))
    return False


WORDED = st.tuples(
    OPTION.filter(lambda text: not NOT_READ.search(text)),
    st.lists(OPTION, min_size=2, max_size=6, unique_by=str.casefold).filter(without_labels),
)
QUESTION = st.integers(1, 259).map("Q{}".format)


@given(st.dictionaries(QUESTION, WORDED, min_size=1, max_size=4))
def test_what_is_written_is_read(tmp_path_factory, questions):
    rows = [
        {"question": question, "wording": wording, "code": code, "option": option}
        for question, (wording, options) in questions.items()
        for code, option in enumerate(options, 1)
    ]
    table = build(rows)
    path = tmp_path_factory.mktemp("written") / "q.csv"
    check_questionnaire(table, "table").select(*SCHEMA).write_csv(path)
    assert read(path).drop("line").equals(table)
