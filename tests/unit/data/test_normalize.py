import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.normalize import (
    EDGES,
    KINDS,
    changes,
    is_prose,
    is_word,
    normalize,
    normalize_all,
    split_responses,
)

MANDARIN = {"simplify_chinese": True, "merge_erhua": True}


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
def test_a_word_disappears_only_if_it_is_white_space_or_invisible(word):
    seen = [c for c in word if not c.isspace() and unicodedata.category(c)[0] != "C"]
    assert (normalize(word) == "") == (not seen)


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b", "\xad"])
def test_control_and_bidirectional_characters_are_no_part_of_a_word(hidden):
    assert normalize(f"c{hidden}at{hidden}") == "cat"


@pytest.mark.parametrize(
    ("word", "normal"),
    [
        ("花儿", "花"),
        ("一会儿", "一会"),
        ("女儿", "女儿"),  # child, not a sound
        ("婴儿", "婴儿"),
        ("香奈儿", "香奈儿"),  # a name
        ("那儿", "那儿"),  # there; 那 is that
        ("儿", "儿"),
        ("儿子", "儿子"),
        ("花儿。", "花"),
        ("畫兒", "画"),  # traditional first, then erhua
    ],
)
def test_erhua_that_colors_the_sound_is_merged_where_asked(word, normal):
    assert normalize(word, **MANDARIN) == normal


def test_erhua_stays_where_not_asked():
    assert normalize("花儿", simplify_chinese=True) == "花儿"


@pytest.mark.parametrize(
    ("word", "normal"),
    [
        ("-儿童", "儿童"),
        ("=庆祝", "庆祝"),
        ("(凶爆)", "凶爆"),
        ("*号", "号"),
        ("百分之5%", "百分之5%"),
        ("c++", "c++"),
        ("18+", "18+"),
        ("-ed", "-ed"),
        ("#metoo", "#metoo"),
    ],
)
def test_symbols_are_slips_around_han_characters_alone(word, normal):
    assert normalize(word) == normal


def test_every_kind_of_change_is_named():
    words = ["c\u200bat", "１", "it’s", "A", "a  b", "a.", "-儿童", "愛", "花儿"]
    seen = {kind for word in words for kind in changes(word, **MANDARIN)[1]}
    assert seen == set(KINDS)
    assert changes("cat", **MANDARIN) == ("cat", ())
    assert changes(" “Don’t” ", **MANDARIN)[1] == (
        "quotes",
        "upper case",
        "white space",
        "surrounding punctuation",
    )


@given(st.text("學國儿兒花女-=(（「”爱 A、.1", max_size=8))
def test_all_mandarin_rules_twice_are_the_rules_once(word):
    once = normalize(word, **MANDARIN)
    assert normalize(once, **MANDARIN) == once


@given(st.text(max_size=20))
def test_all_rules_twice_are_the_rules_once(word):
    once = normalize(word, **MANDARIN)
    assert normalize(once, **MANDARIN) == once


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("友情   不离不散   有难必帮", ["友情", "不离不散", "有难必帮"]),
        ("qq、微信、陌陌", ["qq", "微信", "陌陌"]),
        ("明信片。老朋友。", ["明信片", "老朋友"]),
        ("苹果/香蕉", ["苹果", "香蕉"]),
        ("cat, dog; cow", ["cat", " dog", " cow"]),
        ("ice cream", ["ice cream"]),
        ("and/or", ["and/or"]),
        ("1,000", ["1,000"]),
        ("1,2", ["1", "2"]),
        ("，", []),
    ],
)
def test_several_responses_in_a_cell_are_taken_apart(cell, words):
    assert split_responses(cell) == words


@pytest.mark.parametrize("mark", "／｜＋﹢﹐︐﹑､︑﹔︔｡︒")
def test_separators_of_another_width_take_apart_like_the_usual_ones(mark):
    plain = unicodedata.normalize("NFKC", mark)
    assert (
        split_responses(f"苹果{mark}香蕉")
        == split_responses(f"苹果{plain}香蕉")
        == ["苹果", "香蕉"]
    )
    assert len(split_responses(f"a{mark}b")) == len(split_responses(f"a{plain}b"))


def test_what_is_too_long_and_what_is_no_word():
    assert not is_prose("one two three four five") and is_prose("one two three four five six")
    assert not is_prose("一二三四五六七八九十百千") and is_prose("一二三四五六七八九十百千万")
    assert is_word("3") and is_word("爱") and not is_word("?!") and not is_word("⊙_⊙")


def test_every_distinct_word_is_mapped_once():
    assert normalize_all(["Cat", "cat", "Cat", " Dog"]) == {
        "Cat": "cat",
        "cat": "cat",
        " Dog": "dog",
    }


def test_many_words_are_simplified_like_one():
    assert normalize_all(["愛"], simplify_chinese=True) == {"愛": "爱"}
    assert normalize_all([]) == {}
