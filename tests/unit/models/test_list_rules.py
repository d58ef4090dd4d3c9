import pytest

from culturalign.models.list_rules import ListRules, list_items
from tests import tiny

COMMA = frozenset({9})


def test_a_list_is_cut_into_items():
    assert list_items([1, 2, 9, 9, 3, 9, 1], COMMA) == ([(1, 2), (3,)], (1,))
    assert list_items([1, 2], COMMA) == ([], (1, 2))
    assert list_items([], COMMA) == ([], ())


def banned(text: str, distinct_items: bool = True) -> set[str]:
    tokenizer = tiny.build_tokenizer()
    rules = ListRules(tokenizer, max_items=9, distinct_items=distinct_items)
    ids = tokenizer(text).input_ids
    return {tokenizer.convert_ids_to_tokens(i) for i in rules.forbidden(ids)}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ab,c,a", {"b", "B"}),  # completes an earlier item, in either case
        ("Ab,c,a", {"b", "B"}),
        ("ab,c,", {"c", "C"}),  # at the start only items of one character can be completed
        ("ab, c, a", {"b", "B"}),  # the first item of an answer has no space, later ones do
        (" ab,c,a", {"b", "B"}),
        ("ab, c, ", {"c", "C"}),
        ("1. ab\n2. a", {"b", "B"}),  # numbers and bullets do not count
        ("- ab\n* a", {"b", "B"}),
        ("a b,a", set()),  # the space inside a phrase counts
        ("a b,a ", {"b", "B"}),
        ("ab,ab", set()),  # a longer word may begin like an earlier item
        ("ab", set()),  # the first item
    ],
)
def test_tokens_that_complete_an_earlier_item_are_forbidden(text, tokens):
    assert banned(text) == tokens
    assert banned(text, distinct_items=False) == set()


def test_a_word_spelled_with_other_tokens_cannot_come_again():
    """The model writes "ab" at once, or as "a" and "b", and later " ab" too."""
    tokenizer = tiny.build_tokenizer()
    tokenizer.add_tokens(["ab", " ab"])
    rules = ListRules(tokenizer, max_items=9, distinct_items=True)
    names = ["a", "b", "B", ",", "ab", " ab"]
    a, b, upper, comma, at_once, spaced = tokenizer.convert_tokens_to_ids(names)
    assert rules.forbidden([a, b, comma]) == {at_once, spaced}
    assert rules.forbidden([at_once, comma, a]) == {b, upper}
    assert rules.forbidden([spaced, comma]) == {at_once, spaced}


def test_where_a_character_is_several_tokens_its_first_is_forbidden():
    # The tokenizer of the tests spells every Chinese character in bytes: three tokens.
    tokenizer = tiny.build_tokenizer()
    assert len(tokenizer("红色").input_ids) == 6
    assert banned("红色,红") == {tokenizer.convert_ids_to_tokens(tokenizer("色").input_ids[0])}


def test_the_vocabulary_is_read_only_where_there_are_rules_and_once(monkeypatch):
    tokenizer, read = tiny.build_tokenizer(), []
    decode = type(tokenizer).batch_decode
    monkeypatch.setattr(
        tokenizer, "batch_decode", lambda ids: read.append(1) or decode(tokenizer, ids)
    )
    ids = tokenizer("ab,ab,a").input_ids
    assert ListRules(tokenizer, max_items=None, distinct_items=False).forbidden(ids) == set()
    assert read == []
    rules = ListRules(tokenizer, max_items=2, distinct_items=True)
    assert rules.forbidden(ids) and rules.enough(ids)
    assert read == [1]
