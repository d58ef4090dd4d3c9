import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.normalize import KINDS
from culturalign.data.responses import LATIN, clean_responses, count_kinds, encode, take_apart


def clean(*rows, **rules):
    names = ["participant", "cue", "R1", "R2", "R3"]
    return clean_responses(pl.DataFrame(rows, schema=names, orient="row"), **rules)


def test_several_responses_in_a_cell_keep_its_position_and_are_on_account():
    found = clean(("1", "cat", "dog, pet", "fur", "NA"))
    assert found.responses.select("response", "position").rows() == [
        ("dog", 1), ("pet", 1), ("fur", 2)
    ]  # fmt: skip
    account = found.accounts[1]
    assert (account.read, account.kept) == (3, 3)
    assert account.added == {"several responses in a cell": 1}


@pytest.mark.parametrize("token", ["No More Responses", "unknown word", "No more  responses."])
def test_missing_tokens_are_no_words_in_any_case_and_in_a_cell_of_several(token):
    found = clean(
        ("1", "cat", f"dog, {token}", token, "null"), ("2", "cat", "dog; NA", "na", "nan")
    )
    assert found.responses["response"].to_list() == ["dog", "null", "dog", "na", "nan"]
    account = found.accounts[1]
    assert (account.read, account.added) == (6, {"several responses in a cell": 2})
    assert {why: n for why, n in account.dropped.items() if n} == {"missing token": 3}


def test_missing_tokens_of_mandarin_are_no_words_in_a_cell_of_several():
    found = clean(("1", "猫", "狗、没有了", "没有了。", "不认识"), simplify_chinese=True)
    assert found.responses["response"].to_list() == ["狗"]
    assert found.accounts[1].dropped["missing token"] == 3


@pytest.mark.parametrize("nobody", ["", " ", "NA", " NA "])
def test_trials_without_a_participant_are_no_repeats(nobody):
    found = clean((nobody, "cat", "dog", "", ""), (nobody, "cat", "fur", "", ""))
    assert found.responses["response"].to_list() == ["dog", "fur"]
    assert found.accounts[0].dropped["repeated trial"] == 0


def test_over_long_responses_and_symbols_are_set_aside():
    found = clean(("1", "cat", "it is an animal that I like", "?!", "dog"))
    assert found.responses["response"].to_list() == ["dog"]
    assert {k: n for k, n in found.accounts[1].dropped.items() if n} == {
        "over-long": 1,
        "symbols only": 1,
    }


def test_changes_are_counted_by_kind_among_the_kept():
    rules = {"simplify_chinese": True, "merge_erhua": True}
    found = clean(("1", "愛", "花儿", "學校", "TV"), ("2", "爱", "没有了", "不认识", "＃"), **rules)
    assert found.responses["response"].to_list() == ["花", "学校", "tv"]
    assert found.accounts[0].noted == {"cue with traditional characters": 1}
    assert found.accounts[1].noted == {
        "upper case": 1,
        "traditional characters": 1,
        "erhua": 1,
        "no Han character": 1,
    }


def test_dropped_rows_are_kept_as_a_sample_with_their_row_and_text():
    found = clean(
        ("1", "cat", "dog", "NA", "Dog"), ("1", "CAT", "a", "b", "c"), ("2", "", "x", "y", "z")
    )
    assert found.dropped.select("unit", "reason", "row", "cue", "text").rows() == [
        ("trials", "no cue", 3, "", "x | y | z"),
        ("trials", "repeated trial", 2, "CAT", "a | b | c"),
        ("responses", "missing token", 1, "cat", "NA"),
        ("responses", "repeated in the trial", 1, "cat", "Dog"),
    ]


def test_repeats_are_found_however_many_responses_a_cell_holds():
    many = ", ".join(f"w{n % 50}" for n in range(200))
    for text, kept in (("a, b, a, c, b", ["a", "b", "c"]), (many, [f"w{n}" for n in range(50)])):
        found = clean(("1", "cat", text, "NA", kept[0]), ("2", "cat", kept[0], "NA", "NA"))
        assert found.responses["response"].to_list() == [*kept, kept[0]]


@given(st.lists(st.text(max_size=3), max_size=20))
def test_numbers_stand_for_their_entries(words):
    numbers, distinct = encode(pl.Series(words, dtype=pl.String))
    assert [distinct[int(n)] for n in numbers] == words
    assert sorted(distinct) == sorted(set(words))


@given(st.lists(st.text(max_size=3), max_size=20))
def test_numbers_stand_for_categories_too(words):
    text = pl.Series(words, dtype=pl.String)
    kind = pl.Categorical(pl.Categories.random())
    pl.Series(["seen elsewhere"]).cast(kind)  # a category that the entries need not have
    numbers, distinct = encode(text.cast(kind))
    assert distinct.dtype == pl.String and sorted(distinct) == sorted(set(words))
    assert [distinct[int(n)] for n in numbers] == words


def test_english_in_mandarin_is_noted_and_kept():
    found = take_apart(pl.Series(["TV", "猫"]), {"simplify_chinese": True})
    assert found.verdict.tolist() == [0, 0]
    assert count_kinds(found.kinds) == {"upper case": 1, LATIN: 1}


def test_cues_are_not_taken_apart():
    found = take_apart(pl.Series(["salt, pepper"]), {}, whole=True)
    assert found.words.to_list() == ["salt, pepper"]


def test_kinds_are_counted_by_bit():
    assert count_kinds(np.array([0b1, 0b1001, 0])) == {KINDS[0]: 2, KINDS[3]: 1}
