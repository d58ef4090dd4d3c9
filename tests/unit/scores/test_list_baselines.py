"""Lists that need no model: what is frequent, backward counting, other cues' lists."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.scores.list_baselines import (
    ZERO_KNOWLEDGE,
    backward_lists,
    backward_scores,
    deranged,
    frequent_responses,
    zero_knowledge,
)


def counted(*rows):
    return pl.DataFrame(rows, schema=["cue", "response", "count"], orient="row")


@pytest.mark.parametrize(
    ("most", "expected"), [(1, ["money"]), (9, ["money", "love", "sky", "tree"])]
)
def test_the_most_frequent_responses_add_up_over_cues_and_ties_are_alphabetical(most, expected):
    # money 2 + 3 = 5, love 4, tree 1 + 1 = 2, sky 2
    rows = [("a", "money", 2), ("b", "money", 3), ("a", "love", 4), ("a", "tree", 1)]
    rows += [("b", "tree", 1), ("b", "sky", 2)]
    table = pl.DataFrame(rows, schema=["cue", "response", "count"], orient="row")
    assert frequent_responses(table, most=most) == expected


# cat elicits dog 3 of 10 times, wolf 1 of 2
KNOWN = counted(("cat", "dog", 3), ("cat", "milk", 5), ("cat", "fur", 2), ("wolf", "dog", 1),
                ("wolf", "fur", 1), ("car", "road", 9))  # fmt: skip


def test_backward_counting_by_hand():
    found = backward_scores(KNOWN, ["dog"]).sort("score", "word", descending=[True, False])
    # cat 3, wolf 1; milk 3 x 5/10 = 1.5; fur 3 x 2/10 + 1 x 1/2 = 1.1
    assert found.rows() == [
        ("dog", "cat", 3.0), ("dog", "milk", 1.5), ("dog", "fur", 1.1), ("dog", "wolf", 1.0),
    ]  # fmt: skip


def test_a_cue_that_no_training_cue_elicits_gets_the_most_frequent_responses():
    lists = backward_lists(KNOWN, ["dog", "sun"], ["road", "milk"])
    assert lists["sun"] == ["road", "milk"]
    assert lists["dog"] == ["cat", "milk", "fur", "wolf", "road"]  # filled, no word twice


@given(st.sets(st.text("abcdef", min_size=1), min_size=2), st.integers(0, 9))
def test_every_cue_gets_the_list_of_another_and_every_list_is_given_once(cues, seed):
    found = deranged(sorted(cues), seed=seed)
    assert set(found) == set(found.values()) == cues
    assert all(cue != other for cue, other in found.items())


def test_only_shuffled_lists_see_the_people_of_the_test_cues_and_no_list_has_its_cue():
    rows = [(f"cue{i}", f"word{i * j % 7}", 5 - j, j + 1) for i in range(12) for j in range(4)]
    rows += [(f"cue{i}", "cue0", 9, 5) for i in range(4, 12)]
    names = ["cue", "response", "count", "rank"]
    table = pl.DataFrame(rows, schema=names, orient="row").unique(["cue", "response"])
    split = {"cue": [f"cue{i}" for i in range(12)], "split": ["test"] * 4 + ["train"] * 8}
    splits = pl.DataFrame(split)
    found = zero_knowledge(table, splits, most=3, seed=1)
    assert tuple(found) == ZERO_KNOWLEDGE
    for lists in found.values():
        assert list(lists) == [f"cue{i}" for i in range(4)]
        assert all(cue not in words and len(words) <= 3 for cue, words in lists.items())
    test = pl.col("cue").is_in([f"cue{i}" for i in range(4)])
    others = table.with_columns(response=pl.when(test).then(pl.lit("new")).otherwise("response"))
    again = zero_knowledge(others.unique(["cue", "response"]), splits, most=3, seed=1)
    assert [m for m in found if found[m] != again[m]] == ["shuffled"]
