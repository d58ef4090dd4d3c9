import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.errors import UserError
from culturalign.files.charset import as_utf8

CHINESE = "participant,cue\n1,自由\n2,我们的学校\n"
FRENCH = "participant,cue\n1,café\n2,naïve\n"


def read(path, data):
    path.write_bytes(data)
    with as_utf8(path, path) as text:
        return text.encoding, text.file.read_text(encoding="utf-8-sig"), text.is_complete


@pytest.mark.parametrize(("content", "encoding", "found"), [
    (CHINESE, "utf-8", "utf-8"), (CHINESE, "utf-8-sig", "utf-8-sig"), (CHINESE, "utf-16", "utf-16"),
    (CHINESE, "utf-16-be", "utf-16-be"), (CHINESE, "utf-32", "utf-32"),
    (CHINESE, "gb18030", "gb18030"), (FRENCH, "latin-1", "cp1252"),
    (FRENCH, "utf-16-le", "utf-16-le"),
    # the last two lines are UTF-8 by chance
    ("cue,R1\n一,自由\n学校,联通\n一,\n联通,\n", "gb18030", "gb18030"),
])  # fmt: skip
def test_every_encoding_gives_the_same_text(tmp_path, content, encoding, found):
    assert read(tmp_path / "x.csv", content.encode(encoding)) == (found, content, True)


@pytest.mark.parametrize(("data", "content", "is_complete"), [
    (b"a,b\r1,2\r", "a,b\n1,2\n", True), (b"a\nb", "a\nb", False), (b"a\nb\n", "a\nb\n", True),
    (b"", "", True),
])  # fmt: skip
def test_old_line_ends_become_new_ones_and_a_missing_one_shows(
    tmp_path, data, content, is_complete
):
    assert read(tmp_path / "x.csv", data)[1:] == (content, is_complete)


@pytest.mark.parametrize(("data", "said"), [
    *((data, r"line \d+ is not UTF-8 \(byte 0x..\)") for data in (
        "1,貓,學校,國家\n".encode("big5"),  # as GB18030 rare characters, as Latin-1 signs
        b"a,\xc0\xc9\xc8\n",  # an odd number of bytes in a row: no Chinese, and no French word
        CHINESE.encode() + b"\xff\n",  # two encodings in one
        "café,自由\n".encode() + b"caf\xe9\n",
    )),
    # so few lines in UTF-8 that the whole makes sense in the other encoding
    *((b"cue\n" + 200 * text.encode(encoding) + text.encode(),
       r"line 202 is UTF-8, line 2 is not; two files joined\?")
      for text, encoding in (("café,naïve\n", "cp1252"), ("自由,学校\n", "gb18030"))),
    (bytes(1000), "is binary and not text"),
])  # fmt: skip
def test_doubt_is_refused_with_the_line(tmp_path, data, said):
    with pytest.raises(UserError, match=said):
        read(tmp_path / "x.csv", data)


def test_a_copy_is_removed_and_the_original_stays(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(CHINESE.encode("gb18030"))
    with as_utf8(path, path) as text:
        assert text.file != path
    assert not text.file.exists() and path.read_bytes() == CHINESE.encode("gb18030")


@given(text=st.text(st.characters(codec="gb2312", categories=["Lo"]), min_size=12))
def test_common_chinese_in_gb18030_is_never_taken_for_another_encoding(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("x") / "x.csv"
    try:
        encoding, content, _ = read(path, f"cue\n{text}\n".encode("gb18030"))
    except UserError:
        return
    assert encoding == "utf-8" or content == f"cue\n{text}\n"
