import gzip
import hashlib
import json

import polars as pl
import pytest

from culturalign.files.data_file import DataFile, Release, encoding_of, oddities
from culturalign.report import file_tables

RELEASE = Release("SWOW-EN R100", "2018", {"rows": 7, "cues": 2}, ["2 cues, ..."])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "swow.csv.gz"
    path.write_bytes(gzip.compress("word\ncafé\n".encode("latin-1")))
    return path


def test_a_record_names_the_file_its_release_and_its_checksum(path, tmp_path):
    found = DataFile.of(path, RELEASE, 3)
    assert found.file == "swow.csv.gz"  # not the folder
    assert (found.packing, found.encoding, found.normalizer) == ("gzip", "cp1252", 3)
    assert found.bytes == path.stat().st_size
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.cells()[1:4] == ["SWOW-EN R100, 2018", "7 rows, 2 cues", "cp1252, gzip"]
    found.write(tmp_path / "source.json")
    assert DataFile.read(tmp_path / "source.json") == found
    assert list(json.loads((tmp_path / "source.json").read_text())) == [
        *("file", "release", "detail", "encoding", "packing", "bytes", "sha256", "sizes", "odd"),
        "normalizer",
    ]


def test_the_table_has_a_row_a_file_and_whole_checksums(path, tmp_path):
    found = DataFile.of(path, RELEASE, 3)
    records = [tmp_path / data / "source.json" for data in ("us", "survey")]
    for record in records:
        record.parent.mkdir()
        found.write(record)
    file_tables.write_table(str(tmp_path / "sources"), records)
    table = pl.read_csv(tmp_path / "sources.csv")
    assert table["data"].to_list() == ["us", "survey"]
    assert set(table["SHA-256"]) == {found.sha256}
    assert found.sha256[:16] in (tmp_path / "sources.md").read_text()


def test_a_summary_says_what_is_odd(path):
    found = DataFile.of(path, RELEASE, 3, "utf-8")
    assert found.summary(path).splitlines() == [
        f"odd      {path}",
        f"         SWOW-EN R100, 2018: 7 rows, 2 cues; utf-8, gzip; SHA-256 {found.sha256[:16]}",
        "       ! 2 cues, ...",
    ]
    plain = DataFile.of(path, Release("norms", "", {"rows": 1}, []), 3).summary(path)
    assert plain.startswith(f"found    {path}\n         norms: 1 rows;") and "!" not in plain
    assert encoding_of(path.with_name("norms.xlsx")) == "xlsx"  # a workbook has no encoding


@pytest.mark.parametrize(("release", "sizes", "odd"), [
    ("SWOW-EN complete", {"rows": 1_387_667, "cues": 12_282}, []),
    ("SWOW-EN complete", {"cues": 12_100}, []),  # within 2 %
    ("SWOW-EN complete", {"cues": 187},
     ["187 cues, the official file has 12,282: a subset, or cut short"]),
    ("SWOW-ZH raw", {"rows": 7, "cues": 10_192},
     ["7 rows, the official file has over 666,667: not all of it"]),
    ("unknown", {"rows": 1}, []),
])  # fmt: skip
def test_official_sizes_are_not_odd_and_subsets_are(release, sizes, odd):
    assert oddities(release, sizes) == odd
