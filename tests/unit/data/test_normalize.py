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


@pytest.mark.parametrize(("rules", "forms"), [
    ({}, [
        ("cat", "cat"), ("Cat", "cat"), ("  ice \t cream ", "ice cream"), ("ＡＢＣ１", "abc1"),
        ("ice\u3000cream", "ice cream"),  # ideographic space
        ("ice\xa0cream", "ice cream"),  # no-break space
        ("Straße", "strasse"), ("ﬁre", "fire"),
        ("cafe\u0301", "café"),  # e and a combining accent become one character
        ("“love”", "love"), ("«love»,", "love"), ("love!?", "love"), ("love…", "love"),
        ('="cat"', "cat"), ("¿gato?", "gato"), ("¡guau!", "guau"), ("؟قط،", "قط"), ("घर।", "घर"),
        ("cat &amp; mouse", "cat & mouse"), ("don&#39;t", "don't"), ("caf&EACUTE;", "café"),
        ("don&amp;#x27;t", "don't"), ("ice&nbsp;cream", "ice cream"), ("c&shy;at", "cat"),
        ("at&t; r&b", "at&t; r&b"), ("a &amp b", "a &amp b"), ("&cat;s", "&cat;s"),
        ("don't", "don't"), ("e.g. this", "e.g. this"), ("well-being", "well-being"),
        ("(cat)", "(cat)"), ("' cat '", "cat"), ("咖啡。", "咖啡"), ("「咖啡」，", "咖啡"),
        ("《红楼梦》", "红楼梦"),
        # white space is not a word; punctuation is kept if nothing else is there
        *((space, "") for space in ("", " ", "\t\n", "\u3000", "\xa0 ")),
        ("?", "?"), ("！", "!"), ("…", "..."), (" ' ", "'"),
        # symbols are slips around Han characters, and nowhere else
        ("-儿童", "儿童"), ("=庆祝", "庆祝"), ("(凶爆)", "凶爆"), ("*号", "号"), ("18+", "18+"),
        ("百分之5%", "百分之5%"), ("c++", "c++"), ("-ed", "-ed"), ("#metoo", "#metoo"),
        # control and bidirectional characters
        *((f"c{x}at{x}", "cat") for x in "\u202e\u2066\u200b\ufeff\x00\x1b\xad"),
        ("花儿", "花儿"), ("學校", "學校"),
    ]),
    ({"simplify_chinese": True}, [("花儿", "花儿"), ("學校", "学校")]),
    (MANDARIN, [
        ("愛", "爱"), ("學校", "学校"), ("自由", "自由"), ("電腦。", "电脑"), ("花儿", "花"),
        ("花儿。", "花"), ("一会儿", "一会"), ("儿", "儿"), ("儿子", "儿子"),
        ("女儿", "女儿"), ("婴儿", "婴儿"),  # child, not a sound
        ("香奈儿", "香奈儿"),  # a name
        ("那儿", "那儿"),  # there; 那 is that
        ("畫兒", "画"),  # traditional first, then erhua
    ]),
], ids=["in any language", "simplified only", "simplified and erhua merged"])  # fmt: skip
def test_a_word_is_brought_into_the_form_in_which_words_are_compared(rules, forms):
    assert [(word, normalize(word, **rules)) for word, _ in forms] == forms


@given(
    st.text(max_size=20)
    | st.text("學國儿兒花女愛龍-=(（「”爱 Aa、.1", max_size=8)
    | st.lists(
        st.sampled_from(["&", "amp;", "AMP;", "#38;", "#39;", "lt;", "b;", " "]), max_size=6
    ).map("".join)
)
@pytest.mark.parametrize("rules", [{}, {"simplify_chinese": True}, MANDARIN])
def test_normalizing_twice_is_normalizing_once(rules, word):
    once = normalize(word, **rules)
    assert normalize(once, **rules) == once
    assert once == " ".join(once.split())


@given(st.text("abcÉ自由", min_size=1), st.text(EDGES), st.text(EDGES))
def test_surrounding_punctuation_and_case_make_no_difference(word, before, after):
    assert normalize(before + word.upper() + after) == normalize(word)


@given(st.text())
def test_a_word_disappears_only_if_it_is_white_space_or_invisible(word):
    seen = [c for c in word if not c.isspace() and unicodedata.category(c)[0] != "C"]
    assert (normalize(word) == "") == (not seen)


def test_every_kind_of_change_is_named():
    words = ["c\u200bat", "don&#39;t", "１", "it’s", "A", "a  b", "a.", "-儿童", "愛", "花儿"]
    assert {kind for word in words for kind in changes(word, **MANDARIN)[1]} == set(KINDS)
    assert changes("cat", **MANDARIN) == ("cat", ())
    found = changes(" “Don’t” ", **MANDARIN)[1]
    assert found == ("quotes", "upper case", "white space", "surrounding punctuation")


@pytest.mark.parametrize(("cell", "words"), [
    ("友情   不离不散   有难必帮", ["友情", "不离不散", "有难必帮"]),
    ("qq、微信、陌陌", ["qq", "微信", "陌陌"]), ("明信片。老朋友。", ["明信片", "老朋友"]),
    ("苹果/香蕉", ["苹果", "香蕉"]), ("cat, dog; cow", ["cat", " dog", " cow"]),
    ("ice cream", ["ice cream"]), ("and/or", ["and/or"]), ("1,000", ["1,000"]), ("1,2", ["1", "2"]),
    ("，", []), ("cat &amp; mouse; dog", ["cat & mouse", " dog"]), ("R&B; AT&T", ["R&B", " AT&T"]),
    ("sun&star; tea&cup;", ["sun&star", " tea&cup"]),
    ("dog&#44;cat", ["dog", "cat"]),
])  # fmt: skip
def test_several_responses_in_a_cell_are_taken_apart(cell, words):
    assert split_responses(cell) == words


@pytest.mark.parametrize("mark", "／｜＋﹢﹐︐﹑､︑﹔︔｡︒")
def test_separators_of_another_width_take_apart_like_the_usual_ones(mark):
    plain = unicodedata.normalize("NFKC", mark)
    assert split_responses(f"苹果{mark}香蕉") == ["苹果", "香蕉"]
    assert split_responses(f"苹果{plain}香蕉") == ["苹果", "香蕉"]
    assert len(split_responses(f"a{mark}b")) == len(split_responses(f"a{plain}b"))


@pytest.mark.parametrize("cell", ["قطة، عظم", "قطة؛عظم۔", "قطة።عظم", "قطة፣ عظم"])
def test_commas_and_full_stops_of_other_scripts_separate(cell):
    assert [piece.strip() for piece in split_responses(cell)] == ["قطة", "عظم"]


def test_what_is_too_long_and_what_is_not_a_word():
    assert not is_prose("one two three four five") and is_prose("one two three four five six")
    assert not is_prose("一二三四五六七八九十百千") and is_prose("一二三四五六七八九十百千万")
    assert is_word("3") and is_word("爱") and not is_word("?!") and not is_word("⊙_⊙")


def test_distinct_words_are_mapped_to_their_normal_forms():
    assert normalize_all(["Cat", "cat", "Cat", " 愛"], simplify_chinese=True) == {
        "Cat": "cat", "cat": "cat", " 愛": "爱",
    }  # fmt: skip
    assert normalize_all([]) == {}
