import gzip
import io
import tarfile
import zipfile

import pytest

from culturalign.errors import UserError
from culturalign.files import archives
from tests.unit.data.survey.wave7 import READ, ROWS, fault, read, written


def test_zip_with_one_csv(tmp_path):
    inner = written(tmp_path / "inner.csv")
    with zipfile.ZipFile(tmp_path / "wvs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "folder/WVS_Cross-National_Wave_7_csv_v6_0.csv")
        archive.writestr("__MACOSX/folder/._WVS.csv", "x")
        archive.writestr("folder/readme.txt", "x")
    assert read(tmp_path / "wvs.zip") == READ


def test_zip_cut_short_or_damaged(tmp_path):
    written(tmp_path / "inner.csv", rows=ROWS * 200)
    path = tmp_path / "wvs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "inner.csv", "inner.csv")
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert "interrupted download" in fault(path)
    path.write_bytes(whole[:60] + bytes(40) + whole[100:])
    assert "cut short or damaged" in fault(path)
    path.write_bytes(b"<html>")
    assert "not a zip" in fault(path)


def test_zip_with_no_or_several_csv(tmp_path):
    path = tmp_path / "wvs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "found none" in fault(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    assert "found a.csv, b.csv" in fault(path)


@pytest.mark.parametrize("honest", [True, False])
def test_zip_bomb(tmp_path, monkeypatch, honest):
    monkeypatch.setattr(archives, "UNPACKED_LIMIT", 1000)
    path = tmp_path / "wvs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("wvs.csv", b"1" * 5000)
    if honest:
        assert "more than 1000" in fault(path)
        return
    size = (5000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (500).to_bytes(4, "little")))
    assert "cut short or damaged" in fault(path)


def test_gzip_of_a_csv(tmp_path):
    inner = written(tmp_path / "inner.csv")
    (tmp_path / "wvs.csv.gz").write_bytes(gzip.compress(inner.read_bytes()))
    assert read(tmp_path / "wvs.csv.gz") == READ
    (tmp_path / "named.csv").write_bytes(gzip.compress(inner.read_bytes()))
    assert read(tmp_path / "named.csv") == READ  # by content, not by name


def test_gzip_cut_short_or_no_gzip(tmp_path):
    path = tmp_path / "wvs.csv.gz"
    path.write_bytes(gzip.compress(written(tmp_path / "i.csv", rows=ROWS * 200).read_bytes())[:-40])
    assert "gzip archive is cut short or damaged" in fault(path)
    path.write_bytes(b"version,Q1")
    assert "is not a gz archive" in fault(path)


def test_gzip_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED_LIMIT", 1000)
    path = tmp_path / "wvs.csv.gz"
    path.write_bytes(gzip.compress(b"1" * 3_000_000))
    assert "more than 1000" in fault(path)


def test_a_tar_is_to_be_unpacked_by_hand(tmp_path):
    inner, out = written(tmp_path / "inner.csv"), io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.add(inner, "inner.csv")
    (tmp_path / "wvs.tar.gz").write_bytes(out.getvalue())
    assert "holds a tar archive" in fault(tmp_path / "wvs.tar.gz")


@pytest.mark.parametrize(
    "name", ["../wvs.csv", "/etc/wvs.csv", "a/../../wvs.csv", "..\\wvs.csv", "C:/wvs.csv"]
)
def test_archives_that_name_places_outside_are_refused(tmp_path, name):
    path = tmp_path / "wvs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("wvs.csv", "x")
        archive.writestr(name, "x")
    assert "a place outside itself" in fault(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["wvs.zip"]


def test_locked_archives_are_refused(tmp_path):
    path = tmp_path / "wvs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("wvs.csv", "x")
    data = bytearray(path.read_bytes())
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + place] |= 1
    path.write_bytes(bytes(data))
    assert "without a password" in fault(path)


@pytest.mark.parametrize(("magic", "name"), [(b"\xfd7zXZ\x00", "xz"), (b"Rar!\x1a\x07", "rar")])
def test_other_packings_are_named(tmp_path, magic, name):
    path = tmp_path / "wvs.csv"
    path.write_bytes(magic + b"x" * 50)
    with (
        pytest.raises(UserError, match=f"is packed with {name}; unpack it"),
        archives.unpacked(path),
    ):
        pass


def test_nothing_unpacked_stays_behind(tmp_path):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n"))
    with archives.unpacked(path) as file:
        assert file.read_bytes() == b"a,b\n"
    assert not file.exists()
