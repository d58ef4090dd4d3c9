"""Scores of rankings: hand-worked halves, failures."""

from functools import partial

import pytest

from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.scores.ranking_scores import score_arm
from tests.unit.scores.cat import EXAMPLE, SPLITS

BEST = "Rank 1: b\nRank 2: c\nRank 3: a"


def sample(text, *, truncated=False, **changes):
    return {**EXAMPLE, "text": text, "truncated": truncated, **changes}


def scored(*samples, splits=SPLITS, normalize=None, **rules):
    more = () if normalize is None else (normalize,)
    return score_arm(samples, splits, RewardRules(**rules), *more).rows(named=True)


def test_a_perfect_answer_scores_one_against_everyone_and_the_half_that_has_an_order():
    (row,) = scored(sample(BEST))
    assert row == {
        "cue": "cat", "example": 0, "k": 3, "rho": 1, "ratio": 1, "attainable": 1,
        "rho_half": 1, "ratio_half": 1, "reward": 1, "parsed": True, "complete": True,
        "missing": 0, "invented": 0, "duplicates": 0, "truncated": False,
    }  # fmt: skip


@pytest.mark.parametrize(("text", "second", "rho", "ratio"), [
    # half: a 0, b 2, c 1; answer a, b, c has ranks 1, 2, 3 against 3, 1, 2: 1 - 6 * 6 / 24 = -0.5
    ("1. a\n2. b\n3. c", {"b": 2, "c": 1}, -0.5, -0.5),
    (BEST, {"b": 4}, 0.8660254, 1),  # ranks 2.5, 1, 2.5: ties lower rho but not its ratio
    (BEST, {}, None, None), ("no idea", {}, None, None),  # a cue that no half orders
])  # fmt: skip
def test_a_half_is_scored_by_hand(text, second, rho, ratio):
    (row,) = scored(sample(text), splits=[({}, {"cat": second}), ({}, {})])
    assert (row["rho_half"], row["ratio_half"]) == pytest.approx((rho, ratio))


def test_answers_are_normalized_as_the_humans_were():
    words = {"candidates": ["花", "草", "树"], "counts": [3, 2, 1]}
    asked = sample("1. 花儿\n2. 草\n3. 树", **words)
    (row,) = scored(asked, splits=[], normalize=partial(normalize, merge_erhua=True))
    assert (row["complete"], row["rho"], row["reward"]) == (True, 1, 1)
    assert not scored(asked, splits=[])[0]["complete"]


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


def test_examples_are_numbered_in_order():
    rows = scored(sample(BEST), sample(BEST, cue="dog", truncated=True))
    found = [(row["cue"], row["example"], row["truncated"]) for row in rows]
    assert found == [("cat", 0, False), ("dog", 1, True)]
