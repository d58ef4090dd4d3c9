import gzip
import io
import tarfile
import zipfile

import pytest

from culturalign import archives
from culturalign.errors import UserError

from tests.unit.survey.wave7 import READ, ROWS, fault, read, written


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
