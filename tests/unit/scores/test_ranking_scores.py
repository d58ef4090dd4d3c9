"""Scores of rankings: hand-worked halves, failures."""

from functools import partial

import pytest

from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.scores.ranking_scores import score_arm

EXAMPLE = {"cue": "cat", "candidates": ["a", "b", "c"], "counts": [1, 5, 3]}
BEST = "Rank 1: b\nRank 2: c\nRank 3: a"
# the two halves of two splits; in the second split's second half nothing is ordered
SPLITS = [
    ({"cat": {"b": 3, "c": 2, "a": 1}}, {"cat": {"b": 2, "c": 1}}),
    ({"cat": {"b": 2, "c": 1}}, {"cat": {"a": 1, "b": 1, "c": 1}}),
]


def sample(text, *, truncated=False, **changes):
    return {**EXAMPLE, "text": text, "truncated": truncated, **changes}


def scored(*samples, **rules):
    return score_arm(samples, SPLITS, RewardRules(**rules)).rows(named=True)


def test_a_perfect_answer_scores_one_against_everyone_and_the_half_that_has_an_order():
    (row,) = scored(sample(BEST))
    assert row == {
        "cue": "cat", "example": 0, "k": 3, "rho": 1, "ratio": 1, "attainable": 1,
        "rho_half": 1, "ratio_half": 1, "reward": 1, "parsed": True, "complete": True,
        "missing": 0, "invented": 0, "duplicates": 0, "truncated": False,
    }  # fmt: skip


def test_a_half_with_ties_is_scored_by_hand():
    # half: a 0, b 2, c 1; answer a, b, c has ranks 1, 2, 3 against 3, 1, 2: 1 - 6 * 6 / 24 = -0.5
    (row,) = scored(sample("1. a\n2. b\n3. c"))
    assert row["rho_half"] == pytest.approx(-0.5)
    assert row["rho"] == pytest.approx(-0.5)  # counts 1, 5, 3 have the same order


def test_ties_in_the_half_lower_rho_but_not_its_ratio():
    splits = [({}, {"cat": {"b": 4}})]  # ranks 2.5, 1, 2.5; the best strict ranking: 0.866
    row = score_arm([sample(BEST)], splits, RewardRules()).row(0, named=True)
    assert row["rho_half"] == pytest.approx(0.8660254)
    assert row["ratio_half"] == pytest.approx(1)


def test_answers_are_normalized_as_the_humans_were():
    asked = {
        **sample("1. 花儿\n2. 草\n3. 树"),
        "candidates": ["花", "草", "树"],
        "counts": [3, 2, 1],
    }
    merging = partial(normalize, merge_erhua=True)
    row = score_arm([asked], [], RewardRules(), merging).row(0, named=True)
    assert (row["complete"], row["rho"], row["reward"]) == (True, 1, 1)
    assert not score_arm([asked], [], RewardRules())["complete"][0]


@pytest.mark.parametrize(("text", "facts"), [
    ("no idea", {"parsed": False, "missing": 3}), ("1. b\n2. c", {"parsed": True, "missing": 1}),
    ("1. b\n2. c\n3. dog", {"parsed": True, "missing": 1, "invented": 1}),
    ("1. b\n2. b\n3. c", {"parsed": True, "missing": 1, "duplicates": 1}),
])  # fmt: skip
def test_without_a_complete_ranking_every_correlation_is_minus_one(text, facts):
    (row,) = scored(sample(text), missing="last", partial=True)
    assert [row[x] for x in ("rho", "ratio", "rho_half", "ratio_half")] == [-1] * 4
    assert not row["complete"]
    assert {name: row[name] for name in facts} == facts
    assert row["reward"] > -1 or not row["parsed"]  # the reward follows its own rules


def test_a_cue_that_no_half_orders_has_no_score_against_halves_whatever_the_answer():
    splits = [({}, {"cat": {}}), ({}, {})]
    for text in (BEST, "no idea"):
        row = score_arm([sample(text)], splits, RewardRules()).row(0, named=True)
        assert row["rho_half"] is None and row["ratio_half"] is None


def test_examples_are_numbered_in_order():
    rows = scored(sample(BEST), sample(BEST, cue="dog", truncated=True))
    assert [(row["cue"], row["example"], row["truncated"]) for row in rows] == [
        ("cat", 0, False), ("dog", 1, True),
    ]  # fmt: skip
