import pytest

from .wave7 import HEADER, READ, changed, fault, read, written


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_separators_quotes_and_byte_order_marks(tmp_path, mark, quote, start):
    path = written(tmp_path / "wvs.csv", mark=mark, quote=quote, start=start)
    assert read(path) == READ


def test_headers_with_labels(tmp_path):
    labels = ["Version, of file", "B_COUNTRY: ISO; numeric", "B_COUNTRY_ALPHA: ISO, letters",
              "W_WEIGHT: Weight", "Q1: Important in life: Family", "Q2: Friends, and so on",
              "Q33_3: Jobs"]  # fmt: skip
    assert read(written(tmp_path / "wvs.csv", header=labels, quote='"')) == READ


def test_the_file_may_end_without_a_line_end(tmp_path):
    path = written(tmp_path / "wvs.csv")
    path.write_bytes(path.read_bytes().rstrip())
    assert read(path) == READ


def test_columns_that_are_missing_or_double(tmp_path):
    without = [name.replace("Q2", "Q3") for name in HEADER]
    assert "lacks the columns Q2;" in fault(written(tmp_path / "wvs.csv", header=without))
    double = [name.replace("version", "Q1: again") for name in HEADER]
    assert "names Q1 more than once" in fault(written(tmp_path / "wvs.csv", header=double))
    page = tmp_path / "page.csv"
    page.write_text("<!DOCTYPE html>\n<title>Log in</title>\n")
    assert "starts with <!DOCTYPE html>" in fault(page)


def test_empty_files(tmp_path):
    path = tmp_path / "wvs.csv"
    path.write_bytes(b"")
    assert "empty" in fault(path)
    assert "holds no respondents" in fault(written(path, rows=[]))
    assert "no such file" in fault(tmp_path / "absent.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "latin-1", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path, encoding):
    path = written(tmp_path / "wvs.csv", changed(1, 0, "é"))
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    assert read(path) == READ


@pytest.mark.parametrize("cut", [4, 12])
def test_csv_cut_short(tmp_path, cut):
    path = written(tmp_path / "wvs.csv")
    path.write_bytes(path.read_bytes()[:-cut])
    assert "the last line has" in fault(path)
