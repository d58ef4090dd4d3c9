"""Look-up: the form as it stands, then its lemma; attribute by attribute."""

import sys
from types import ModuleType, SimpleNamespace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.errors import UserError
from culturalign.scores.norm_lookup import lemmatizer_of, look_up

NORMS = pl.DataFrame(
    {"word": ["child", "glass", "glasses", "ice cream"], "valence": [6.0, 5.0, 4.0, 7.9],
     "valence_raw": [0.0] * 4, "concreteness": [4.8, 4.9, None, None]}
)  # fmt: skip


@pytest.mark.parametrize(("lemmatizer", "expected"), [
    # glasses is rated itself; its concreteness comes through its lemma
    ("simplemma", {"children": (6.0, 4.8), "glasses": (4.0, 4.9), "ice cream": (7.9, None),
                   "xyzzy": (None, None)}),
    (None, {"child": (6.0, 4.8), "children": (None, None)}),
    ("simplemma", {}),
])  # fmt: skip
def test_the_form_comes_before_the_lemma_for_each_attribute(lemmatizer, expected):
    table = look_up([*expected], NORMS, lemmatizer_of(lemmatizer, "en"))
    assert {word: tuple(found) for word, *found in table.rows()} == expected


def test_lemmas_take_the_rules_that_norms_take():
    assert lemmatizer_of("simplemma", "en")("愛") == "愛"
    assert lemmatizer_of("simplemma", "en", simplify_chinese=True)("愛") == "爱"


@given(st.lists(st.sampled_from(["child", "children", "glasses", "no"])))
def test_each_word_is_looked_up_once_and_rated_words_as_rated(words):
    english = lemmatizer_of("simplemma", "en")
    table = look_up(words, NORMS, english)
    assert sorted(table["word"]) == sorted(set(words))
    surface = look_up(words, NORMS, None).drop_nulls("valence")
    both = surface.join(table, on="word", suffix="_lemma")
    assert both["valence"].equals(both["valence_lemma"], check_names=False)


def test_a_language_simplemma_does_not_know_is_refused():
    with pytest.raises(UserError, match=r"norms.lemmatizer.zh: simplemma knows no language 'zh'"):
        lemmatizer_of("simplemma", "zh")


def with_nltk(monkeypatch, lemmatize):
    """A stand-in for nltk, which the project does not install."""
    stem = ModuleType("nltk.stem")
    stem.WordNetLemmatizer = lambda: SimpleNamespace(lemmatize=lemmatize)
    monkeypatch.setitem(sys.modules, "nltk", ModuleType("nltk"))
    monkeypatch.setitem(sys.modules, "nltk.stem", stem)


def test_wordnet_is_asked_for_lemmas(monkeypatch):
    with_nltk(monkeypatch, {"words": "word", "children": "Child"}.__getitem__)
    assert lemmatizer_of("wordnet", "en")("children") == "child"


@pytest.mark.parametrize("error", [LookupError, OSError, None])
def test_wordnet_without_nltk_or_its_whole_data_is_refused(monkeypatch, error):
    def fail(word):
        raise error(word)

    with_nltk(monkeypatch, fail)
    if error is None:
        monkeypatch.setitem(sys.modules, "nltk.stem", None)
    with pytest.raises(UserError, match="nltk and its data set wordnet"):
        lemmatizer_of("wordnet", "en")
