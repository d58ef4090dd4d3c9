"""From chat messages to the text that a model reads."""

import re
from typing import Any

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase

from culturalign.config.models import Model
from culturalign.errors import UserError

TEMPLATES = {
    "llama3": (
        "{{ bos_token }}{% for message in messages %}"
        "<|start_header_id|>{{ message['role'] }}<|end_header_id|>\n\n"
        "{{ message['content'] }}<|eot_id|>{% endfor %}"
        "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
    ),
    "qwen": (
        "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
        "{{ message['content'] }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    ),
    "gemma": (  # as Google describes the format; it has no system role
        "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'system' %}"
        "{{ raise_exception('Gemma has no system role') }}{% endif %}<start_of_turn>"
        "{{ 'model' if message['role'] == 'assistant' else message['role'] }}\n"
        "{{ message['content'] }}<end_of_turn>\n{% endfor %}"
        "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
    ),
}
"""``Model.template`` -> Jinja template of the format."""
ENDS = {"llama3": "<|eot_id|>", "qwen": "<|im_end|>", "gemma": "<end_of_turn>"}
"""``Model.template`` -> token at the end of a turn."""
Messages = list[dict[str, str]]
PROBE: Messages = [
    {"role": "system", "content": "You list words."},
    {"role": "user", "content": "Words for dog?"},
]
"""A chat like those of our prompts."""


DATED = "{% macro strftime_now(form) %}{{ date_string }}{% endmacro %}"
"""Before a template: it writes the date that is set, whatever it asks for (gpt-oss)."""


def choose_template(tokenizer: PreTrainedTokenizerBase, options: Model) -> None:
    """Give a tokenizer the chat template of a model's configuration, and its end of a turn.

    Raises:
        UserError: If the tokenizer has no token for the end of a turn of it, or as
            :func:`check_template`.
    """
    if isinstance(tokenizer.chat_template, str):
        tokenizer.chat_template = tokenizer.chat_template.removeprefix("\ufeff")
    if options.template != "own":
        tokenizer.chat_template = TEMPLATES[options.template]
        end = ENDS[options.template]
        if end not in tokenizer.get_vocab():
            raise UserError(
                f"{options.source}: its tokenizer has no {end}, the end of a turn of the template "
                f"{options.template}; set template: own"
            )
        tokenizer.eos_token = end  # what SFT teaches and what stops an answer; base models differ
    check_template(tokenizer, options)


def check_template(tokenizer: PreTrainedTokenizerBase, options: Model) -> None:
    """Refuse a chat template that cannot write our prompts, before weights are loaded.

    Raises:
        UserError: If there is none, it refuses or drops a message, opens no answer, does not know
            an argument, or writes the day's date.
    """
    if tokenizer.chat_template is None:
        raise UserError(f"{options.source}: the tokenizer has no chat template; use a chat model")
    text = render(tokenizer, PROBE, options)
    if text.rstrip().endswith(str(tokenizer.eos_token)):
        raise UserError(
            f"{options.source}: its chat template opens no answer after the user's message (it "
            "does not read add_generation_prompt); correct it, or set `template`"
        )
    _check_arguments(tokenizer, options)
    try:
        _text(tokenizer, PROBE, options, strftime_now="")  # no function: a call of it fails
    except TypeError:
        raise UserError(
            f"{options.source}: its chat template writes today's date, so that prompts differ from "
            "day to day; set date_string under template_arguments, such as 26 Jul 2024"
        ) from None


def _check_arguments(tokenizer: PreTrainedTokenizerBase, options: Model) -> None:
    """Refuse an argument that the template never reads, such as one that is misspelled."""
    template = str(tokenizer.get_chat_template())
    for name in options.template_arguments.keys() - {"date_string"}:  # protocols set it for all
        if not re.search(rf"\b{re.escape(name)}\b", template):
            raise UserError(
                f"{options.source}: its chat template does not read {name!r} of "
                "template_arguments; correct the name, or remove it"
            )


def render(tokenizer: PreTrainedTokenizerBase, messages: Messages, options: Model) -> str:
    """Chat messages as the text the model reads, up to where its answer begins.

    Raises:
        UserError: If the chat template refuses or drops a message.
    """
    text = _text(tokenizer, messages, options)
    if any(m["content"].strip() not in text for m in messages if m["role"] != "assistant"):
        raise _refused(options, "it drops or changes the text")
    return text


def _text(
    tokenizer: PreTrainedTokenizerBase, messages: Messages, options: Model, **more: str
) -> str:
    """A rendered chat, with more variables of the template."""
    chat = joined(messages) if options.system_in_user else messages
    extra: dict[str, Any] = {**options.template_arguments, **more}
    try:
        template = DATED * ("date_string" in extra) + str(tokenizer.get_chat_template())
        return str(
            tokenizer.apply_chat_template(
                chat, chat_template=template, tokenize=False, add_generation_prompt=True, **extra
            )
        )
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        if more:
            raise
        raise _refused(options, " ".join(str(error).split())[:200]) from error


def raw_text(tokenizer: PreTrainedTokenizerBase, messages: Messages) -> str:
    """The user's message alone, after what the tokenizer begins every text with."""
    start = str(tokenizer.decode(tokenizer("").input_ids))
    return start + next(m["content"] for m in messages if m["role"] == "user")


def joined(messages: Messages) -> Messages:
    """Messages with the system text before the first user message."""
    if not messages or messages[0]["role"] != "system":
        return messages
    system, *rest = messages
    if not rest or rest[0]["role"] != "user":
        return [{**system, "role": "user"}, *rest]
    return [{**rest[0], "content": f"{system['content']}\n\n{rest[0]['content']}"}, *rest[1:]]


def _refused(options: Model, reason: str) -> UserError:
    return UserError(
        f"{options.source}: its chat template refuses our messages ({reason}); if it has no system "
        f"role, set system_in_user: true under this model"
    )
