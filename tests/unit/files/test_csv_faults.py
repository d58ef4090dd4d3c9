import pytest

from culturalign.files.charset import as_utf8
from culturalign.files.csv_faults import FaultyLine, find_fault, strict_rows


def test_rows_tell_the_line_in_which_they_start():
    lines = iter(["\n", "a,b\n", '1,"x\n', 'y"\n', "2,3\n"])
    assert list(strict_rows(lines, ",")) == [(2, ["a", "b"]), (3, ["1", "x\ny"]), (5, ["2", "3"])]
    rows = list(strict_rows(iter(["a;b\n", '5";x\n']), ";", quotes=False))
    assert rows[1] == (2, ['5"', "x"])
    by_row = list(strict_rows(iter(["\n", "a,b\n", '1,"x\n', 'y"\n', "2,3\n"]), ",", by_row=True))
    assert [place for place, _ in by_row] == [2, 3, 4]
    for cell, more in (("x", ""), ("1", ", or row names without a header")):
        fault = rf"line 2 has 3 fields, the header 2; an unquoted comma{more}\?$"
        with pytest.raises(FaultyLine, match=fault):
            list(strict_rows(iter(["a,b\n", f"{cell},2,3\n"]), ","))


@pytest.mark.parametrize(("data", "rows", "fault"), [
    ("a,b\n1,2\n3,4\n", 2, None),
    ("a,b\n1,2\n3,4\n", 1, "has 2 rows in one reading and 1 in another; a stray quote"),
    ('a,b\n1,"2\n3,4\n', 2, "line 2 has a faulty entry"),
    ('a,b\n1,"2\n3,4",5\n', 2, "line 3 has 3 fields"),
    ('a,b\n"1","2"\n3,4" disk\n', None, "line 3 has an odd number of quotes; a stray quote?"),
])  # fmt: skip
def test_the_fault_of_a_file(tmp_path, data, rows, fault):
    path = tmp_path / "x.csv"
    path.write_text(data, encoding="utf-8")
    with as_utf8(path, path) as text:
        found = find_fault(text, ",", rows)
    assert found is None if fault is None else found.startswith(fault)
