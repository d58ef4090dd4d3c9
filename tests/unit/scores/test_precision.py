"""Precision@K: share of the first K words that humans gave, missing places wrong."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.artifacts.word_scores import PRECISION_REFERENCES
from culturalign.scores.halves import read_responses
from culturalign.scores.precision import (
    Half,
    halves,
    order_rho,
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


FOUR, HUMAN = ["cat", "xyz", "bone", "bark"], {"cat", "bone", "bark", "tail"}
RANKED = ["bone", "cat", "bark", "tail"]


@pytest.mark.parametrize(("measure", "words", "reference", "k", "expected"), [
    (precision_at, FOUR, HUMAN, 1, 1), (precision_at, FOUR, HUMAN, 2, 0.5),
    (precision_at, FOUR, HUMAN, 4, 0.75),
    (precision_at, FOUR, HUMAN, 5, 0.6),  # three of five: the fifth place is missing
    (precision_at, [], HUMAN, 5, 0), (precision_at, FOUR, set(), 4, 0),
    (precision_at, ["bark", "cat"], {*RANKED}, 2, 1),
    (topk_overlap, ["bark", "cat"], RANKED, 2, 0.5),  # cat is in bone, cat; bark is third
    (topk_overlap, ["cat", "bone"], RANKED, 2, 1),  # order within the first K is free
    (topk_overlap, ["cat"], RANKED, 4, 0.25),
])  # fmt: skip
def test_precision_and_overlap_by_hand(measure, words, reference, k, expected):
    assert measure(words, reference, k) == expected


@given(LISTS, st.sets(st.sampled_from("abcdefghij")), K)
def test_appending_a_hit_raises_precision_by_one_place_if_the_list_is_short(words, reference, k):
    before = precision_at(words, reference | {"hit"}, k)
    after = precision_at([*words, "hit"], reference | {"hit"}, k)
    gain = 1 / k if len(words) < k else 0
    assert math.isclose(after, before + gain)


@given(LISTS, st.sets(st.sampled_from("abcdefghij")), K, st.sampled_from("abcdefghij"))
def test_more_associations_never_lower_precision_and_wrong_words_change_nothing(
    words, reference, k, word
):
    before = precision_at(words, reference, k)
    assert precision_at(words, reference | {word}, k) >= before
    filled = words + [f"wrong{place}" for place in range(max(0, k - len(words)))]
    assert precision_at(filled, reference, k) == before


@given(LISTS, LISTS, K)
def test_overlap_is_never_above_precision_and_full_for_the_humans_own_ranking(words, ranked, k):
    assert topk_overlap(words, ranked, k) <= precision_at(words, set(ranked), k)
    assert math.isclose(topk_overlap(ranked, ranked, k), min(len(ranked), k) / k)


def test_half_of_the_participants_give_each_half_and_together_all():
    # 7 participants, each with a word of its own: 3 in the first half, 4 in the second
    table = responses(*[("dog", f"word{p}", p) for p in range(7)])
    for split in halves(table, ["dog"], repeats=20, seed=0):
        first, second = set(split.first["dog"]), set(split.second["dog"])
        assert (len(first), len(second)) == (3, 4)
        assert first | second == {f"word{p}" for p in range(7)}


def test_a_participant_is_in_the_same_half_for_every_cue_that_is_scored():
    rows = [(cue, f"{cue}{p}", p) for cue in ("dog", "sun", "sea") for p in range(6)]
    for split in halves(responses(*rows), ["dog", "sun"], repeats=10, seed=3):
        assert set(split.first) == set(split.second) == {"dog", "sun"}
        of_dog = {word.removeprefix("dog") for word in split.first["dog"]}
        assert of_dog == {word.removeprefix("sun") for word in split.first["sun"]}


def test_the_splits_of_one_run_differ_and_follow_the_seed_whatever_the_order_of_the_rows():
    rows = [("dog", f"word{p % 5}", p) for p in range(20)]
    one = halves(responses(*rows), ["dog"], repeats=5, seed=1)
    assert halves(responses(*rows), ["dog"], repeats=5, seed=1) == one
    assert halves(responses(*reversed(rows)), ["dog"], repeats=5, seed=1) == one
    assert halves(responses(*rows), ["dog"], repeats=5, seed=2) != one
    assert any(split != one[0] for split in one)


def test_responses_of_a_half_come_most_frequent_first_and_ties_not_by_the_alphabet():
    # every participant says cat, bone and bark in the ratio 3 : 2 : 1, so does every half
    said = ["cat"] * 3 + ["bone"] * 2 + ["bark"]
    table = responses(*[("dog", word, p) for p in range(8) for word in said])
    for split in halves(table, ["dog"], repeats=5, seed=0):
        assert split.first["dog"] == split.second["dog"] == ["cat", "bone", "bark"]
    table = responses(*[("dog", word, p) for p in range(4) for word in "abcdefgh"])
    orders = {tuple(s.first["dog"]) for s in halves(table, ["dog"], repeats=20, seed=0)}
    assert len(orders) > 1


def test_lists_are_scored_against_everyone_and_against_the_second_halves():
    # Precision@2 of [cat, xyz]: cat is among all humans: 1/2. Top 2 of everyone is bone, bark:
    # 0/2. Second halves: {cat, bone} has cat: 1/2; {bark}: 0/2; mean 1/4; both fit in the top 2.
    splits = [Half({}, {"dog": ["cat", "bone"]}), Half({}, {"dog": ["bark"]})]
    scores = score_lists({"dog": ["cat", "xyz"]}, {"dog": ["bone", "bark", "cat"]}, splits, [2])
    assert scores.rows(named=True) == [
        {"cue": "dog", "k": 2, "precision": 0.5, "topk_overlap": 0.0,
         "precision_half": 0.25, "topk_overlap_half": 0.25}
    ]  # fmt: skip


def test_lists_are_scored_at_every_k_and_missing_places_and_halves_score_nothing():
    splits, humans = [Half({}, {"dog": ["cat"]}), Half({}, {})], {"dog": ["cat"], "sun": ["sky"]}
    scores = score_lists({"dog": ["cat"], "sun": []}, humans, splits, [1, 4])
    assert scores["precision"].to_list() == [1, 0.25, 0, 0]
    # in the second split nobody answered the cue
    assert scores["precision_half"].to_list() == [0.5, 0.125, 0, 0]


def test_the_human_ceiling_scores_the_first_half_against_the_second():
    # split 1: cat, bone against cat, bark, bone: at K=2 both are known (1), and cat alone is in
    # the second half's top 2 (1/2). Split 2: cow against bark: 0. Means 1/2 and 1/4.
    splits = [
        Half({"dog": ["cat", "bone"]}, {"dog": ["cat", "bark", "bone"]}),
        Half({"dog": ["cow"]}, {"dog": ["bark"]}),
    ]
    row = score_human_halves(["dog"], splits, [2]).row(0, named=True)
    assert row == {"cue": "dog", "k": 2, "precision_half": 0.5, "topk_overlap_half": 0.25}
    table = responses(*[("dog", word, p) for p in range(6) for word in ("cat", "bone")])
    scores = score_human_halves(["dog"], halves(table, ["dog"], repeats=4, seed=0), [1, 2, 4])
    # humans who agree; at K=4 the two words everyone gives fill two of four places
    assert scores["precision_half"].to_list() == [1.0, 1.0, 0.5]


def test_a_model_that_answers_as_the_first_half_scores_as_the_humans_do():
    rows = [("dog", f"word{p * r % 7}", p) for p in range(30) for r in range(3)]
    split = halves(responses(*rows), ["dog"], repeats=1, seed=0)
    model = score_lists({"dog": split[0].first["dog"]}, {"dog": ["word1"]}, split, [3, 5])
    human = score_human_halves(["dog"], split, [3, 5])
    assert model.select(human.columns).equals(human)


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


def test_references_are_human_halves_and_lists_of_zero_knowledge():
    splits = pl.DataFrame({"cue": ["dog", "sun"], "split": ["test", "train"]})
    scores = score_references(RESPONSES, COUNTED, splits, [1], repeats=2, seed=0)
    found = scores.select("cue", "precision", "precision_half", "method")  # sky is frequent
    assert found.rows() == [
        ("dog", None, 1.0, "human"), ("dog", 0.0, 0.0, "frequent"), ("dog", 0.0, 0.0, "backward"),
        ("dog", 1.0, 1.0, "shuffled"),  # a single test cue keeps its own list
        ("dog", 0.0, 0.0, "constant"),
    ]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), [
    (["a", "x", "b", "c"], 1.0),  # x has no part in it
    (["b", "a", "c"], 0.5),  # d^2 sums to 2: 1 - 6 * 2 / 24
    (["c", "b", "a"], -1.0),
    (["a", "c", "d"], 0.8660254),  # ranks 1, 2.5, 2.5: 1.5 / sqrt(2 * 1.5)
    (["c", "d"], None), (["a"], None), (["x", "y"], None), ([], None),
])  # fmt: skip
def test_the_order_of_a_list_is_compared_with_the_counts_of_its_words(words, expected):
    assert order_rho(words, {"a": 9, "b": 4, "c": 1, "d": 1}) == pytest.approx(expected)


def test_without_participants_there_is_no_half_to_be_scored_against():
    people = read_responses([])
    associations = pl.DataFrame(
        [("cat", "a", 2, 1), ("dog", "b", 1, 1)],
        schema=["cue", "response", "count", "rank"], orient="row",
    )  # fmt: skip
    splits = pl.DataFrame({"cue": ["cat", "dog"], "split": ["test", "train"]})
    answers = [{"cue": "cat", "words": ["a", "x"], "parsable": True}]
    found = score_arm(answers, people, associations, [1, 2], repeats=3, seed=0)
    assert found["precision"].to_list() == [1.0, 0.5]
    assert found["precision_half"].to_list() == found["topk_overlap_half"].to_list() == [None] * 2
    references = score_references(people, associations, splits, [1], repeats=3, seed=0)
    human = references.filter(method="human")
    assert human.select("precision_half", "precision").rows() == [(None, None)]
    assert references.schema["precision_half"] == pl.Float64
    whole = references.with_columns(culture=pl.lit("en"))
    assert whole.columns == list(PRECISION_REFERENCES.schema)
