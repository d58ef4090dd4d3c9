"""Per-cue medians and counts, by hand."""

import polars as pl
import pytest

from culturalign.scores.attribute_scores import score_lists

NORMS = pl.DataFrame(
    {
        "word": ["a", "b", "c", "d"], "valence": [2.0, 4.0, 8.0, None],
        "concreteness": [1.0, 3.0, None, 5.0],
    }
)  # fmt: skip


def scores(lists, norms=NORMS, first=3):
    table = score_lists(lists, norms, lemmatize=None, first=first, concrete_from=3.0)
    return {(r["cue"], r["attribute"]): r for r in table.iter_rows(named=True)}


def numbers(row):
    return [row[name] for name in ("median", "words", "known", "concrete")]


def test_the_median_is_over_the_first_words_that_are_known():
    found = scores({"x": ["a", "zzz", "b", "c"], "y": ["c", "b", "a", "d"]})
    assert numbers(found["x", "valence"]) == [3.0, 3, 2, None]  # a and b; c comes fourth
    assert numbers(found["x", "concreteness"]) == [2.0, 3, 2, 1]  # b at 3 is concrete
    assert numbers(found["y", "valence"]) == [4.0, 3, 3, None]  # the middle one, not the mean
    assert numbers(found["y", "concreteness"]) == [2.0, 3, 2, 1]


def test_all_words_count_without_a_limit():
    found = scores({"x": ["a", "b", "c", "d"]}, first=None)
    assert numbers(found["x", "valence"]) == [4.0, 4, 3, None]
    assert numbers(found["x", "concreteness"]) == [3.0, 4, 3, 2]


def test_cues_without_words_or_known_words_stay():
    found = scores({"empty": [], "odd": ["zzz"]})
    assert numbers(found["empty", "valence"]) == [None, 0, 0, None]
    assert numbers(found["odd", "concreteness"]) == [None, 1, 0, 0]
    assert len(found) == 4


def test_attributes_that_the_norms_lack_have_no_rows():
    assert set(scores({"x": ["a"]}, NORMS.drop("valence"))) == {("x", "concreteness")}
    assert scores({"x": ["a"]}, NORMS.select("word")) == {}


@pytest.mark.parametrize("lists", [{}, {"x": []}])
def test_types_are_the_same_for_empty_input(lists):
    table = score_lists(lists, NORMS, lemmatize=None, first=10, concrete_from=3.0)
    assert dict(table.schema) == dict(
        score_lists({"x": ["a"]}, NORMS, lemmatize=None, first=10, concrete_from=3.0).schema
    )
