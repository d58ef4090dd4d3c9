import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from culturalign.normalize import KINDS, changes, is_prose, is_word, split_responses
from culturalign.vocabulary import LATIN, MISSING, count_kinds, encode, take_apart

NONE = {"simplify_chinese": False, "merge_erhua": False, "american_spelling": False}
TOKENS = [token.lower() for token in MISSING if token != "NA"]
TYPED = [*MISSING, *TOKENS, "na", "cat, NA", "no more Responses.", "Unknown  word; cat"]
entries = st.text("aB 1-'.,;`\"猫學儿!\u200b…\t", max_size=8) | st.sampled_from(TYPED)


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


@given(st.lists(entries, unique=True, min_size=1, max_size=12))
def test_all_at_once_is_the_same_as_one_by_one(words):
    found = take_apart(pl.Series(words), {})
    for place, entry in enumerate(words):
        pieces = range(found.first[place], found.first[place + 1])
        got = [
            (found.words[int(found.normal[p])], int(found.why[p]), int(found.kinds[p]))
            for p in pieces
        ]
        wanted = []
        for piece in split_responses(entry) or [entry]:
            word, kinds = changes(piece, **NONE)
            if piece.strip() == "NA" or word in TOKENS:
                wanted.append(("", 1, 0))
                continue
            why = 2 if is_prose(word) else 0 if is_word(word) else 3
            wanted.append((word, why, sum(1 << KINDS.index(kind) for kind in kinds)))
        assert got == wanted


def test_english_in_mandarin_is_noted_and_kept():
    found = take_apart(pl.Series(["TV", "猫"]), {"simplify_chinese": True})
    assert found.why.tolist() == [0, 0]
    assert count_kinds(found.kinds) == {"upper case": 1, LATIN: 1}


def test_cues_are_not_taken_apart():
    found = take_apart(pl.Series(["salt, pepper"]), {}, whole=True)
    assert found.words.to_list() == ["salt, pepper"]


def test_kinds_are_counted_by_bit():
    assert count_kinds(np.array([0b1, 0b1001, 0])) == {KINDS[0]: 2, KINDS[3]: 1}
