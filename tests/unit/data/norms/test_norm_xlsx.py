from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from culturalign.data.norms import norm_xlsx
from culturalign.data.norms.norm_xlsx import sheet_rows
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


def test_rows_of_a_sheet_are_numbered_and_every_cell_is_text(file):
    assert list(sheet_rows(file, USERS, None)) == [
        (1, ["word", "value"]),
        (2, ["true", "2.5"]),  # a spreadsheet takes the word for a truth value
        (3, ["", "3"]), (4, ["null", "nan"]),
    ]  # fmt: skip
    assert list(sheet_rows(file, USERS, "second")) == [(1, ["other"])]
    with pytest.raises(UserError, match=r"^norms.xlsx: no sheet 'third'; found first, second"):
        list(sheet_rows(file, USERS, "third"))


def with_cell(file, place):
    """The same file with one more cell."""
    book = load_workbook(file)
    book["first"][place] = "far"
    book.save(file)
    return file


def test_too_many_cells_and_a_cell_beyond_excels_columns_are_refused(file, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(UserError, match=r"\(more than 7 cells\)"):
        patch.setattr(norm_xlsx, "MOST_CELLS", 7)
        list(sheet_rows(file, USERS, None))
    with pytest.raises(UserError, match=r"xlsx \(cell ZZZ2 beyond column 16384\); download"):
        list(sheet_rows(with_cell(file, "ZZZ2"), USERS, None))


def test_rows_are_read_as_far_as_the_headers_reach(file):
    rows = list(sheet_rows(with_cell(file, "XFD2"), USERS, None))
    assert [len(cells) for _, cells in rows] == [2, 2, 2, 2]
    rows = list(sheet_rows(file, USERS, None, header=2))
    assert [len(cells) for _, cells in rows] == [16_384] * 4  # row 2 holds the headers
