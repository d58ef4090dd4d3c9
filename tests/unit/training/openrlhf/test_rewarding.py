import json

import pytest

from culturalign.config.ranking import RewardRules
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


@pytest.mark.parametrize(
    ("answer", "reward", "unparsed", "incomplete"),
    [
        (BEST + "<|end|>", 1, 0, 0),
        ("Rank 1: beach\nRank 2: salt\nRank 3: sea<|end|>", -1, 0, 0),
        ("sea, salt and beach", -1, 1, 1),  # no ranking: not a failure of ours
        ("Rank 1: sea\nRank 2: salt<|end|>", -1, 0, 1),
    ],
)
def test_an_answer_gets_its_reward_and_numbers(answer, reward, unparsed, incomplete):
    expected = {"reward": reward, "unparsed": unparsed, "incomplete": incomplete, "failed": 0}
    assert scored(answer) == expected
    assert set(expected) == set(FAILED) == {"reward", *LOGGED}


def test_a_prompt_that_shows_a_ranking_is_not_part_of_the_answer():
    prompt = BEST + "<|assistant|>"
    label = json.dumps({**json.loads(LABEL), "characters": len(prompt)})
    assert score_query(prompt + "I will not.<|end|>", prompt, label, SETTINGS)["reward"] == -1


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
def test_a_failure_counts_minus_one_is_marked_and_never_raised(query, label, capsys):
    assert score_query(query, PROMPT, label, SETTINGS) == FAILED
    assert "reward failed: " in capsys.readouterr().err


def test_white_space_that_decoding_tidies_does_not_shift_the_answer():
    prompt, decoded = "Which ? Rank .<|assistant|>", "Which? Rank.<|assistant|>"
    answer = " Rank 1: sea"
    assert response(decoded + answer, prompt, len(decoded), ["<|end|>"]) == (answer, False)


def test_associations_are_rewarded_by_the_share_that_people_gave():
    label = {"cue": "sea", "associations": ["salt", "beach"], "lower": 2}
    assert set(label) == set(LABELS["association"])
    label["characters"] = len(PROMPT)
    settings = {**SETTINGS, "task": "association", "options": {"rules": {}, "forms": {}}}

    def reward(answer: str) -> float:
        return score_query(PROMPT + answer, PROMPT, json.dumps(label), settings)["reward"]

    assert reward("salt, Beach, tax, sea<|end|>") == pytest.approx(2 / 3)
    assert reward("salt, beach, ta") == 1  # cut: its last word may be half a word
