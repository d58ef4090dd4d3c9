"""The table of the files that a run read."""

import json

import polars as pl

from culturalign.report.file_tables import write_table
from culturalign.report.page import read_table

FACTS = {"file": "swow.csv.gz", "release": "SWOW-EN R100", "detail": "2018", "encoding": "utf-8",
         "packing": "gzip", "bytes": 1, "sha256": "0123456789abcdef" * 4,
         "sizes": {"rows": 7, "cues": 2}, "odd": ["2 cues, ..."], "normalizer": 3}  # fmt: skip


def test_a_file_has_a_row_named_after_its_folder_and_its_whole_checksum_in_the_csv(tmp_path):
    records = [tmp_path / data / "source.json" for data in ("us", "survey")]
    for path in records:
        path.parent.mkdir()
        path.write_text(json.dumps(FACTS), encoding="utf-8")
    write_table(str(tmp_path / "sources"), records)
    table = pl.read_csv(tmp_path / "sources.csv")
    assert table["data"].to_list() == ["us", "survey"]
    assert set(table["SHA-256"]) == {FACTS["sha256"]} and set(table["normalizer"]) == {3}
    page = read_table(tmp_path / "sources.md")
    assert page["header"] == ["data", "file", "release", "size", "encoding", "SHA-256", "odd"]
    assert page["rows"][0][:6] == [
        "us", "swow.csv.gz", "SWOW-EN R100, 2018", "7 rows, 2 cues", "utf-8, gzip",
        FACTS["sha256"][:16],
    ]  # fmt: skip
