"""Reading norm files: formats, odd words, and faults named with their place."""

import gzip
import re
import zipfile

import pytest
from openpyxl import Workbook

from culturalign.data.norms.norm_text import read_norm_file
from culturalign.errors import UserError
from culturalign.files import archives
from tests.fuzz.corpus import zipped

COLUMNS = {"word": "Word", "valence": "V"}
ROWS = [["Word", "n", "V"], ["null", "1", "4.3"], ["nan", "2", "5.2"], ['say "hi"', "3", "6"]]
EXPECTED = [(2, "null", "4.3"), (3, "nan", "5.2"), (4, 'say "hi"', "6")]
SHEET = "xl/worksheets/sheet1.xml"


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def xlsx(tmp_path):
    """A workbook with three words, at first row 1."""

    def write(*rows, title="Sheet"):
        book = Workbook()
        book.active.title = title
        for row in rows or (["Word", "V"], ["a", 1], ["b", 2], ["c", 3]):
            book.active.append(row)
        book.save(tmp_path / "n.xlsx")
        return tmp_path / "n.xlsx"

    return write


QUOTED = [[f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row] for row in ROWS]


@pytest.mark.parametrize(("ending", "rows", "mark"), [
    *(("csv", QUOTED, mark) for mark in ",;\t"),
    *((ending, ROWS, "\t") for ending in ("tsv", "txt", "TXT")),  # where a quote is a character
])  # fmt: skip
def test_csv_with_any_separator_and_tabs(tmp_path, ending, rows, mark):
    path = write(tmp_path / f"n.{ending}", "\r\n".join(mark.join(row) for row in rows) + "\r\n")
    assert read_norm_file(path, COLUMNS).rows() == EXPECTED


def test_xlsx_with_a_title_above_the_headers_and_typed_cells(xlsx):
    path = xlsx(["Ratings"], ["Word", "V"], ["爱情", 2.5], [True, 1], [250, None], title="norms")
    for sheet in (None, "norms"):
        assert read_norm_file(path, COLUMNS, header=2, sheet=sheet).rows() == [
            (3, "爱情", "2.5"), (4, "true", "1"), (5, "250", ""),
        ]  # fmt: skip


def test_a_mark_at_the_start_blank_lines_and_short_rows(tmp_path):
    path = write(tmp_path / "n.csv", "\ufeffWord,x,V\na,1,2\n\nb\n")
    assert read_norm_file(path, COLUMNS).rows() == [(2, "a", "2"), (4, "b", "")]


@pytest.mark.parametrize(
    ("word", "encoding"), [("爱情", "gb18030"), ("爱情", "utf-16"), ("café", "latin-1")]
)
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_encodings_that_spreadsheets_write(tmp_path, word, encoding, ending):
    path = write(tmp_path / f"n.{ending}", f"Word\tV\r\n{word}\t2\r\n", encoding=encoding)
    assert read_norm_file(path, COLUMNS).rows() == [(2, word, "2")]


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt"])
def test_zip_and_gzip(tmp_path, ending):
    disk = '"5"" disk"' if ending == "csv" else '5" disk'
    text = f"Word\tV\n{disk}\t2\n{disk}\t2\n".encode()
    with zipfile.ZipFile(tmp_path / "n.zip", "w") as archive:
        archive.writestr(f"folder/n.{ending}", text)
    (tmp_path / f"n.{ending}.gz").write_bytes(gzip.compress(text))
    for name in ("n.zip", f"n.{ending}.gz"):
        assert read_norm_file(tmp_path / name, COLUMNS)["word"].to_list() == ['5" disk'] * 2


def test_an_xlsx_in_a_zip(tmp_path, xlsx):
    with zipfile.ZipFile(tmp_path / "n.zip", "w") as archive:
        archive.write(xlsx(), "supplement.xlsx")
    assert read_norm_file(tmp_path / "n.zip", COLUMNS).row(0) == (2, "a", "1")


def test_lines_above_the_headers_are_not_read_as_csv(tmp_path):
    text = 'Ratings, "unclosed; a, b, c\n\nWord;V\na;1\n"b\nc";2\nd;3\n'
    path = write(tmp_path / "n.csv", text)
    assert read_norm_file(path, COLUMNS, header=3).rows() == [
        (4, "a", "1"), (5, "b\nc", "2"), (7, "d", "3"),
    ]  # fmt: skip
    with pytest.raises(UserError, match=r"n\.csv: ends before line 9; correct `header`"):
        read_norm_file(path, COLUMNS, header=9)


@pytest.mark.parametrize("name", ["n.csv", "n.xlsx"])
def test_a_missing_file(tmp_path, name):
    with pytest.raises(UserError, match="no such file"):
        read_norm_file(tmp_path / name, COLUMNS)


LONG = '"' + ("x" * 1000 + "\n") * 1100 + '"'


@pytest.mark.parametrize(("ending", "text", "said"), [
    ("csv", "word,V\na,1\n", "n.csv: line 1 has no column 'Word'; found 'word', 'V'; correct"),
    ("csv", "Word,V,V\na,1,2\n", "line 1 has several columns 'V'"),
    ("csv", "Word,V\n", "n.csv: no line after the headers in line 1"),
    ("csv", "", "the file is empty"),
    ("csv", 'Word,V\na,1\n"b,2\nc,3\n', "line 3 has a faulty entry (unexpected end of data)"),
    ("csv", 'Word,V\na,1\n"b,2\nc,"3\n', "line 3 has a faulty entry"),
    ("csv", 'Word,V\n"a,1\nb",2\n', "line 2 has an entry of several lines that holds"),
    ("csv", "Word,V\na,1\nb,2,3\n", "3 fields, the header 2; an unquoted comma, perhaps of"),
    ("csv", "Word,V,,\na,1\nb,2,3,\nc,4,5\n", "the header 2 names ('b,2,3'), and 1 more rows are"),
    ("csv", "Word,V,A,B\na,1,05,2\nb,5,6,07\nc,2,25,\n",
     "1 of 3 entries of column 'V' are whole numbers before a field that begins with 0 (1,05, line "
     "2): decimal commas without quotes? Write decimal points"),
    ("csv", "Word;V\nb;2;3\n", "line 2 has 3 fields, the header 2; an unquoted semicolon?"),
    ("txt", "Word\tV\nb\t2\t3\n", "header 2; a stray tab? Correct the line, or download"),
    ("csv", "Word,V\na\rb,1\nc,2\n", "line 2 has a carriage return within it"),
    ("csv", "Wo\rrd,V\na,1\n", "line 1 has a carriage return within it"),
    ("csv", "Word,V\na," + "1" * (1 << 20), "line 2 is longer than 1048576 characters"),
    ("csv", "Word,V\n\x00\x00\x00", "is binary and not text"),
    ("csv", "x" * 5000 + ",V\na,1\n", "no column 'Word'"),
    pytest.param("csv", f"Word,V\n{LONG},1\n", "line 2 has a faulty entry", id="long entry"),
    ("csv", "Word,V\na,1\n\udc81\udcff,2\n", "line 3 is not UTF-8"),
    ("xlsx", "Word,V", "cannot be read as xlsx"),
])  # fmt: skip
def test_rows_are_not_swallowed_and_every_fault_is_one_sentence(tmp_path, ending, text, said):
    path = tmp_path / f"n.{ending}"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UserError, match=re.escape(said)) as caught:
        read_norm_file(path, COLUMNS)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 1000


def replace_in(path, member, old, new):
    """Rewrite a member of an xlsx."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    path.write_bytes(zipped(members))


@pytest.mark.parametrize(("member", "old", "new"), [
    (SHEET, b"</row>", b"</rw>"),
    (SHEET, b'r="3"', b'r="2"'),  # openpyxl drops the row
    (SHEET, b'r="3"', b'r="99999999999"'),  # and makes that many empty ones
    (SHEET, b'r="B3"', b'r="A3"'),  # and overwrites the word
    (SHEET, b'r="B3"', b'r="B4"'), (SHEET, b'<c r="B3" t="n"><v>', b'<c r="B3" t="s"><v>'),
    (SHEET, b'<c r="B3" t="n"><v>', b'<c r="B3" t="n"><v>x'),
    (SHEET, b'<c r="B3" t="n"', b'<c r="B3" t="n" s="x"'),
    ("xl/workbook.xml", b"<sheets>", b"<sheets/><x>"), ("xl/workbook.xml", b"rId1", b"rId77"),
    ("[Content_Types].xml", b"<Override", b"<Overrode"), ("xl/styles.xml", b"<fonts", b"<font"),
])  # fmt: skip
def test_a_damaged_xlsx_is_one_sentence(xlsx, member, old, new):
    path = xlsx()
    replace_in(path, member, old, new)
    said = r"n.xlsx: cannot be read as xlsx \(.+\); download"
    with pytest.raises(UserError, match=said) as caught:
        read_norm_file(path, COLUMNS)
    assert "\n" not in str(caught.value)


def test_an_xlsx_that_says_it_is_shorter_is_read_whole(xlsx):
    path = xlsx()
    replace_in(path, SHEET, b"A1:B4", b"A1:B2")
    assert read_norm_file(path, COLUMNS)["line"].to_list() == [2, 3, 4]


def test_an_xlsx_cut_short_or_too_large(xlsx, monkeypatch):
    path = xlsx()
    whole = path.read_bytes()
    for end in range(0, len(whole) - 1, 97):
        path.write_bytes(whole[:end])
        with pytest.raises(UserError, match="cannot be read as xlsx"):
            read_norm_file(path, COLUMNS)
    path.write_bytes(whole)
    monkeypatch.setattr(archives, "SHEET_LIMIT", 1000)
    with pytest.raises(UserError, match="unpacks to more than 1000 bytes"):
        read_norm_file(path, COLUMNS)


@pytest.mark.parametrize("merged", [False, True])
def test_a_header_above_several_columns_is_refused(tmp_path, merged):
    book = Workbook()
    rows = [
        ["Word", "Arousal", "Valence", None],
        [None, "Mean", "N", "Mean"],
        ["cat", 4, 5, 3.1],
    ]
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells("C1:D1")
    book.save(tmp_path / "norms.xlsx")
    csv = tmp_path / "norms.csv"
    csv.write_text("Word,Valence,,A\n,N,Mean,Mean\ncat,5,3.1,4\n", encoding="utf-8")
    for path in (tmp_path / "norms.xlsx", csv):
        with pytest.raises(UserError, match=r"'Valence' in line 1 stands above .* 'N', 'Mean'"):
            read_norm_file(path, {"word": "Word", "valence": "Valence"})
    found = read_norm_file(tmp_path / "norms.xlsx", {"word": "Word", "arousal": "Arousal"})
    assert found["arousal"].to_list() == ["Mean", "4"]
