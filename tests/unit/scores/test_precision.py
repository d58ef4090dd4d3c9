"""Precision@K: share of the first K words that humans gave, missing places wrong."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.scores.precision import (
    Half,
    frequent_responses,
    halves,
    precision_at,
    score_arm,
    score_human_halves,
    score_lists,
    score_references,
    topk_overlap,
)

LISTS = st.lists(st.sampled_from("abcdefghij"), unique=True)
K = st.integers(1, 15)


def responses(*rows):
    return pl.DataFrame(rows, schema=["cue", "response", "participant"], orient="row")


def test_precision_is_the_share_of_the_first_k_words_in_the_reference():
    words = ["cat", "xyz", "bone", "bark"]
    reference = {"cat", "bone", "bark", "tail"}
    assert precision_at(words, reference, 1) == 1  # cat
    assert precision_at(words, reference, 2) == 0.5  # cat of cat, xyz
    assert precision_at(words, reference, 4) == 0.75  # three of four
    assert precision_at(words, reference, 5) == 0.6  # three of five: the fifth place is missing
    assert precision_at([], reference, 5) == 0
    assert precision_at(words, set(), 4) == 0


@given(LISTS, st.sets(st.sampled_from("abcdefghij")), K)
def test_appending_a_hit_raises_precision_by_one_place_if_the_list_is_short(words, reference, k):
    before = precision_at(words, reference | {"hit"}, k)
    after = precision_at([*words, "hit"], reference | {"hit"}, k)
    gain = 1 / k if len(words) < k else 0
    assert math.isclose(after, before + gain)


@given(LISTS, st.sets(st.sampled_from("abcdefghij")), K, st.sampled_from("abcdefghij"))
def test_one_more_human_association_never_lowers_precision(words, reference, k, word):
    assert precision_at(words, reference | {word}, k) >= precision_at(words, reference, k)


@given(LISTS, st.sets(st.sampled_from("abcdefghij")), K)
def test_filling_a_short_list_with_wrong_words_changes_nothing(words, reference, k):
    filled = words + [f"wrong{place}" for place in range(max(0, k - len(words)))]
    assert precision_at(filled, reference, k) == precision_at(words, reference, k)


def test_topk_overlap_looks_at_the_k_most_frequent_human_associations_only():
    ranked = ["bone", "cat", "bark", "tail"]
    assert topk_overlap(["bark", "cat"], ranked, 2) == 0.5  # cat is in bone, cat; bark is third
    assert precision_at(["bark", "cat"], set(ranked), 2) == 1
    assert topk_overlap(["cat", "bone"], ranked, 2) == 1  # order within the first K is free
    assert topk_overlap(["cat"], ranked, 4) == 0.25


@given(LISTS, LISTS, K)
def test_the_topk_reading_is_never_above_precision(words, ranked, k):
    assert topk_overlap(words, ranked, k) <= precision_at(words, set(ranked), k)


@given(LISTS, K)
def test_the_humans_own_ranking_has_full_overlap_up_to_its_length(ranked, k):
    assert math.isclose(topk_overlap(ranked, ranked, k), min(len(ranked), k) / k)


def test_half_of_the_participants_give_each_half_and_together_all():
    # 7 participants, each with a word of its own: 3 in the first half, 4 in the second
    table = responses(*[("dog", f"word{p}", p) for p in range(7)])
    for split in halves(table, ["dog"], repeats=20, seed=0):
        first, second = set(split.first["dog"]), set(split.second["dog"])
        assert (len(first), len(second)) == (3, 4)
        assert first | second == {f"word{p}" for p in range(7)}


def test_a_participant_is_in_the_same_half_for_every_cue():
    rows = [(cue, f"{cue}{p}", p) for cue in ("dog", "sun") for p in range(6)]
    for split in halves(responses(*rows), ["dog", "sun"], repeats=10, seed=3):
        of_dog = {word.removeprefix("dog") for word in split.first["dog"]}
        of_sun = {word.removeprefix("sun") for word in split.first["sun"]}
        assert of_dog == of_sun


def test_equal_seeds_give_equal_halves_whatever_the_order_of_the_rows():
    rows = [("dog", f"word{p % 5}", p) for p in range(20)]
    one = halves(responses(*rows), ["dog"], repeats=5, seed=1)
    assert halves(responses(*rows), ["dog"], repeats=5, seed=1) == one
    assert halves(responses(*reversed(rows)), ["dog"], repeats=5, seed=1) == one
    assert halves(responses(*rows), ["dog"], repeats=5, seed=2) != one


def test_the_splits_of_one_run_differ():
    rows = [("dog", f"word{p}", p) for p in range(12)]
    splits = halves(responses(*rows), ["dog"], repeats=10, seed=0)
    assert len({frozenset(split.first["dog"]) for split in splits}) > 1


def test_responses_of_a_half_come_most_frequent_first():
    # every participant says cat, bone and bark in the ratio 3 : 2 : 1, so does every half
    said = ["cat"] * 3 + ["bone"] * 2 + ["bark"]
    table = responses(*[("dog", word, p) for p in range(8) for word in said])
    for split in halves(table, ["dog"], repeats=5, seed=0):
        assert list(split.first["dog"]) == ["cat", "bone", "bark"]
        assert list(split.second["dog"]) == ["cat", "bone", "bark"]


def test_ties_in_a_half_are_not_broken_by_the_alphabet():
    table = responses(*[("dog", word, p) for p in range(4) for word in "abcdefgh"])
    orders = {tuple(s.first["dog"]) for s in halves(table, ["dog"], repeats=20, seed=0)}
    assert len(orders) > 1


def test_only_the_cues_that_are_scored_are_in_the_halves():
    table = responses(("dog", "cat", 1), ("dog", "bone", 2), ("sun", "moon", 3))
    split = halves(table, ["dog"], repeats=1, seed=0)[0]
    assert set(split.first) | set(split.second) == {"dog"}


def test_lists_are_scored_against_everyone_and_against_the_second_halves():
    # Precision@2 of [cat, xyz]: cat is among all humans: 1/2. Top 2 of everyone is bone, bark:
    # 0/2. Second halves: {cat, bone} has cat: 1/2; {bark}: 0/2; mean 1/4; both fit in the top 2.
    splits = [Half({}, {"dog": ["cat", "bone"]}), Half({}, {"dog": ["bark"]})]
    scores = score_lists({"dog": ["cat", "xyz"]}, {"dog": ["bone", "bark", "cat"]}, splits, [2])
    assert scores.rows(named=True) == [
        {"cue": "dog", "k": 2, "precision": 0.5, "topk_overlap": 0.0,
         "precision_half": 0.25, "topk_overlap_half": 0.25}
    ]  # fmt: skip


def test_a_list_is_scored_at_every_k_and_missing_places_are_wrong():
    splits, humans = [Half({}, {"dog": ["cat"]})], {"dog": ["cat"], "sun": ["sky"]}
    scores = score_lists({"dog": ["cat"], "sun": []}, humans, splits, [1, 4])
    assert scores["precision"].to_list() == [1, 0.25, 0, 0]


def test_a_cue_that_nobody_in_a_half_answered_scores_nothing_there():
    splits = [Half({}, {"dog": ["cat"]}), Half({}, {})]
    scores = score_lists({"dog": ["cat"]}, {"dog": ["cat"]}, splits, [1])
    assert scores["precision_half"].to_list() == [0.5]  # 1 in the first split, 0 in the second


def test_the_human_ceiling_scores_the_first_half_against_the_second():
    # split 1: cat, bone against cat, bark, bone: at K=2 both are known (1), and cat alone is in
    # the second half's top 2 (1/2). Split 2: cow against bark: 0. Means 1/2 and 1/4.
    splits = [
        Half({"dog": ["cat", "bone"]}, {"dog": ["cat", "bark", "bone"]}),
        Half({"dog": ["cow"]}, {"dog": ["bark"]}),
    ]
    row = score_human_halves(["dog"], splits, [2]).row(0, named=True)
    assert row == {"cue": "dog", "k": 2, "precision_half": 0.5, "topk_overlap_half": 0.25}


def test_humans_who_agree_reach_a_ceiling_of_one():
    table = responses(*[("dog", word, p) for p in range(6) for word in ("cat", "bone")])
    splits = halves(table, ["dog"], repeats=4, seed=0)
    scores = score_human_halves(["dog"], splits, [1, 2, 4])
    # at K=4 the two words everyone gives fill two of four places
    assert scores["precision_half"].to_list() == [1.0, 1.0, 0.5]


def test_a_model_that_answers_as_the_first_half_scores_as_the_humans_do():
    rows = [("dog", f"word{p * r % 7}", p) for p in range(30) for r in range(3)]
    split = halves(responses(*rows), ["dog"], repeats=1, seed=0)
    model = score_lists({"dog": split[0].first["dog"]}, {"dog": ["word1"]}, split, [3, 5])
    human = score_human_halves(["dog"], split, [3, 5])
    assert model["precision_half"].to_list() == human["precision_half"].to_list()
    assert model["topk_overlap_half"].to_list() == human["topk_overlap_half"].to_list()


@pytest.mark.parametrize(
    ("most", "expected"), [(1, ["money"]), (9, ["money", "love", "sky", "tree"])]
)
def test_the_most_frequent_responses_add_up_over_cues_and_ties_are_alphabetical(most, expected):
    # money 2 + 3 = 5, love 4, tree 1 + 1 = 2, sky 2
    rows = [("a", "money", 2), ("b", "money", 3), ("a", "love", 4), ("a", "tree", 1)]
    rows += [("b", "tree", 1), ("b", "sky", 2)]
    table = pl.DataFrame(rows, schema=["cue", "response", "count"], orient="row")
    assert frequent_responses(table, most=most) == expected


RESPONSES = responses(
    *[(cue, word, p) for p in range(4) for cue, word in (("dog", "cat"), ("sun", "sky"))]
)
COUNTED = pl.DataFrame(
    {"cue": ["dog", "sun"], "response": ["cat", "sky"], "rank": [1, 1], "count": [4, 4]}
)


def test_an_arm_is_scored_in_the_order_of_its_lists_with_whether_they_could_be_read():
    answers = [
        {"cue": "sun", "words": ["sky"], "parsable": True},
        {"cue": "dog", "words": [], "parsable": False},
    ]
    scores = score_arm(answers, RESPONSES, COUNTED, [1], repeats=2, seed=0)
    assert scores.select("cue", "precision", "precision_half", "parsable").rows() == [
        ("sun", 1.0, 1.0, True), ("dog", 0.0, 0.0, False),
    ]  # fmt: skip


def test_references_are_human_halves_and_what_is_frequent_in_training():
    splits = pl.DataFrame({"cue": ["dog", "sun"], "split": ["test", "train"]})
    scores = score_references(RESPONSES, COUNTED, splits, [1], repeats=2, seed=0)
    assert scores.select("cue", "precision", "precision_half", "method").rows() == [
        ("dog", None, 1.0, "human"),
        ("dog", 0.0, 0.0, "frequent"),  # sky
    ]
