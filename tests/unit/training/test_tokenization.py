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


def test_prompt_and_completion_decode_to_the_text_and_a_long_list_loses_whole_words():
    tokenizer = tiny.build_tokenizer()

    def encode(max_length: int):
        return encode_example(EXAMPLE, tokenizer, MODEL, separator=", ", max_length=max_length)

    whole = encode(1000)
    assert tokenizer.decode(whole.prompt) == "<|user|>dog<|end|><|assistant|>"
    assert tokenizer.decode(whole.completion) == "cat, bone<|end|>"
    assert whole.bounds == (1, 5)
    assert tokenizer.decode(encode(len(whole) - 1).completion) == "cat<|end|>"
