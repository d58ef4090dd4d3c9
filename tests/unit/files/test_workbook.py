from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from culturalign.errors import UserError
from culturalign.files import workbook
from culturalign.files.workbook import sheet_rows

USERS = Path("norms.xlsx")
"""The user's file, for errors."""


NAMES = {"word": "word", "value": "V"}


def rows(file, sheet=None, header=1):
    return list(sheet_rows(file, USERS, NAMES.get, sheet, header))


@pytest.fixture
def file(tmp_path):
    book = Workbook()
    book.active.title = "first"
    for row in (["word", "value"], [True, 2.5], [None, 3], ["null", "nan"]):
        book.active.append(row)
    book.create_sheet("second").append(["other"])
    book.save(tmp_path / "any.xlsx")
    return tmp_path / "any.xlsx"


BODY = [
    ["word", "value"],
    ["true", "2.5"],  # a spreadsheet takes the word for a truth value
    ["", "3"], ["null", "nan"],
]  # fmt: skip


def test_the_sheet_and_the_headers_are_found_and_every_cell_is_text(file):
    assert rows(file) == BODY
    assert rows(file, "second") == [["other"]]
    with pytest.raises(UserError, match=r"^norms.xlsx: no sheet 'third'; found first, second"):
        rows(file, "third")
    book = load_workbook(file)
    book.move_sheet("second", -1)
    book["first"].insert_rows(1, 3)
    book["first"]["A2"] = "Ratings, 2013"
    book.save(file)
    assert rows(file) == [[], [], [], *BODY]  # the sheet and the row with our columns


def with_cell(file, place):
    """The same file with one more cell."""
    book = load_workbook(file)
    book["first"][place] = "far"
    book.save(file)
    return file


def test_too_many_cells_and_a_cell_beyond_excels_columns_are_refused(file, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(UserError, match=r"\(more than 7 cells\)"):
        patch.setattr(workbook, "MOST_CELLS", 7)
        rows(file)
    with pytest.raises(UserError, match=r"xlsx \(cell ZZZ2 beyond column 16384\); download"):
        rows(with_cell(file, "ZZZ2"))


def test_rows_are_read_as_far_as_the_headers_reach(file):
    far = with_cell(file, "XFD2")
    assert [len(cells) for cells in rows(far)] == [2, 2, 2, 2]
    # row 2 holds the headers
    assert [len(cells) for cells in rows(far, header=2)] == [0, 16_384, 16_384, 16_384]
