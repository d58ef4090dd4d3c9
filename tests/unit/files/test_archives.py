import gzip
import io
import tarfile
import zipfile

import pytest
from openpyxl import Workbook

from culturalign.errors import UserError
from culturalign.files import archives

DATA = b"version,Q1\n" + bytes(range(256)) * 40


def zipped(path, members, packing=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def fault(path):
    with pytest.raises(UserError) as caught, archives.unpacked(path) as file:
        file.read_bytes()
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["wvs.zip", "wvs.csv.gz", "wvs.csv"])  # by content, not by name
def test_a_zip_or_gzip_of_a_csv_is_read_and_nothing_stays_behind(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(DATA))
    if name == "wvs.zip":
        zipped(path, {"a/wvs.CSV": DATA, "__MACOSX/a/._wvs.csv": "x", "a/readme.txt": "x"})
    with archives.unpacked(path) as file:
        assert file.read_bytes() == DATA
    assert not file.exists()


@pytest.mark.parametrize(("members", "said"), [
    ({"readme.md": "x"}, "found none"), ({"a.csv": "x", "b.csv": "x"}, "found a.csv, b.csv"),
    *(
        ({"wvs.csv": "x", name: "x"}, "a place outside itself")
        for name in ("../w.csv", "/etc/w.csv", "a/../../w.csv", "..\\w.csv", "C:/w.csv")
    ),
])  # fmt: skip
def test_a_zip_must_hold_one_csv_and_name_no_place_outside(tmp_path, members, said):
    assert said in fault(zipped(tmp_path / "wvs.zip", members))
    assert [entry.name for entry in tmp_path.iterdir()] == ["wvs.zip"]


def test_a_workbook_that_is_called_otherwise(tmp_path):
    book = Workbook()
    book.active.append(["Word", "V"])
    book.save(tmp_path / "norms.xlsx")
    path = (tmp_path / "norms.xlsx").rename(tmp_path / "norms.csv")
    assert fault(path) == f"{path}: is an Excel workbook; rename it to .xlsx, or export csv"


@pytest.mark.parametrize("name", ["norms.xls", "norms.csv", "norms.xlsx"])
def test_a_workbook_of_the_old_kind(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504))  # [MS-CFB], section 2.2
    assert "of the old kind (.xls)" in fault(path) and "save it as .xlsx" in fault(path)


@pytest.mark.parametrize("name", ["wvs.zip", "wvs.csv.gz"])
def test_an_archive_cut_short_or_damaged(tmp_path, name):
    path = tmp_path / name
    whole = gzip.compress(DATA)
    if name == "wvs.zip":
        whole = zipped(path, {"inner.csv": DATA}).read_bytes()
    path.write_bytes(whole[:-30])
    assert "cut short or damaged" in fault(path) and "interrupted download" in fault(path)
    path.write_bytes(whole[:60] + bytes(40) + whole[100:])
    assert "cut short or damaged" in fault(path)
    path.write_bytes(b"<html>")
    assert f"is not a {path.suffix[1:]} archive" in fault(path)


def test_bombs_are_refused_even_if_a_zip_lies_about_its_size(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED_LIMIT", 1000)
    path = zipped(tmp_path / "wvs.zip", {"wvs.csv": b"1" * 5000})
    assert "more than 1000" in fault(path)
    size, less = ((n).to_bytes(4, "little") for n in (5000, 500))
    path.write_bytes(path.read_bytes().replace(size, less))
    assert "cut short or damaged" in fault(path)
    path = tmp_path / "wvs.csv.gz"
    path.write_bytes(gzip.compress(b"1" * 3_000_000))
    assert "more than 1000" in fault(path)


def test_locked_archives_are_refused(tmp_path):
    path = zipped(tmp_path / "wvs.zip", {"wvs.csv": "x"})
    data = bytearray(path.read_bytes())
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + place] |= 1
    path.write_bytes(bytes(data))
    assert "without a password" in fault(path)


def tar_gz() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("inner.csv"))
    return stream.getvalue()


@pytest.mark.parametrize(("packed", "said"), [
    (lambda: b"\xfd7zXZ\x00" + b"x" * 50, "is packed with xz; unpack it"),
    (lambda: b"Rar!\x1a\x07" + b"x" * 50, "is packed with rar; unpack it"),
    (tar_gz, "holds a tar archive"),
], ids=["xz", "rar", "tar"])  # fmt: skip
def test_other_packings_are_named(tmp_path, packed, said):
    (tmp_path / "wvs.csv").write_bytes(packed())
    assert said in fault(tmp_path / "wvs.csv")
