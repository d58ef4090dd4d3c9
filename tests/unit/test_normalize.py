import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.normalize import EDGES, normalize, normalize_all


@pytest.mark.parametrize(
    ("word", "normal"),
    [
        ("cat", "cat"),
        ("Cat", "cat"),
        ("  ice \t cream ", "ice cream"),
        ("ice\u3000cream", "ice cream"),  # ideographic space
        ("ice\xa0cream", "ice cream"),  # no-break space
        ("ＡＢＣ１", "abc1"),
        ("Straße", "strasse"),
        ("ﬁre", "fire"),
        ("cafe\u0301", "café"),  # e and a combining accent become one character
        ("“love”", "love"),
        ("«love»,", "love"),
        ("love!?", "love"),
        ("love…", "love"),
        ("don't", "don't"),
        ("e.g. this", "e.g. this"),
        ("well-being", "well-being"),
        ("(cat)", "(cat)"),
        ("' cat '", "cat"),
        ("咖啡。", "咖啡"),
        ("「咖啡」，", "咖啡"),
        ("《红楼梦》", "红楼梦"),
    ],
)
def test_a_word_comes_out_in_the_form_words_are_compared_in(word, normal):
    assert normalize(word) == normal


@pytest.mark.parametrize("space", ["", " ", "\t\n", "\u3000", "\xa0 "])
def test_white_space_alone_is_no_word(space):
    assert normalize(space) == ""


@pytest.mark.parametrize(("mark", "normal"), [("?", "?"), ("！", "!"), ("…", "..."), (" ' ", "'")])
def test_punctuation_alone_is_kept(mark, normal):
    assert normalize(mark) == normal


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("愛", "爱"), ("學校", "学校"), ("自由", "自由"), ("電腦。", "电脑")],
)
def test_traditional_characters_become_simplified_ones_where_asked(traditional, simplified):
    assert normalize(traditional, simplify_chinese=True) == simplified


def test_traditional_characters_stay_where_not_asked():
    assert normalize("愛") == "愛"
    assert normalize("學校") == "學校"


@given(st.text())
def test_normalizing_twice_is_normalizing_once(word):
    assert normalize(normalize(word)) == normalize(word)


@given(st.text("學國愛家聽說馬龍風雲電腦學生 。「」Aa", max_size=8))
def test_normalizing_mandarin_twice_is_normalizing_once(word):
    once = normalize(word, simplify_chinese=True)
    assert normalize(once, simplify_chinese=True) == once


@given(st.text("abcÉ自由", min_size=1), st.text(EDGES), st.text(EDGES))
def test_surrounding_punctuation_and_case_make_no_difference(word, before, after):
    assert normalize(before + word.upper() + after) == normalize(word)


@given(st.text())
def test_a_normal_form_has_no_stray_white_space(word):
    normal = normalize(word)
    assert normal == " ".join(normal.split())


@given(st.text())
def test_a_word_disappears_only_if_it_is_white_space(word):
    assert (normalize(word) == "") == (word.split() == [])


def test_every_distinct_word_is_mapped_once():
    assert normalize_all(["Cat", "cat", "Cat", " Dog"]) == {
        "Cat": "cat",
        "cat": "cat",
        " Dog": "dog",
    }


def test_many_words_are_simplified_like_one():
    assert normalize_all(["愛"], simplify_chinese=True) == {"愛": "爱"}
    assert normalize_all([]) == {}
