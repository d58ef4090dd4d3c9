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


def test_the_token_that_completes_an_earlier_item_is_forbidden():
    assert banned("ab,c,a") == {"b", "B"}
    # at the start of an item only items of one character can be completed
    assert banned("ab,c,") == {"c", "C"}


def test_an_item_is_the_same_with_and_without_a_space_before_it():
    # the first item of an answer has none, and so other tokens than later ones
    assert banned("ab, c, a") == {"b", "B"}
    assert banned(" ab,c,a") == {"b", "B"}
    assert banned("ab, c, ") == {"c", "C"}


def test_an_item_is_the_same_in_another_case():
    assert banned("Ab,c,a") == {"b", "B"}


def test_an_item_is_the_same_under_another_number():
    assert banned("1. ab\n2. a") == {"b", "B"}
    assert banned("- ab\n* a") == {"b", "B"}


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


def test_the_space_inside_a_phrase_counts():
    assert banned("a b,a") == set()
    assert banned("a b,a ") == {"b", "B"}


def test_longer_words_that_begin_like_an_earlier_item_stay_possible():
    assert banned("ab,ab") == set()


def test_nothing_is_forbidden_in_the_first_item():
    assert banned("ab") == set()


def test_nothing_is_forbidden_unless_asked():
    assert banned("ab,c,a", distinct_items=False) == set()


def test_where_a_character_is_several_tokens_its_first_is_forbidden():
    # The tokenizer of the tests spells every Chinese character in bytes: three tokens.
    tokenizer = tiny.build_tokenizer()
    assert len(tokenizer("红色").input_ids) == 6
    assert banned("红色,红") == {tokenizer.convert_ids_to_tokens(tokenizer("色").input_ids[0])}
