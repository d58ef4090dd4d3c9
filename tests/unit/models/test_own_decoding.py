"""A model's own sampling, and the limit of the whole length."""

import pytest
from pydantic import ValidationError
from transformers import GenerationConfig

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.generation import generate
from culturalign.models.own_decoding import resolve, within
from tests import tiny

OWN = Decoding(model_defaults=True, seed=42)
NAMES = ("temperature", "top_p", "top_k", "repetition_penalty")


def resolved(folder, **defaults):
    GenerationConfig(**defaults).save_pretrained(folder)
    found = resolve(OWN, Model(label="T", source=str(folder)), None)
    assert found.seed == 42
    return tuple(getattr(found, name) for name in NAMES)


def test_a_models_own_sampling_is_taken_and_completed_as_transformers_does(tmp_path):
    qwen = {"temperature": 0.7, "top_p": 0.8, "top_k": 20, "repetition_penalty": 1.05}
    assert resolved(tmp_path, do_sample=True, **qwen) == (0.7, 0.8, 20, 1.05)
    # Llama 3.1 names no top_k: generate() then takes 50
    assert resolved(tmp_path, do_sample=True, temperature=0.6, top_p=0.9) == (0.6, 0.9, 50, 1.0)
    assert resolved(tmp_path, repetition_penalty=1.1) == (0.0, 1.0, 0, 1.1)  # greedy


def test_what_it_is_completed_with_is_still_what_transformers_takes():
    found = GenerationConfig._get_default_generation_params()
    assert [found[name] for name in NAMES] == [1.0, 1.0, 50, 1.0]


def test_a_plain_decoding_stays_and_a_model_without_defaults_is_refused(tmp_path):
    model = Model(label="T", source=str(tmp_path))
    assert resolve(Decoding(), model, None) == Decoding()
    with pytest.raises(UserError, match=r"no generation_config.json, so the model has no defaults"):
        resolve(OWN, model, None)


def test_two_sources_of_one_setting_are_refused():
    with pytest.raises(ValidationError, match="model_defaults takes temperature, top_k from the"):
        Decoding(model_defaults=True, temperature=0.5, top_k=3)


@pytest.mark.parametrize(("limit", "prompt", "left"), [(None, 900, 12), (30, 5, 12), (30, 25, 5)])
def test_prompt_and_answer_stay_within_the_whole_length(limit, prompt, left):
    decoding = Decoding(max_new_tokens=12, max_length=limit)
    assert within(decoding, prompt).max_new_tokens == left


def test_a_prompt_that_leaves_no_room_is_refused():
    with pytest.raises(UserError, match=r"a prompt has 30 tokens, and decodings.\*.max_length"):
        within(Decoding(max_length=30), 30)


def test_generation_ends_at_the_whole_length_and_says_that_the_answer_is_cut():
    tokenizer = tiny.build_tokenizer()
    model, prompt = tiny.build_model(len(tokenizer)).eval(), "List words about dog:"
    length = len(tokenizer(prompt, add_special_tokens=False).input_ids)
    short = Decoding(max_new_tokens=12, max_length=length + 3, max_items=None)
    (answer,) = generate(model, tokenizer, [prompt], short, batch_tokens=999)
    assert (answer.tokens, answer.truncated) == (3, True)


def test_only_the_most_likely_tokens_are_sampled_with_top_k():
    tokenizer = tiny.build_tokenizer()
    model = tiny.build_model(len(tokenizer)).eval()

    def text(**settings):
        decoding = Decoding(max_new_tokens=12, **settings)
        return generate(model, tokenizer, ["dog:"], decoding, batch_tokens=999)[0].text

    assert text(temperature=1.0, top_k=1) == text() != text(temperature=1.0)
