"""What R and other programs add to a csv, by what their manuals say that they write."""

import pytest

from culturalign.files.charset import Text
from culturalign.files.exports import as_plain

KNOWN = {"cue": "cue", "R1": "R1", "R2": "R2"}


def plain(tmp_path, content, header=1):
    path = tmp_path / "x.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with as_plain(Text(path, "utf-8"), KNOWN.get, header) as text:
        return text.file.read_text(), text.above


@pytest.mark.parametrize("content", [
    "cue,R1,R2\na,b,c\n", "", "\n\n", "other,names\ncue,R1 too\n", "x",
    '"cue","R1"\n"a","b"\n"C:\\","d"\n',  # a backslash at the end of an entry
    '"cue","R1"\n"a","say \\""hi"""\n',  # quotes are doubled
    '"cue","R1"\n"a","1\\"2\n',  # a fault that no reading mends
    "cue,R1\n1,a,5\n2,b,5\n",  # a decimal comma, perhaps
    '"cue","R1"\n"1","a","b"\n"1","c","d"\n"2","e","f"\n',  # a participant twice is no row name
])  # fmt: skip
def test_a_plain_csv_and_one_in_doubt_are_used_as_they_are(tmp_path, content):
    assert plain(tmp_path, content) == (content, 0)


def test_lines_above_the_header_are_blank_and_lines_keep_their_numbers(tmp_path):
    content = 'Small World, "2019\n\nrows,2,,\n"cue";"R1"\n"a";"b"\n'
    assert plain(tmp_path, content) == ('\n\n\n"cue";"R1"\n"a";"b"\n', 3)
    assert plain(tmp_path, "\ncue,R1\na,b\n") == ("\ncue,R1\na,b\n", 1)
    assert plain(tmp_path, "a\ncue,R1\nx,y\nz,w\n", header=3) == ("\n\nx,y\nz,w\n", 2)


def test_row_names_of_r_get_an_empty_header(tmp_path):
    """``write.table(data, sep = ",")``."""
    content = b'\xef\xbb\xbf"cue","R1"\n"1","a","b"\n"12","c","d"\n'
    assert plain(tmp_path, content)[0] == '"","cue","R1"\n"1","a","b"\n"12","c","d"\n'


def test_quotes_that_r_escapes_are_doubled(tmp_path):
    """``write.table(data, qmethod = "escape")``, the default."""
    content = '"cue","R1"\n"a","say \\"hi\\""\n'
    assert plain(tmp_path, content)[0] == '"cue","R1"\n"a","say ""hi"""\n'


def test_between_tabs_a_quote_may_be_a_character(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text('a\tb\nx\t"5\n6" y\tz\n')
    with as_plain(Text(path, "utf-8"), KNOWN.get, bare=True) as text:
        assert text.file.read_text() == 'a\tb\nx\t"""5"\n"6"" y"\tz\n'
    quoted = '"a"\t"b"\n"x"\t"5"\n'  # a header with quotes: they quote
    path.write_text(quoted)
    with as_plain(Text(path, "utf-8"), KNOWN.get, bare=True) as text:
        assert text.file == path
