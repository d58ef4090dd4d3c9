import gzip
import hashlib
import json

import polars as pl

from culturalign.data import normalize
from culturalign.files import record
from culturalign.files.release import Release
from culturalign.report import file_tables

RELEASE = Release("SWOW-EN R100", "2018", {"rows": 7, "cues": 2}, ["2 cues, ..."])


def test_a_record_names_the_file_its_release_and_its_checksum(tmp_path):
    path = tmp_path / "swow.csv.gz"
    path.write_bytes(gzip.compress(b"x"))
    facts = record.record(path, RELEASE, "utf-8", normalize.VERSION)
    assert facts["file"] == "swow.csv.gz"  # no folder of this machine
    assert facts["packing"] == "gzip" and facts["bytes"] == path.stat().st_size
    assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts["normalizer"] == normalize.VERSION
    assert record.describe(facts)[1:4] == ["SWOW-EN R100, 2018", "7 rows, 2 cues", "utf-8, gzip"]


def test_the_table_has_a_row_a_file_and_whole_checksums(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_bytes(b"x")
    for data in ("us", "survey"):
        (tmp_path / data).mkdir()
        facts = record.record(path, RELEASE, "utf-8", normalize.VERSION)
        record.write_record(tmp_path / data / "source.json", facts)
    records = [tmp_path / data / "source.json" for data in ("us", "survey")]
    assert json.loads(records[0].read_text()) == facts
    file_tables.write_table(str(tmp_path / "sources"), records)
    table = pl.read_csv(tmp_path / "sources.csv")
    assert table["data"].to_list() == ["us", "survey"]
    assert set(table["SHA-256"]) == {facts["sha256"]}
    assert facts["sha256"][:16] in (tmp_path / "sources.md").read_text()


def test_a_job_tells_what_a_file_is_and_what_is_odd(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_bytes(b"x")
    facts = record.record(path, RELEASE, "utf-8", normalize.VERSION)
    assert record.summary_line(path, facts).splitlines() == [
        f"odd      {path}",
        f"         SWOW-EN R100, 2018: 7 rows, 2 cues; utf-8; SHA-256 {facts['sha256'][:16]}",
        "       ! 2 cues, ...",
    ]
    plain = record.summary_line(path, {**facts, "odd": []})
    assert plain.startswith(f"found    {path}\n") and "!" not in plain


def test_the_encoding_of_a_packed_file(tmp_path):
    path = tmp_path / "n.csv.gz"
    path.write_bytes(gzip.compress("word\ncafé\n".encode("latin-1")))
    assert record.encoding_of(path) == "cp1252"
