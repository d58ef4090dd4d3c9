"""What was read, kept and dropped, and how the cues were split."""

import polars as pl

from culturalign.files.ledger import Account
from culturalign.files.ledger import write_ledger as write_accounts
from culturalign.report.ledger_table import ledger_rows, write_ledger


def test_cultures_have_their_accounts_and_splits_and_the_survey_its_respondents(written, tmp_path):
    files = {name: tmp_path / name for name in ("us.json", "survey.json", "splits.parquet")}
    write_accounts([Account("trials", 2000, 1500, {"empty": 500})], files["us.json"])
    write_accounts([Account("respondents", 9, 9, {})], files["survey.json"])
    pl.DataFrame({"cue": ["a", "b", "c"], "split": ["train", "test", "train"]}).write_parquet(
        files["splits.parquet"]
    )
    cultures = {"us": (str(files["us.json"]), str(files["splits.parquet"]))}
    header, rows, _ = written(write_ledger, ledger_rows(cultures, [str(files["survey.json"])]))
    assert header == ["culture", "unit", "what", "count"]
    assert rows == [
        ["us", "trials", "read", "2,000"],
        ["us", "trials", "dropped: empty", "500"],
        ["us", "trials", "kept", "1,500"],
        ["us", "cues", "in test", "1"],
        ["us", "cues", "in train", "2"],
        ["survey", "respondents", "read", "9"],
        ["survey", "respondents", "kept", "9"],
    ]
