"""The table of the files that a run read."""

import json

from culturalign.report.file_tables import write_table

FACTS = {"file": "swow.csv.gz", "release": "SWOW-EN R100", "detail": "2018", "encoding": "utf-8",
         "packing": "gzip", "bytes": 1, "sha256": "0123456789abcdef" * 4,
         "sizes": {"rows": 7, "cues": 2}, "odd": ["2 cues, ..."], "normalizer": 3}  # fmt: skip


def test_a_row_is_named_after_the_folder_and_the_csv_has_the_whole_checksum(written, tmp_path):
    records = [tmp_path / data / "source.json" for data in ("us", "survey")]
    for path in records:
        path.parent.mkdir()
        path.write_text(json.dumps(FACTS), encoding="utf-8")
    header, rows, table = written(write_table, records)
    assert table["data"].to_list() == ["us", "survey"]
    assert set(table["SHA-256"]) == {FACTS["sha256"]} and set(table["normalizer"]) == {3}
    assert header == ["data", "file", "release", "size", "encoding", "SHA-256", "odd"]
    assert rows[0][:6] == [
        "us", "swow.csv.gz", "SWOW-EN R100, 2018", "7 rows, 2 cues", "utf-8, gzip",
        FACTS["sha256"][:16],
    ]  # fmt: skip
