import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.files.ledger import (
    SAMPLED,
    Account,
    read_ledger,
    rows,
    sample_rows,
    subsample,
    write_ledger,
)

counts = st.integers(0, 10**9)
reasons = st.dictionaries(st.text(min_size=1), counts, max_size=4)


@given(counts, reasons, st.integers(-3, 3))
def test_an_account_that_does_not_balance_is_refused_with_its_numbers(kept, dropped, off):
    total = sum(dropped.values())
    read = kept + total + off
    if off == 0:
        assert Account("trials", read, kept, dropped).read == read
        return
    said = rf"^trials: {read} read, but {kept} kept \+ {total} dropped$"
    with pytest.raises(AssertionError, match=said):
        Account("trials", read, kept, dropped)


def test_rows_go_from_what_was_read_over_the_reasons_in_order_to_what_was_kept():
    account = Account("responses", 10, 6, {"repeats the cue": 1, "missing token": 3})
    assert rows([account, Account("cues", 2, 2, {})]) == [
        ("responses", "read", 10), ("responses", "dropped: repeats the cue", 1),
        ("responses", "dropped: missing token", 3), ("responses", "kept", 6), ("cues", "read", 2),
        ("cues", "kept", 2),
    ]  # fmt: skip


def test_a_ledger_is_json_that_people_can_read_and_is_checked_when_read(tmp_path):
    path = tmp_path / "ledger.json"
    accounts = [Account("词", 5, 2, {"空": 1, "b": 2, "a": 0}), Account("trials", 0, 0, {})]
    write_ledger(accounts, path)
    assert read_ledger(path) == accounts
    assert list(read_ledger(path)[0].dropped) == ["空", "b", "a"]
    text = path.read_text(encoding="utf-8")
    assert "词" in text and text.endswith("]\n")
    assert json.loads(text)[1] == {
        "unit": "trials", "read": 0, "kept": 0, "dropped": {}, "added": {}, "noted": {}
    }  # fmt: skip
    path.write_text('[{"unit": "trials", "read": 3, "kept": 1, "dropped": {"no cue": 1}}]')
    with pytest.raises(AssertionError, match="trials: 3 read"):
        read_ledger(path)


def test_samples_are_spread_over_the_file_and_thinned_by_reason():
    dropped = pl.DataFrame({"row": range(1, 101), "participant": "1", "cue": "cat", "text": "x"})
    sample = sample_rows(dropped.cast({"row": pl.Int64}), "trials", "no cue")
    assert len(sample) == SAMPLED
    assert (sample["row"][0], sample["row"][-1]) == (1, 100)
    both = pl.concat([sample, sample, sample_rows(dropped[:3], "trials", "repeated trial")])
    found = subsample(both).group_by("reason").len().sort("reason").rows()
    assert found == [("no cue", SAMPLED), ("repeated trial", 3)]
