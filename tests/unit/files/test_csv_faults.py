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
        fault = rf"line 2 has 3 fields, the header 2; an unquoted comma{more}\? Quote the entry$"
        with pytest.raises(FaultyLine, match=fault):
            list(strict_rows(iter(["a,b\n", f"{cell},x,y\n"]), ","))


@pytest.mark.parametrize(("row", "decimal"), [
    ("hund,3,45,4,12", True), ("hund,3,45,4", True), ("-1,5,hund,3", True),
    ("hund,katze,3,45,4", False), ("hund,katze,3,45", True),
    ("hund,katze,maus,3,x", False), ("hund,3,x,4,y", False), ("3,hund,4,katze", False),
    ("hund,1,2,3,4,5,6,7", False),
])  # fmt: skip
def test_a_row_too_long_for_its_decimal_commas_says_so(row, decimal):
    with pytest.raises(FaultyLine, match="an unquoted comma") as caught:
        list(strict_rows(iter(["Word,V,A\n", f"{row}\n"]), ","))
    assert (
        "perhaps of decimals? Write decimal points, quote the numbers" in str(caught.value)
    ) is (decimal)
    assert ("download" in caught.value.of_download) is not decimal


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
