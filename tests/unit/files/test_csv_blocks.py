import pytest

from culturalign.files import delimited
from culturalign.files.charset import as_utf8
from culturalign.files.delimited import Form, Pick, Spanning, blocks

ROWS = "".join(f"{n % 3},word {n},{n * n}\n" for n in range(200))
PLACES = {"a": 0, "b": 1, "c": 2}


def read(path, data, pick=None):
    path.write_text(data, encoding="utf-8", newline="")
    with as_utf8(path, path) as text:
        return list(blocks(text, Form(",", 3), PLACES, pick))


def rows_of(parts):
    return [row for part in parts for row in part.rows()]


def test_rows_are_those_of_the_file_whatever_the_blocks(tmp_path, monkeypatch):
    expected = [(n + 1, str(n % 3), f"word {n}", str(n * n)) for n in range(200)]
    assert rows_of(read(tmp_path / "x.csv", "a,b,c\n" + ROWS)) == expected
    monkeypatch.setattr(delimited, "PART", 64)
    parts = read(tmp_path / "x.csv", "\n\na,b,c\n" + ROWS.rstrip("\n"))
    assert len(parts) > 20 and rows_of(parts) == expected


def test_picked_rows_are_those_of_a_filter(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "PART", 64)
    whole = rows_of(read(tmp_path / "x.csv", "a,b,c\n" + ROWS))
    pick = Pick(["a"], lambda table: table["a"] == "1", list)
    found = rows_of(read(tmp_path / "x.csv", "a,b,c\n" + ROWS, pick))
    assert found == [row for row in whole if row[1] == "1"]


@pytest.mark.parametrize("row", ['1,"2\n3",4', "1,2\r3,4"])
def test_a_block_in_which_a_line_may_be_no_row_is_left_to_others(tmp_path, row):
    with pytest.raises(Spanning):
        read(tmp_path / "x.csv", f"a,b,c\n{row}\n")
