from functools import partial

import pytest

from culturalign.config.models import Model
from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.errors import UserError
from culturalign.training.ppo.environment import (
    association_reward_fn,
    build_environment,
    ranking_reward_fn,
)
from tests import tiny

MODEL = Model(label="tiny", source="tiny")


def example(cue):
    return {
        "cue": cue,
        "messages": [{"role": "user", "content": f"Rank for {cue}"}],
        "candidates": ["bone", "cat", "bark"],
        "counts": [1, 9, 4],
        "lower": 2,
    }


def environment(reward_fn, longest=500):
    return build_environment(
        [example("dog")], reward_fn, tiny.build_tokenizer(), MODEL, longest=longest
    )


def response(text, *, end=True):
    return (*tiny.build_tokenizer()(text)["input_ids"], *([0] if end else []))


def test_a_ranking_is_worth_its_reward():
    found = environment(ranking_reward_fn(RewardRules()))
    best = found.score(0, response("Rank 1: cat\nRank 2: bark\nRank 3: bone"))
    worst = found.score(0, response("Rank 1: bone\nRank 2: bark\nRank 3: cat"))
    none = found.score(0, response("I will not."))
    assert (best.value, worst.value, none.value) == (1, -1, -1)
    assert (best.parsed, none.parsed) == (True, False)
    refused = found.score(0, response("Rank 1: cat\nRank 2: bark"))
    assert (refused.value, refused.parsed, refused.complete) == (-1, True, False)
    assert (best.complete, none.complete) == (True, False)


def test_free_associations_are_worth_the_share_that_humans_gave():
    reward_fn = association_reward_fn({"dog": ["cat", "bone", "bark"]})
    found = environment(reward_fn)
    assert found.score(0, response("cat, Bone, moon, dog, cat")).value == pytest.approx(2 / 3)
    assert found.score(0, response("")).value == -1
    assert found.score(0, response("cat, moon")).complete  # two asked for
    assert not found.score(0, response("cat")).complete
    # cut off at the limit: the last word may be half a word and does not count
    assert found.score(0, response("cat, bo", end=False)).value == 1 / 2  # of two asked for


def test_words_are_normalized_as_the_humans_were():
    row = {**example("园"), "candidates": ["花", "草", "树"], "counts": [9, 4, 1]}
    normalizer = partial(normalize, simplify_chinese=True, merge_erhua=True)
    text = "1. {}\n2. 草\n3. 樹"
    ranking = ranking_reward_fn(RewardRules(), normalizer)
    assert ranking(row, text.format("花儿"), True) == ranking(row, text.format("花"), True)
    assert ranking(row, text.format("花儿"), True).value == 1
    free = association_reward_fn({"园": ["花", "树"]}, normalizer)
    assert free(row, "花儿，樹", True).value == 1


def test_a_prompt_that_is_too_long_is_named():
    with pytest.raises(UserError, match=r"prompt of 'dog' has \d+ tokens, more than .* \(5\)"):
        environment(ranking_reward_fn(RewardRules()), longest=5)


def test_no_example_is_an_error():
    with pytest.raises(UserError, match="no training example"):
        build_environment(
            [], ranking_reward_fn(RewardRules()), tiny.build_tokenizer(), MODEL, longest=9
        )
