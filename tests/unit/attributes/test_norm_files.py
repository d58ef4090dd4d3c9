"""Reading norm files: three formats, odd words, and faults told with their place."""

import re

import pytest
from openpyxl import Workbook

from culturalign.attributes.norm_files import read_norm_file
from culturalign.errors import UserError

COLUMNS = {"word": "Word", "valence": "V"}
ROWS = [["Word", "n", "V"], ["null", "1", "4.3"], ["nan", "2", "5.2"], ['say "hi"', "3", "6"]]
EXPECTED = [(2, "null", "4.3"), (3, "nan", "5.2"), (4, 'say "hi"', "6")]


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(path, rows, title="Sheet"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_any_separator(tmp_path, separator):
    rows = [[f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row] for row in ROWS]
    path = write(tmp_path / "n.csv", "\r\n".join(separator.join(row) for row in rows) + "\r\n")
    assert read_norm_file(path, COLUMNS).rows() == EXPECTED


@pytest.mark.parametrize("ending", ["tsv", "txt", "TXT"])
def test_tabs_where_a_quote_is_a_character(tmp_path, ending):
    path = write(tmp_path / f"n.{ending}", "\n".join("\t".join(row) for row in ROWS))
    assert read_norm_file(path, COLUMNS).rows() == EXPECTED


def test_xlsx_with_a_title_above_the_headers_and_typed_cells(tmp_path):
    rows = [["Ratings"], ["Word", "V"], ["爱情", 2.5], [True, 1], [250, None]]
    path = write_xlsx(tmp_path / "n.xlsx", rows)
    assert read_norm_file(path, COLUMNS, header=2).rows() == [
        (3, "爱情", "2.5"), (4, "true", "1"), (5, "250", ""),
    ]  # fmt: skip


def test_a_named_sheet_is_read(tmp_path):
    path = write_xlsx(tmp_path / "n.xlsx", [["Word", "V"], ["a", 1]], title="norms")
    assert len(read_norm_file(path, COLUMNS, sheet="norms")) == 1
    with pytest.raises(UserError, match="no sheet 'other'; found norms"):
        read_norm_file(path, COLUMNS, sheet="other")


def test_a_mark_at_the_start_blank_lines_and_short_rows(tmp_path):
    path = write(tmp_path / "n.csv", "\ufeffWord,x,V\na,1,2\n\nb\n")
    assert read_norm_file(path, COLUMNS).rows() == [(2, "a", "2"), (4, "b", "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("word,V\na,1\n", "n.csv: line 1 has no column 'Word'; found 'word', 'V'; correct"),
        ("Word,V,V\na,1,2\n", "line 1 has several columns 'V'"),
        ("Word,V\n", "n.csv: 1 lines, so none after the headers in line 1"),
        ("", "0 lines"),
    ],
)
def test_faults_are_told(tmp_path, text, said):
    with pytest.raises(UserError, match=re.escape(said)):
        read_norm_file(write(tmp_path / "n.csv", text), COLUMNS)


def test_another_encoding_is_told_with_its_line(tmp_path):
    path = write(tmp_path / "n.csv", "Word,V\na,1\n爱情,2\n", encoding="gb18030")
    with pytest.raises(UserError, match="line 3 is not UTF-8"):
        read_norm_file(path, COLUMNS)


def test_a_file_that_is_no_xlsx(tmp_path):
    with pytest.raises(UserError, match="cannot be read as xlsx"):
        read_norm_file(write(tmp_path / "n.xlsx", "Word,V"), COLUMNS)
