"""A chat model whose turns end with another token than the tokenizer's, as Gemma's do."""

import json
from types import SimpleNamespace

import pytest
import torch
from transformers import GenerationConfig

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.models.generation import generate
from culturalign.models.stop_tokens import stop_tokens, until_stop
from culturalign.training.ppo.rollout import sample_responses
from tests import tiny

TURN = 7


@pytest.mark.parametrize(("named", "stops"), [(None, {0}), (7, {0, 7}), ([7, 8], {0, 7, 8})])
def test_the_tokenizers_and_the_models_tokens_end_an_answer(named, stops):
    tokenizer = SimpleNamespace(eos_token_id=0)
    assert stop_tokens(tokenizer, GenerationConfig(eos_token_id=named)) == stops


def test_an_answer_ends_with_its_first_stop_token():
    assert until_stop([4, 5, 7, 0], {0, 7}) == (4, 5, 7)
    assert until_stop([4, 5, 6], {0, 7}) == (4, 5, 6)
    assert until_stop([0, 4], {0}) == (0,)


@pytest.fixture
def model():
    """Says token 7, whatever it reads; its settings name 7 beside the tokenizer's 0."""
    built = tiny.build_model().eval()
    with torch.no_grad():
        built.model.norm.weight.zero_()
    built.lm_head = torch.nn.Linear(32, 260)
    with torch.no_grad():
        built.lm_head.weight.zero_()
        built.lm_head.bias.zero_()[TURN] = 50.0
    built.generation_config = GenerationConfig(eos_token_id=[0, TURN])
    return built


def test_transformers_and_ppo_end_at_the_turn_and_again_when_asked_twice(model):
    tokenizer = tiny.build_tokenizer()
    for _ in range(2):
        answer = generate(model, tokenizer, ["dog"], Decoding(max_new_tokens=9), batch_tokens=99)[0]
        assert (answer.text, answer.tokens, answer.truncated) == ("", 1, False)
    stops = stop_tokens(tokenizer, model.generation_config)
    options = Ppo(kind="ppo", generation_max_length=6)
    assert sample_responses(model, [(5, 6)], options, stops=stops, pad=0) == [(TURN,)]


def test_an_engine_that_loads_by_itself_finds_the_same_settings(tmp_path):
    folder, options = tiny.save_model(tmp_path), Model(label="T", source=str(tmp_path))
    config = SimpleNamespace(eos_token_id=9)
    GenerationConfig(eos_token_id=[0, TURN]).save_pretrained(folder)
    assert loading.generation_settings(options, None, config).eos_token_id == [0, TURN]
    (folder / "generation_config.json").unlink()
    config = loading.load_model(options).config
    assert loading.generation_settings(options, None, config).eos_token_id == config.eos_token_id


@pytest.mark.parametrize("named", ["7", "<|end|>", [[0, 7]], -1, 7.0, True])
def test_stop_tokens_that_are_no_ids_are_refused(named):
    settings = SimpleNamespace(eos_token_id=named)
    with pytest.raises(UserError, match=r"eos_token_id is .*; it must be the id of a token"):
        stop_tokens(SimpleNamespace(eos_token_id=0), settings)


def test_where_the_settings_name_no_stop_token_those_of_the_configuration_count(tmp_path):
    folder, options = tiny.save_model(tmp_path), Model(label="T", source=str(tmp_path))
    for name, ends in (("config.json", [0, TURN]), ("generation_config.json", None)):
        settings = json.loads((folder / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps({**settings, "eos_token_id": ends}), encoding="utf-8")
    model = loading.load_model(options)
    for found in (
        model.generation_config, loading.generation_settings(options, None, model.config)
    ):  # fmt: skip
        assert found.eos_token_id == [0, TURN]
