import json

import pytest

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.errors import UserError
from culturalign.models import chat_template, loading
from culturalign.training.openrlhf import prompt_data

OPTIONS = Ppo(kind="ppo", engine="openrlhf")


def example(number: int) -> dict:
    return {
        "cue": f"cue{number}",
        "candidates": ["盐", "sea"],
        "counts": [1, 4],
        "messages": [{"role": "user", "content": f"Rank {number}: 盐, sea"}],
    }


@pytest.fixture(scope="module")
def tokenizer(tiny_model):
    return loading.load_tokenizer(Model(label="Tiny", source=str(tiny_model)))


def test_prompts_are_rendered_as_everywhere_and_labels_hold_what_the_reward_needs(tokenizer):
    settings = Model(label="Tiny", source="tiny")
    (row,) = prompt_data.rows([example(1)], tokenizer, settings, OPTIONS)
    assert row["prompt"] == chat_template.render(tokenizer, example(1)["messages"], settings)
    label = json.loads(row["label"])
    assert label == {
        "candidates": ["盐", "sea"],
        "counts": [1, 4],
        "characters": label["characters"],
    }
    ids = tokenizer(row["prompt"], add_special_tokens=False)["input_ids"]
    decoded = tokenizer.decode([*ids, *ids[-3:]], skip_special_tokens=False)
    assert decoded[: label["characters"]] == row["prompt"]


def test_template_arguments_reach_the_prompt(tokenizer):
    dated = tokenizer.__class__.from_pretrained(tokenizer.name_or_path)
    dated.chat_template = "{{ date_string }}|" + tokenizer.chat_template
    settings = Model(label="T", source="t", template_arguments={"date_string": "26 Jul 2024"})
    (row,) = prompt_data.rows([example(1)], dated, settings, OPTIONS)
    assert row["prompt"].startswith("26 Jul 2024|")


def test_a_prompt_that_openrlhf_would_cut_is_refused(tokenizer):
    short = OPTIONS.model_copy(update={"prompt_max_length": 5})
    with pytest.raises(
        UserError, match=r"prompt of 'cue1' has \d+ tokens, more than prompt_max_length \(5\)"
    ):
        list(prompt_data.rows([example(1)], tokenizer, Model(label="T", source="t"), short))


def test_only_whole_rollout_batches_are_kept_within_the_cap():
    examples = [example(number) for number in range(150)]
    kept = prompt_data.whole_rollouts(examples, OPTIONS, seed=0)
    assert len(kept) == 128 and len({row["cue"] for row in kept}) == 128
    assert kept == prompt_data.whole_rollouts(examples, OPTIONS, seed=0)
    assert kept != prompt_data.whole_rollouts(examples, OPTIONS, seed=1)
    capped = OPTIONS.model_copy(update={"max_samples": 100})
    assert len(prompt_data.whole_rollouts(examples, capped, seed=0)) == 64
    with pytest.raises(UserError, match="63 training examples do not make a rollout batch of 64"):
        prompt_data.whole_rollouts(examples[:63], OPTIONS, seed=0)


def test_special_tokens_are_not_text(tokenizer):
    assert "<|end|>" in prompt_data.special_tokens(tokenizer)
    assert "a" not in prompt_data.special_tokens(tokenizer)
