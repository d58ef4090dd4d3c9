"""The three readings of what humans associate."""

import polars as pl

from culturalign.artifacts.word_norms import HALF_ATTRIBUTES
from culturalign.data.associations import count_associations
from culturalign.scores.halves import read_responses
from culturalign.scores.human_attributes import (
    DEFAULT,
    READINGS,
    score_halves,
    score_humans,
    score_zero_knowledge,
)

# cue x: a is most frequent over all positions, b over first responses, c is rare
RESPONSES = pl.DataFrame(
    [("x", "b", 1), ("x", "b", 1), ("x", "a", 2), ("x", "a", 3), ("x", "a", 2), ("x", "c", 3),
     ("y", "c", 1)],
    schema=["cue", "response", "position"], orient="row",
)  # fmt: skip
NORMS = pl.DataFrame({"word": ["a", "b", "c"], "valence": [1.0, 5.0, 9.0]})
SPLITS = pl.DataFrame({"cue": ["x", "y"], "split": ["test", "train"]})


def test_each_reading_takes_its_own_words():
    scores = score_humans(
        RESPONSES, count_associations(RESPONSES, seed=0), SPLITS, NORMS,
        lemmatize=None, first=1, concrete_from=3.0, seed=0,
    )  # fmt: skip
    found = {(r["reading"], r["cue"]): (r["median"], r["words"], r["split"])
             for r in scores.iter_rows(named=True)}  # fmt: skip
    assert found[DEFAULT, "x"] == (1.0, 1, "test")
    assert found["first responses", "x"] == (5.0, 1, "test")
    assert found["all", "x"] == (5.0, 3, "test")  # median of 1, 5, 9
    assert found[DEFAULT, "y"] == (9.0, 1, "train")
    assert {reading for reading, _ in found} == set(READINGS)


def test_halves_of_the_participants_have_medians_of_their_own():
    """Two people, one says a (1), the other c (9): each half has one of them."""
    responses = pl.DataFrame(
        [("x", "a", 1, "p"), ("x", "c", 1, "q"), ("y", "b", 1, "p")],
        schema=["cue", "response", "position", "participant"], orient="row",
    )  # fmt: skip
    found = score_halves(
        responses, SPLITS, NORMS, lemmatize=None, first=10, concrete_from=3.0, repeats=3, seed=0
    )
    assert found.columns == ["cue", "attribute", "repeat", "first", "second"]
    assert found["repeat"].to_list() == [0, 1, 2] and set(found["cue"]) == {"x"}  # test cues only
    assert {frozenset(row) for row in found.select("first", "second").rows()} == {
        frozenset({1.0, 9.0})
    }


def test_a_strength_table_has_no_first_responses_and_no_halves():
    options = {"lemmatize": None, "first": 1, "concrete_from": 3.0, "seed": 0}
    associations, people = count_associations(RESPONSES, seed=0), read_responses([])
    scores = score_humans(people, associations, SPLITS, NORMS, **options)
    everyone = score_humans(RESPONSES, associations, SPLITS, NORMS, **options)
    assert scores.equals(everyone.filter(pl.col("reading") != "first responses"))
    halves = score_halves(people, SPLITS, NORMS, repeats=3, **options)
    assert len(halves) == 0
    columns = {k: v for k, v in HALF_ATTRIBUTES.schema.items() if k != "culture"}
    assert dict(halves.schema) == columns


def test_lists_that_need_no_model_are_of_the_test_cues():
    """Training cue y elicits x and c; of x, backward counting has y, then c."""
    people = pl.DataFrame(
        [("x", "a", 1), ("y", "x", 1), ("y", "c", 1), ("z", "b", 1), ("z", "b", 1)],
        schema=["cue", "response", "position"], orient="row",
    )  # fmt: skip
    splits = pl.DataFrame({"cue": ["x", "y", "z"], "split": ["test", "train", "train"]})
    norms = pl.DataFrame({"word": ["a", "b", "c", "y"], "valence": [1.0, 5.0, 9.0, 7.0]})
    options = {"lemmatize": None, "first": 2, "concrete_from": 3.0, "seed": 0}
    counted = count_associations(people, seed=0)
    found = score_zero_knowledge(counted, splits, norms, **options)
    assert set(found["cue"]) == {"x"} and set(found["split"]) == {"test"}
    medians = dict(found.select("reading", "median").iter_rows())
    assert medians == {"frequent": 7.0, "backward": 8.0}  # b and c (5, 9); y and c (7, 9)
    none = score_zero_knowledge(counted, splits.filter(split="test"), norms, **options)
    assert none.is_empty()
