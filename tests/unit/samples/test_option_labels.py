import pytest

from culturalign.errors import UserError
from culturalign.samples.option_labels import choose_labels, label_forms, label_tokens
from tests import tiny

PROMPT = "<|user|>Which?<|end|><|assistant|>"


def spaced_tokenizer():
    """Like the tests' tokenizer, but " 1" and "10" are single tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {char: index for index, char in enumerate([*alphabet, "Ġ1", "10"])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[("Ġ", "1"), ("1", "0")]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def test_the_form_with_a_space_counts_where_it_is_a_single_token():
    tokenizer = spaced_tokenizer()
    one, spaced = (tokenizer.convert_tokens_to_ids(token) for token in ("1", "Ġ1"))
    assert label_forms(tokenizer, "Which?", "1") == (one, spaced)
    assert label_forms(tokenizer, "Which?", "2") == (tokenizer.convert_tokens_to_ids("2"),)


def test_a_label_of_two_tokens_has_no_forms():
    assert label_forms(tiny.build_tokenizer(), PROMPT, "10") is None


def test_digits_up_to_nine_options_then_letters():
    chosen = choose_labels([2, 9, 10], {"tiny": (tiny.build_tokenizer(), PROMPT)})
    assert chosen[2] == ["1", "2"]
    assert chosen[9] == list("123456789")
    assert chosen[10] == list("ABCDEFGHIJ")


def test_a_question_with_ten_options_never_gets_1_and_10_even_if_both_are_single_tokens():
    assert choose_labels([10], {"spaced": (spaced_tokenizer(), "Which?")})[10][0] == "A"


def test_all_models_of_a_run_get_the_same_labels():
    # A tokenizer that reads every digit together with the end of the prompt.
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {char: i for i, char in enumerate("?ABCDEFGHIJ 123")} | {"?1": 90, "?2": 91}
    odd = Tokenizer(models.BPE(vocab=vocabulary, merges=[("?", "1"), ("?", "2")]))
    odd.pre_tokenizer = pre_tokenizers.Split("$", "isolated")
    merging = PreTrainedTokenizerFast(tokenizer_object=odd)
    both = {"tiny": (tiny.build_tokenizer(), PROMPT), "odd": (merging, "?")}
    assert choose_labels([2], both)[2] == ["A", "B"]


def test_too_many_options_are_refused_with_the_reasons():
    with pytest.raises(UserError, match=r"27 options \(1, 2, \.\.\.: only 9 labels; A, B"):
        choose_labels([27], {"tiny": (tiny.build_tokenizer(), PROMPT)})


def test_tokens_of_chosen_labels():
    tokenizer = tiny.build_tokenizer()
    assert label_tokens(tokenizer, PROMPT, ["1"]) == {"1": (tokenizer("1").input_ids[0],)}
    with pytest.raises(AssertionError):
        label_tokens(tokenizer, PROMPT, ["10"])
