import pytest
import yaml

from culturalign.config import docs
from culturalign.config.clca import PromptOnly
from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.config.sft import ClcaSft
from culturalign.errors import UserError

CONFIG = docs.ROOT / "config"
DEMO = merge(*(yaml.safe_load((CONFIG / name).read_text(encoding="utf-8"))
               for name in ("config.yaml", "clca.yaml")))  # fmt: skip


def refused(overlay, *expected):
    with pytest.raises(UserError) as error:
        load(merge(DEMO, overlay))
    for text in expected:
        assert text in str(error.value)
    assert str(error.value).startswith("1 to correct")


def test_the_demo_has_role_play_alone_and_after_associations_and_prompts_without_training():
    methods = load(DEMO).methods
    assert isinstance(methods["clca"], ClcaSft) and methods["clca"].associations is None
    assert (methods["sft-clca"].associations, methods["sft-clca"].order) == ("sft", "sequential")
    prompts = [m for m in methods.values() if isinstance(m, PromptOnly)]
    assert [m.persona for m in prompts] == [False, True]


def test_the_published_example_settings_are_a_named_variant():
    method = load(DEMO).methods["clca-published"]
    assert (method.learning_rate, method.warmup_ratio, method.epochs) == (1e-4, 0, 3)
    lora = method.lora
    assert (lora.rank, lora.alpha, lora.dropout) == (4, 0.1, 0.5)
    assert lora.target == ["q_proj", "v_proj"] and lora.last_layers is None


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        ({"clca": {"roleplay": {"model": "smolm2"}}}, ["did you mean smollm2"]),
        ({"clca": {"judge": {"model": "other"}}}, ["clca.judge.model"]),
        ({"clca": {"judge": {"model": None}}}, ["either a model or an endpoint"]),
        (
            {"clca": {"judge": {"endpoint": {"url": "http://x/v1", "model": "j"}}}},
            ["either a model or an endpoint"],
        ),
        ({"clca": {"filter": {"quality": 101}}}, ["clca.filter.quality"]),
        ({"clca": {"validation": 0.0}}, ["clca.validation"]),
        ({"clca": {"validation": 1.0}}, ["clca.validation"]),
        ({"clca": {"cards": {"GBR": "x.yaml"}}, "cultures": {"demo_a": {"country": "GBR"}},
          "survey": None}, ["clca.scenarios does not define 'GBR'"]),
        ({"methods": {"clca": {"examples": {"per_cue": 2}}},
          "run": {"methods": ["clca"]}}, ["methods.clca.examples", "no such key"]),
        ({"languages": {"en": {"clca_prompts": None}}}, ["languages.en.clca_prompts"]),
        ({"languages": {"en": {"personas": None}}}, ["languages.en.personas"]),
        ({"methods": {"sft-clca": {"associations": "ppo"}}}, ["'ppo' is not a method of kind sft"]),
        ({"methods": {"sft-clca": {"associations": None}}}, ["sequential needs the SFT method"]),
        ({"methods": {"sft-clca": {"lora": {"rank": 8}}}}, ["give both the same lora"]),
        ({"methods": {"country-prompt": {"system": {"demo_a": "x"}}},
          "cultures": {"demo_fr": DEMO["cultures"]["demo_b"] | {
              "generation_table": None, "ranking_table": None, "attribute_tables": {}}},
          "run": {"cultures": ["demo_a", "demo_fr"], "methods": ["sft", "country-prompt"]}},
         ["methods.country-prompt.system", "'demo_fr'"]),
        ({"methods": {"roleplay": {"like": "sft"}}}, ["methods.roleplay"]),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_once(overlay, expected):
    refused(overlay, *expected)


def test_a_default_of_lora_that_is_written_out_is_no_other_adapter():
    written = merge(DEMO, {"methods": {"sft-clca": {"lora": {"dropout": 0.0, "rank": 16}}}})
    assert load(written).methods["sft-clca"].lora == load(DEMO).methods["sft"].lora


def test_role_play_needs_its_section():
    with pytest.raises(UserError) as error:
        load({**DEMO, "clca": None})
    assert "methods.clca: role-play needs the section" in str(error.value)
    without = merge(DEMO, {"run": {"methods": ["sft", "country-prompt"]}})
    assert load({**without, "clca": None}).clca is None


def test_without_persona_answers_no_texts_are_needed():
    overlay = {"clca": {"personas": None}, "languages": {"en": {"personas": None}}}
    assert load(merge(DEMO, overlay)).clca.personas is None
