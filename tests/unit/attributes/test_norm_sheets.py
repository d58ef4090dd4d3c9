from pathlib import Path

import pytest
from openpyxl import Workbook

from culturalign.attributes.norm_sheets import sheet_rows
from culturalign.errors import UserError

USERS = Path("norms.xlsx")
"""The user's file, for errors."""


@pytest.fixture
def file(tmp_path):
    book = Workbook()
    book.active.title = "first"
    for row in (["word", "value"], [True, 2.5], [None, 3], ["null", "nan"]):
        book.active.append(row)
    book.create_sheet("second").append(["other"])
    book.save(tmp_path / "any.xlsx")
    return tmp_path / "any.xlsx"


def test_rows_are_numbered_and_every_cell_is_text(file):
    assert list(sheet_rows(file, USERS, None)) == [
        (1, ["word", "value"]),
        (2, ["true", "2.5"]),  # a spreadsheet takes the word for a truth value
        (3, ["", "3"]),
        (4, ["null", "nan"]),
    ]


def test_a_sheet_is_found_by_its_name(file):
    assert list(sheet_rows(file, USERS, "second")) == [(1, ["other"])]


def test_a_sheet_that_is_not_there_is_refused_naming_those_that_are(file):
    with pytest.raises(UserError, match=r"^norms.xlsx: no sheet 'third'; found first, second"):
        list(sheet_rows(file, USERS, "third"))


@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: data[: len(data) // 2]])
def test_a_damaged_file_is_one_sentence(file, damage):
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UserError, match=r"^norms.xlsx: cannot be read as xlsx \(.+\); download"):
        list(sheet_rows(file, USERS, None))
