"""Chat templates that take arguments, and those without a system role."""

import pytest
from tokenizers.processors import TemplateProcessing

from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import chat_template, loading
from tests import tiny

CHAT = [{"role": "system", "content": "List."}, {"role": "user", "content": "dog"}]
REFUSES = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}"
    "{% endif %}" + tiny.TEMPLATE
)
DROPS = "{% for m in messages if m['role'] != 'system' %}" + tiny.TEMPLATE.partition("%}")[2]
THINKS = tiny.TEMPLATE.replace(
    "<|assistant|>{% endif %}",
    "<|assistant|>{% if enable_thinking is defined and enable_thinking is false %}"
    "<think></think>{% endif %}{% endif %}",
)


def tokenizer(template):
    built = tiny.build_tokenizer()
    built.chat_template = template
    return built


def options(**changes):
    return Model(label="T", source="tiny", **changes)


@pytest.mark.parametrize(("arguments", "end"), [
    ({}, "<|assistant|>"), ({"enable_thinking": True}, "<|assistant|>"),
    ({"enable_thinking": False}, "<|assistant|><think></think>"),
])  # fmt: skip
def test_an_argument_of_the_template_may_be_a_truth_value(arguments, end):
    model = options(template_arguments=arguments)
    assert chat_template.render(tokenizer(THINKS), CHAT, model).endswith(end)


@pytest.mark.parametrize("template", [REFUSES, DROPS])
def test_a_template_without_a_system_role_is_refused_before_weights_are_loaded(template, tmp_path):
    folder = tiny.save_model(tmp_path)
    tokenizer(template).save_pretrained(folder)
    with pytest.raises(UserError, match="set system_in_user: true"):
        loading.load_tokenizer(Model(label="T", source=str(folder)))
    joined = Model(label="T", source=str(folder), system_in_user=True)
    text = chat_template.render(loading.load_tokenizer(joined), CHAT, joined)
    assert text == "<|user|>List.\n\ndog<|end|><|assistant|>"


def test_a_chat_that_goes_on_with_an_answer_gets_a_user_message():
    chat = [CHAT[0], {"role": "assistant", "content": "hi"}]
    assert [m["role"] for m in chat_template.joined(chat)] == ["user", "assistant"]
    assert chat_template.joined(CHAT[1:]) == CHAT[1:]


def test_raw_text_is_the_users_message_after_what_the_tokenizer_begins_texts_with():
    plain = tiny.build_tokenizer()
    assert chat_template.raw_text(plain, CHAT) == "dog"
    begins = tiny.build_tokenizer()  # as Llama's begin every text with <|begin_of_text|>
    begins.backend_tokenizer.post_processor = TemplateProcessing(
        single="<|system|> $A", special_tokens=[("<|system|>", 1)]
    )
    text = chat_template.raw_text(begins, CHAT)
    assert text == "<|system|>dog"
    assert begins(text, add_special_tokens=False).input_ids == begins("dog").input_ids
