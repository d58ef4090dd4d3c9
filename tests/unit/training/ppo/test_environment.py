import pytest

from culturalign.config.models import Model
from culturalign.config.ranking import RewardRules
from culturalign.errors import UserError
from culturalign.training.ppo.environment import build_environment, build_reward_fn
from tests import tiny

EXAMPLE = {
    "cue": "dog",
    "messages": [{"role": "user", "content": "Rank for dog"}],
    "candidates": ["bone", "cat", "bark"],
    "counts": [1, 9, 4],
    "lower": 2,
}
CHINESE = {"simplify_chinese": True, "merge_erhua": True}


def ranking_fn(normalization=None, **rules):
    settings = {"rules": normalization or {}, "reward": RewardRules(**rules).model_dump()}
    return build_reward_fn("ranking", settings, {})


STOPS = frozenset({0, 1})
"""Text end and turn end differ, as in Gemma."""


def environment(reward_fn, examples=(EXAMPLE,), max_length=500):
    model = Model(label="tiny", source="tiny")
    return build_environment(
        examples, reward_fn, tiny.build_tokenizer(), model, stops=STOPS, max_length=max_length
    )


def score(found, text, *, end=True):
    return found.score(0, (*tiny.build_tokenizer()(text)["input_ids"], *([0] if end else [])))


@pytest.mark.parametrize(
    ("response", "value", "parsed", "complete"),
    [
        ("Rank 1: cat\nRank 2: bark\nRank 3: bone", 1, True, True),
        ("Rank 1: bone\nRank 2: bark\nRank 3: cat", -1, True, True),
        ("Rank 1: cat\nRank 2: bark", -1, True, False),
        ("I will not.", -1, False, False),
    ],
)
def test_a_ranking_gets_its_reward(response, value, parsed, complete):
    found = score(environment(ranking_fn()), response)
    assert (found.value, found.parsed, found.complete) == (value, parsed, complete)


@pytest.mark.parametrize(
    ("response", "ended", "value", "complete"),
    [
        ("cat, Bone, moon, dog, cat", True, 2 / 3, True),
        ("cat, moon", True, 1 / 2, True),  # two asked for
        ("cat", True, 1 / 2, False),
        ("cat, bo", False, 1 / 2, False),  # cut: the last word may be half a word
        ("", True, -1, False),
    ],
)
def test_free_associations_get_the_share_that_humans_gave(response, ended, value, complete):
    reward_fn = build_reward_fn(
        "association", {"rules": {}, "forms": {}}, {"dog": ["cat", "bone", "bark"]}
    )
    found = score(environment(reward_fn), response, end=ended)
    assert (found.value, found.complete) == (pytest.approx(value), complete)


def test_words_are_normalized_like_those_of_humans_and_the_configured_rules_apply():
    row = {"cue": "园", "candidates": ["花", "草", "树"], "counts": [9, 4, 1], "lower": 2}
    assert ranking_fn(CHINESE)(row, "1. 花儿\n2. 草\n3. 樹", True).value == 1
    free = build_reward_fn("association", {"rules": CHINESE, "forms": {}}, {"园": ["花", "树"]})
    assert free(row, "花儿，樹", True).value == 1
    assert ranking_fn(missing="last", partial=True)(row, "1. 花", True).value > -1


def test_a_prompt_that_is_too_long_is_named_and_no_example_is_an_error():
    with pytest.raises(UserError, match=r"prompt of 'dog' has \d+ tokens, more than .* \(5\)"):
        environment(ranking_fn(), max_length=5)
    with pytest.raises(UserError, match="no training example"):
        environment(ranking_fn(), examples=())
