"""Chat templates that take arguments, and those without a system role."""

import pytest
from pydantic import ValidationError
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


@pytest.mark.parametrize("change", [".replace('dog', 'cat')", "|upper", "[:6]"])
def test_a_template_that_changes_the_users_text_is_refused(change):
    template = tiny.TEMPLATE.replace("['content']", f"['content']{change}")
    assert template != tiny.TEMPLATE
    with pytest.raises(UserError, match="it drops or changes the text"):
        chat_template.check_template(tokenizer(template), options())


def test_a_template_that_writes_todays_date_is_refused_unless_the_date_is_set():
    today = "{% if date_string is not defined %}{% set date_string = strftime_now('%d %b %Y') %}"
    dated = tokenizer(today + "{% endif %}{{ date_string }}" + tiny.TEMPLATE)
    with pytest.raises(UserError, match=r"today's date.* set date_string under template_arguments"):
        chat_template.check_template(dated, options())
    fixed = options(template_arguments={"date_string": "26 Jul 2024"})
    chat_template.check_template(dated, fixed)
    assert chat_template.render(dated, CHAT, fixed).startswith("26 Jul 2024<|system|>")


def test_a_date_that_is_set_is_written_by_a_template_that_always_asks_for_the_day():
    dated = tokenizer("{{ strftime_now('%Y-%m-%d') }}" + tiny.TEMPLATE)
    fixed = options(template_arguments={"date_string": "2024-07-26"})
    chat_template.check_template(dated, fixed)
    assert chat_template.render(dated, CHAT, fixed).startswith("2024-07-26<|system|>")


def test_a_chat_that_goes_on_with_an_answer_gets_a_user_message():
    chat = [CHAT[0], {"role": "assistant", "content": "hi"}]
    assert [m["role"] for m in chat_template.joined(chat)] == ["user", "assistant"]
    assert chat_template.joined(CHAT[1:]) == CHAT[1:]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "llama3",
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nList.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\ndog<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        (
            "qwen",
            "<|im_start|>system\nList.<|im_end|>\n<|im_start|>user\ndog<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
    ],
)
def test_a_chosen_template_has_neither_date_nor_default_system_text(template, text, tmp_path):
    saved = tiny.build_tokenizer()
    saved.add_special_tokens({"bos_token": "<|begin_of_text|>"})
    saved.add_tokens(["<|eot_id|>", "<|im_end|>"], special_tokens=True)
    saved.save_pretrained(tmp_path)
    tiny.build_model(len(saved)).save_pretrained(tmp_path)
    model = Model(label="T", source=str(tmp_path), template=template)
    loaded = loading.load_tokenizer(model)
    assert chat_template.render(loaded, CHAT, model) == text
    _, _, rest = text.partition("List.")
    rest = rest.partition("\n" if template == "qwen" else "<|eot_id|>")[2]
    start = "<|begin_of_text|>" if template == "llama3" else ""
    assert chat_template.render(loaded, CHAT[1:], model) == start + rest


def test_gemmas_template_has_no_system_role_and_calls_the_assistant_model(tmp_path):
    saved = tiny.build_tokenizer()
    saved.add_special_tokens({"bos_token": "<bos>"})
    saved.add_tokens(["<start_of_turn>", "<end_of_turn>"], special_tokens=True)
    saved.save_pretrained(tmp_path)
    tiny.build_model(len(saved)).save_pretrained(tmp_path)
    alone = Model(label="T", source=str(tmp_path), template="gemma")
    with pytest.raises(UserError, match="set system_in_user: true"):
        loading.load_tokenizer(alone)
    model = alone.model_copy(update={"system_in_user": True})
    chat = [*CHAT, {"role": "assistant", "content": "cat"}, {"role": "user", "content": "tree"}]
    loaded = loading.load_tokenizer(model)
    assert loaded.eos_token == "<end_of_turn>"
    text = chat_template.render(loaded, chat, model)
    assert text == (
        "<bos><start_of_turn>user\nList.\n\ndog<end_of_turn>\n<start_of_turn>model\ncat"
        "<end_of_turn>\n<start_of_turn>user\ntree<end_of_turn>\n<start_of_turn>model\n"
    )


def test_a_template_whose_end_of_turn_the_tokenizer_lacks_is_refused(tmp_path):
    model = Model(label="T", source=str(tiny.save_model(tmp_path)), template="qwen")
    with pytest.raises(UserError, match=r"its tokenizer has no <\|im_end\|>"):
        loading.load_tokenizer(model)


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


@pytest.mark.parametrize("fault", ["{{ 1 / 0 }}", "{{ 'a' + 1 }}", "{{ now() }}", "{% if %}"])
def test_a_template_that_fails_in_any_way_is_refused_in_a_sentence(fault):
    with pytest.raises(UserError, match="refuses our messages") as caught:
        chat_template.check_template(tokenizer(fault + tiny.TEMPLATE), options())
    assert "\n" not in str(caught.value)


def test_several_templates_none_of_which_is_the_default_are_refused():
    several = tokenizer({"rag": tiny.TEMPLATE, "tool_use": tiny.TEMPLATE})
    with pytest.raises(UserError, match="multiple chat templates with no default"):
        chat_template.check_template(several, options())


def test_a_template_that_opens_no_answer_is_refused():
    closed = tokenizer(tiny.TEMPLATE.split("{% if add_generation_prompt")[0])
    with pytest.raises(UserError, match="opens no answer after the user's message"):
        chat_template.check_template(closed, options())


def test_an_argument_that_the_template_does_not_read_is_refused():
    misspelled = options(template_arguments={"enable_thinkin": False})
    with pytest.raises(UserError, match="does not read 'enable_thinkin' of template_arguments"):
        chat_template.check_template(tokenizer(THINKS), misspelled)
    # the protocols set it whatever the template
    chat_template.check_template(
        tokenizer(THINKS), options(template_arguments={"date_string": "26 Jul 2024"})
    )


@pytest.mark.parametrize("name", ["messages", "tokenize", "chat_template", "strftime_now"])
def test_an_argument_of_ours_is_refused_by_the_configuration(name):
    with pytest.raises(ValidationError, match=f"{name} is given to every chat template already"):
        options(template_arguments={name: "x"})


def test_a_byte_order_mark_before_a_template_is_no_part_of_the_prompt(tmp_path):
    folder = tiny.save_model(tmp_path)
    (folder / "chat_template.jinja").write_text("\ufeff" + tiny.TEMPLATE, encoding="utf-8")
    model = Model(label="T", source=str(folder))
    text = chat_template.render(loading.load_tokenizer(model), CHAT, model)
    assert text == "<|system|>List.<|end|><|user|>dog<|end|><|assistant|>"
