import pytest
from tokenizers.pre_tokenizers import ByteLevel, Split

from culturalign.errors import UserError
from culturalign.samples.option_labels import (
    choose_labels,
    label_forms,
    label_tokens,
    labels_of,
)
from tests import tiny

PROMPT = "<|user|>Which?<|end|><|assistant|>"


def byte_pairs(vocabulary, merges, splits):
    """A tokenizer with these merges."""
    from tokenizers import Tokenizer, decoders, models
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer, tokenizer.decoder = splits, decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def spaced_tokenizer():
    """Like the tests' tokenizer, but " 1" and "10" are single tokens."""
    alphabet = sorted(ByteLevel.alphabet())
    vocabulary = {char: index for index, char in enumerate([*alphabet, "Ġ1", "10"])}
    return byte_pairs(vocabulary, [("Ġ", "1"), ("1", "0")], ByteLevel(add_prefix_space=False))


def test_the_form_with_a_space_counts_where_it_is_a_single_token():
    tokenizer = spaced_tokenizer()
    one, spaced = (tokenizer.convert_tokens_to_ids(token) for token in ("1", "Ġ1"))
    assert label_forms(tokenizer, "Which?", "1") == (one, spaced)
    assert label_forms(tokenizer, "Which?", "2") == (tokenizer.convert_tokens_to_ids("2"),)


def test_digits_up_to_nine_options_then_letters_even_if_1_and_10_are_single_tokens():
    chosen = choose_labels([2, 9, 10], {"tiny": (tiny.build_tokenizer(), PROMPT)})
    assert chosen == {2: ["1", "2"], 9: list("123456789"), 10: list("ABCDEFGHIJ")}
    assert choose_labels([10], {"spaced": (spaced_tokenizer(), "Which?")})[10][0] == "A"


def test_all_models_of_a_run_get_the_same_labels():
    # A tokenizer that reads every digit together with the end of the prompt.
    vocabulary = {char: i for i, char in enumerate("?ABCDEFGHIJ 123")} | {"?1": 90, "?2": 91}
    merging = byte_pairs(vocabulary, [("?", "1"), ("?", "2")], Split("$", "isolated"))
    both = {"tiny": (tiny.build_tokenizer(), PROMPT), "odd": (merging, "?")}
    assert choose_labels([2], both)[2] == ["A", "B"]


def test_too_many_options_are_refused_with_the_reasons():
    with pytest.raises(UserError, match=r"27 options \(1, 2, \.\.\.: only 9 labels; A, B"):
        choose_labels([27], {"tiny": (tiny.build_tokenizer(), PROMPT)})


def test_tokens_of_chosen_labels():
    tokenizer = tiny.build_tokenizer()
    assert label_tokens(tokenizer, PROMPT, ["1"]) == {"1": (tokenizer("1").input_ids[0],)}
    assert label_forms(tokenizer, PROMPT, "10") is None  # two tokens
    assert label_tokens(tokenizer, PROMPT, ["10"]) == {"10": ()}


def test_numbers_are_labels_whatever_the_tokenizers_need_for_them():
    tokenizers = {"tiny": (tiny.build_tokenizer(), PROMPT)}
    assert labels_of("numbers", [11, 2], tokenizers) == {
        2: ["1", "2"],
        11: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"],
    }
    assert labels_of("single_token", [10], tokenizers)[10][0] == "A"
