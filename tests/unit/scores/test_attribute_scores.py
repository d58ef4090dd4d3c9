"""Per-cue medians and counts, by hand."""

import polars as pl
import pytest

from culturalign.scores.attribute_scores import score_lists

NORMS = pl.DataFrame(
    {"word": ["a", "b", "c", "d"], "valence": [2.0, 4.0, 8.0, None],
     "concreteness": [1.0, 3.0, None, 5.0]}
)  # fmt: skip


def scored(lists, norms=NORMS, first=3):
    return score_lists(lists, norms, lemmatize=None, first=first, concrete_from=3.0)


def scores(lists, norms=NORMS, first=3):
    rows = scored(lists, norms, first).rows(named=True)
    names = ("median", "words", "known", "concrete")
    return {(r["cue"], r["attribute"]): [r[name] for name in names] for r in rows}


@pytest.mark.parametrize(("words", "first", "valence", "concreteness"), [
    # a and b, for c comes fourth; b at 3 is concrete
    (["a", "zzz", "b", "c"], 3, [3.0, 3, 2, None], [2.0, 3, 2, 1]),
    (["c", "b", "a", "d"], 3, [4.0, 3, 3, None], [2.0, 3, 2, 1]),  # the middle one, not the mean
    (["a", "b", "c", "d"], None, [4.0, 4, 3, None], [3.0, 4, 3, 2]),
    ([], 3, [None, 0, 0, None], [None, 0, 0, None]),
    (["zzz"], 3, [None, 1, 0, None], [None, 1, 0, 0]),
])  # fmt: skip
def test_the_median_is_over_the_first_words_that_are_known(words, first, valence, concreteness):
    found = scores({"x": words}, first=first)
    assert found == {("x", "valence"): valence, ("x", "concreteness"): concreteness}


def test_attributes_that_the_norms_lack_have_no_rows():
    assert set(scores({"x": ["a"]}, NORMS.drop("valence"))) == {("x", "concreteness")}
    assert scores({"x": ["a"]}, NORMS.select("word")) == {}


@pytest.mark.parametrize("lists", [{}, {"x": []}])
def test_types_are_the_same_for_empty_input(lists):
    assert scored(lists).schema == scored({"x": ["a"]}).schema
