import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.files.ledger import Account, read_ledger, rows, write_ledger

counts = st.integers(0, 10**9)
reasons = st.dictionaries(st.text(min_size=1), counts, max_size=4)


@given(counts, reasons)
def test_an_account_that_balances_is_accepted(kept, dropped):
    read = kept + sum(dropped.values())
    assert Account("trials", read, kept, dropped).read == read


@given(counts, reasons, st.integers().filter(bool))
def test_an_account_that_does_not_balance_is_refused(kept, dropped, off):
    with pytest.raises(AssertionError):
        Account("trials", kept + sum(dropped.values()) + off, kept, dropped)


def test_an_account_that_does_not_balance_names_its_numbers():
    with pytest.raises(AssertionError, match=r"^trials: 10 read, but 7 kept \+ 2 dropped$"):
        Account("trials", 10, 7, {"no cue": 2})


def test_rows_go_from_what_was_read_over_the_reasons_in_order_to_what_was_kept():
    account = Account("responses", 10, 6, {"repeats the cue": 1, "missing token": 3})
    assert rows([account, Account("cues", 2, 2, {})]) == [
        ("responses", "read", 10),
        ("responses", "dropped: repeats the cue", 1),
        ("responses", "dropped: missing token", 3),
        ("responses", "kept", 6),
        ("cues", "read", 2),
        ("cues", "kept", 2),
    ]


def test_a_written_ledger_is_read_back_with_its_order_and_characters(tmp_path):
    accounts = [Account("词", 5, 2, {"空": 1, "b": 2, "a": 0}), Account("trials", 0, 0, {})]
    write_ledger(accounts, tmp_path / "ledger.json")
    assert read_ledger(tmp_path / "ledger.json") == accounts
    assert list(read_ledger(tmp_path / "ledger.json")[0].dropped) == ["空", "b", "a"]


def test_a_ledger_is_a_json_list_a_reader_can_read(tmp_path):
    write_ledger([Account("词", 1, 1, {})], tmp_path / "ledger.json")
    text = (tmp_path / "ledger.json").read_text(encoding="utf-8")
    assert "词" in text
    assert text.endswith("]\n")
    assert json.loads(text) == [
        {"unit": "词", "read": 1, "kept": 1, "dropped": {}, "added": {}, "noted": {}}
    ]


def test_an_edited_ledger_that_does_not_balance_is_refused(tmp_path):
    path = tmp_path / "ledger.json"
    path.write_text('[{"unit": "trials", "read": 3, "kept": 1, "dropped": {"no cue": 1}}]')
    with pytest.raises(AssertionError, match="trials: 3 read"):
        read_ledger(path)
