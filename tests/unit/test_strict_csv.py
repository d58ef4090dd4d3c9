import pytest

from culturalign.encodings import as_utf8
from culturalign.strict_csv import FaultyLine, first_fault, stray_quote, strict_rows


def test_rows_tell_the_line_in_which_they_start():
    lines = iter(["\n", "a,b\n", '1,"x\n', 'y"\n', "2,3\n"])
    assert list(strict_rows(lines, ",")) == [(2, ["a", "b"]), (3, ["1", "x\ny"]), (5, ["2", "3"])]


def test_lines_above_the_header_count():
    with pytest.raises(FaultyLine, match="line 12 has 3 fields, the header 2; an unquoted comma"):
        list(strict_rows(iter(["a,b\n", "1,2,3\n"]), ",", before=10))


def test_a_quote_may_be_a_character_like_others():
    rows = list(strict_rows(iter(["a;b\n", '5";x\n']), ";", quotes=False))
    assert rows[1] == (2, ['5"', "x"])


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("a,b\n1,2\n3,4\n", (None, 2)),
        ('a,b\n1,"2\n3,4\n', ("line 2 has a faulty entry", 0)),
        ('a,b\n1,"2\n3,4",5\n', ("line 3 has 3 fields", 0)),
    ],
)
def test_the_first_fault_or_how_many_rows_there_are(tmp_path, data, found):
    path = tmp_path / "x.csv"
    path.write_text(data, encoding="utf-8")
    with as_utf8(path, path) as text:
        fault, rows = first_fault(text, ",")
    assert rows == found[1]
    assert fault is None if found[0] is None else fault.startswith(found[0])


def test_the_first_line_with_an_odd_number_of_quotes(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('a,b\n"1","2"\n3,4" disk\n', encoding="utf-8")
    with as_utf8(path, path) as text:
        assert stray_quote(text) == "line 3 has an odd number of quotes; a stray quote?"
