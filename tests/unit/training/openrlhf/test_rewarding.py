import json

import pytest

from culturalign.config.ranking import RewardRules
from culturalign.rewards.ranking_reward import score
from culturalign.training.openrlhf.prompt_data import LABELS
from culturalign.training.openrlhf.rewarding import FAILED, LOGGED, response, score_query

PROMPT = "<|user|>Rank: sea, salt, beach<|assistant|>"
CANDIDATES, COUNTS = ["salt", "sea", "beach"], [5, 9, 2]
LABEL = json.dumps({"candidates": CANDIDATES, "counts": COUNTS, "characters": len(PROMPT)})
SETTINGS = {
    "task": "ranking",
    "options": {"reward": RewardRules().model_dump(), "rules": {}},
    "special_tokens": ["<|end|>", "<|user|>", "<|assistant|>"],
}
BEST = "Rank 1: sea\nRank 2: salt\nRank 3: beach"


def scored(answer: str) -> dict[str, float]:
    return score_query(PROMPT + answer, PROMPT, LABEL, SETTINGS)


def test_the_best_ranking_is_worth_one_and_its_reverse_minus_one():
    numbers = {"unparsed": 0.0, "incomplete": 0.0, "failed": 0.0}
    assert scored(BEST + "<|end|>") == {"reward": 1.0, **numbers}
    assert scored("Rank 1: beach\nRank 2: salt\nRank 3: sea<|end|>")["reward"] == -1


def test_the_rules_of_the_configuration_are_used():
    rules = RewardRules(missing="last", partial=True)
    settings = {**SETTINGS, "options": {"reward": rules.model_dump(), "rules": {}}}
    found = score_query(PROMPT + "Rank 1: sea<|end|>", PROMPT, LABEL, settings)
    assert found["reward"] == score("Rank 1: sea", CANDIDATES, COUNTS, rules).value > -1
    assert scored("Rank 1: sea<|end|>")["reward"] == -1  # refused by default


def test_the_culture_s_normalizer_is_used():
    known = {"candidates": ["花", "草", "树"], "counts": [9, 4, 1], "characters": len(PROMPT)}
    options = {**SETTINGS["options"], "rules": {"simplify_chinese": True, "merge_erhua": True}}
    answer = PROMPT + "1. 花儿\n2. 草\n3. 樹<|end|>"
    label, settings = json.dumps(known), {**SETTINGS, "options": options}
    assert score_query(answer, PROMPT, label, settings)["reward"] == 1


def test_a_prompt_that_shows_a_ranking_is_no_part_of_the_answer():
    prompt = BEST + "<|assistant|>"
    label = json.dumps({**json.loads(LABEL), "characters": len(prompt)})
    assert score_query(prompt + "I will not.<|end|>", prompt, label, SETTINGS)["reward"] == -1


def test_an_answer_without_a_ranking_is_not_a_failure():
    numbers = {"unparsed": 1.0, "incomplete": 1.0, "failed": 0.0}
    assert scored("sea, salt and beach") == {"reward": -1.0, **numbers}


def test_a_refused_answer_is_counted_as_incomplete():
    numbers = {"unparsed": 0.0, "incomplete": 1.0, "failed": 0.0}
    assert scored("Rank 1: sea\nRank 2: salt<|end|>") == {"reward": -1.0, **numbers}


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("cut" + PROMPT[5:] + BEST, LABEL),
        (PROMPT + BEST, "not JSON"),
        (PROMPT + BEST, "{}"),
        (PROMPT + BEST, json.dumps({"candidates": CANDIDATES, "characters": len(PROMPT)})),
        (None, LABEL),
    ],
)
def test_a_failure_is_minus_one_counted_apart_and_never_raised(query, label, capsys):
    assert score_query(query, PROMPT, label, SETTINGS) == FAILED
    assert "reward failed: " in capsys.readouterr().err


def test_white_space_that_decoding_tidies_does_not_shift_the_answer():
    prompt, decoded = "Which ? Rank .<|assistant|>", "Which? Rank.<|assistant|>"
    answer = " Rank 1: sea"
    assert response(decoded + answer, prompt, len(decoded), ["<|end|>"]) == (answer, False)


def test_every_response_has_the_same_numbers():
    for answer in ("Rank 1: sea", "", BEST):
        assert set(scored(answer)) == set(FAILED) == {"reward", *LOGGED}


def test_associations_are_rewarded_by_the_share_that_people_gave():
    label = {"cue": "sea", "associations": ["salt", "beach"], "lower": 2}
    assert set(label) == set(LABELS["association"])
    label["characters"] = len(PROMPT)
    settings = {**SETTINGS, "task": "association", "options": {"rules": {}}}

    def reward(answer: str) -> float:
        return score_query(PROMPT + answer, PROMPT, json.dumps(label), settings)["reward"]

    assert reward("salt, Beach, tax, sea<|end|>") == pytest.approx(2 / 3)
    assert reward("salt<|end|>") == pytest.approx(1 / 2)  # of the two asked for
    assert reward("salt, beach, ta") == 1  # cut: its last word may be half a word
    assert reward("<|end|>") == -1
