import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.errors import UserError
from culturalign.files import delimited
from culturalign.files.charset import as_utf8
from culturalign.files.delimited import Pick, SpansLines, read_header, read_parts

NAMES = {name: name for name in ("a", "b", "c")}


def read(path, data, pick=None):
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with as_utf8(path, path) as text:
        mark, header = read_header(text, path, NAMES.get)
        places = {name: place for place, name in enumerate(header) if name in NAMES}
        parts = read_parts(text, path, mark, places, lambda rows, _: rows, pick)
        return [row for part in parts for row in part.rows()]


@pytest.mark.parametrize(("data", "rows"), [
    # the separator is the one that finds the columns
    *(("a,b,c\n1,2,3\n".replace(",", mark), [(1, "1", "2", "3")]) for mark in ",;\t"),
    # every line is a row, even an empty one; entries may span lines
    ("a,b,c\n1,2,3\n\n4,5\n", [(1, "1", "2", "3"), (2, None, None, None), (3, "4", "5", None)]),
    ('a,b,c\n1,"x\ny",3\n4,5,6\n', [(1, "1", "x\ny", "3"), (2, "4", "5", "6")]),
    ('a,b,c\r\n1,"2\rx",3\r\n4,5,6\r\n', [(1, "1", "2\rx", "3"), (2, "4", "5", "6")]),
    # a column that is not needed is not kept
    ("c,a,other\n1,2,3\n4\n", [(1, "1", "2"), (2, "4", None)]),
])  # fmt: skip
def test_a_file_is_read_by_its_rows_and_columns(tmp_path, data, rows):
    assert read(tmp_path / "x.csv", data) == rows


@pytest.mark.parametrize(("data", "fault"), [
    ('a,b,c\n1,"x,3\n4,y",6\n7,8,9\n', "line 2 has an entry of several lines"),
    ('a,b,c\n1,"x,3\n4,5,6\n', "line 2 has a faulty entry"),
    ('"a","b","c"\n"1","2","3\n"4","5","6"\n', "line 2 has a faulty entry"),
    ("a,b,c\n1,2,3\n4,5,6,7\n", "line 3 has 4 fields, the header 3"),
    ("a,b,c\n1,2,3\r4,5,6\n7,8,9\n", "line 2 has a carriage return within it"),
    *(("a,b,c\n1,café,3\n4,5\r6,7\n".encode(encoding), "line 3 has a carriage return within it")
      for encoding in ("utf-8", "latin-1", "utf-16")),
    ('a,b,c\n1,5" disk,3\n4,5,6\n', "line 2 has an odd number of quotes"),
])  # fmt: skip
def test_lines_are_not_swallowed(tmp_path, data, fault):
    with pytest.raises(UserError) as caught:
        read(tmp_path / "x.csv", data)
    assert str(caught.value).startswith(f"{tmp_path}/x.csv: {fault}")


@pytest.mark.parametrize("pick", [None, Pick(["a"], lambda seen: seen["a"] == "1")])
@pytest.mark.parametrize("row", ["4,5,6,7,8", '4,"x\ny",6,7,8'])
def test_a_row_too_long_is_refused_if_its_last_column_is_not_needed(tmp_path, pick, row):
    with pytest.raises(UserError, match=r"line [34] has 5 fields, the header 4; an unquoted comma"):
        read(tmp_path / "x.csv", f"a,b,c,other\n1,2,3,x\n{row}\n", pick)


SPARE = "a,b,c,,\n1,2,3,,\n4,x, y,6,\n5,6,7\n8,9,1,5,4\n"


def test_a_comma_that_moves_an_entry_under_no_name_is_refused_as_a_row_too_long(tmp_path):
    said = (
        "x.csv: line 3 has 4 fields, the header 3 names ('4,x, y,6'), and 1 more rows are too "
        "long; an unquoted comma? Quote the entry, or download the file again"
    )
    with pytest.raises(UserError, match=re.escape(said)):
        read(tmp_path / "x.csv", SPARE)
    with pytest.raises(UserError, match=r"the header 2 names; an unquoted comma, perhaps of dec"):
        read(tmp_path / "y.csv", "a,b,,\n1,2\nx,6,26,\n")
    assert read(tmp_path / "z.csv", "a,b,c,, \n1,2,3,, \n4,,\n") == [
        (1, "1", "2", "3"), (2, "4", None, None),
    ]  # fmt: skip


@given(cells=st.lists(st.tuples(*[st.text('ab,\n" ;', max_size=5)] * 3), max_size=6))
def test_what_a_csv_writer_writes_is_read_back_or_refused(tmp_path_factory, cells):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *cells])
    path = tmp_path_factory.mktemp("x") / "x.csv"
    try:
        found = read(path, out.getvalue())
    except UserError:
        assert any(cell.count(",") >= 1 and "\n" in cell for row in cells for cell in row)
        return
    assert [tuple(cell or "" for cell in row[1:]) for row in found] == cells


ROWS = "".join(f"{n % 3},word {n},{n * n}\n" for n in range(200))
ROWS_READ = [(n + 1, str(n % 3), f"word {n}", str(n * n)) for n in range(200)]


def test_rows_are_those_of_the_file_whatever_the_blocks(tmp_path, monkeypatch):
    assert read(tmp_path / "x.csv", "a,b,c\n" + ROWS) == ROWS_READ
    monkeypatch.setattr(delimited, "BLOCK", 64)
    assert read(tmp_path / "x.csv", "\n\na,b,c\n" + ROWS.rstrip("\n")) == ROWS_READ
    pick = Pick(["a"], lambda seen: seen["a"] == "1")
    picked = [row for row in ROWS_READ if row[1] == "1"]
    assert read(tmp_path / "x.csv", "a,b,c\n" + ROWS, pick) == picked


@pytest.mark.parametrize("row", ['1,"x\ny",3', "1,2\rx,3", "1,2\r4,5"])
def test_a_block_whose_rows_may_not_be_its_lines_is_not_read(tmp_path, row):
    path = tmp_path / "x.csv"
    path.write_text(f"a,b,c\n{row}\n", encoding="utf-8", newline="")
    with as_utf8(path, path) as text, pytest.raises(SpansLines):
        list(delimited._blocks(text, ",", {"a": 0, "b": 1, "c": 2}, None))
