from culturalign.config.models import Model
from culturalign.training.tokenization import encode_example
from tests import tiny

MODEL = Model(label="Tiny", source="unused")
EXAMPLE = {
    "messages": [{"role": "user", "content": "dog"}],
    "words": ["cat", "bone"],
    "lower": 1,
    "upper": 5,
}


def encode(max_length: int):
    tokenizer = tiny.build_tokenizer()
    found = encode_example(EXAMPLE, tokenizer, MODEL, separator=", ", max_length=max_length)
    return tokenizer, found


def test_prompt_and_completion_decode_to_what_was_written():
    tokenizer, found = encode(1000)
    assert tokenizer.decode(found.prompt) == "<|user|>dog<|end|><|assistant|>"
    assert tokenizer.decode(found.completion) == "cat, bone<|end|>"
    assert found.bounds == (1, 5)


def test_a_long_target_loses_whole_words_from_its_end():
    tokenizer, whole = encode(1000)
    _, cut = encode(len(whole) - 1)
    assert tokenizer.decode(cut.completion) == "cat<|end|>"
