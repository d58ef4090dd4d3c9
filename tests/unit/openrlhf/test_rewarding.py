import json

import pytest

from culturalign.config.ranking import RewardRules
from culturalign.openrlhf.rewarding import LOGGED, response, score_query

PROMPT = "<|user|>Rank: sea, salt, beach<|assistant|>"
LABEL = json.dumps(
    {"candidates": ["salt", "sea", "beach"], "counts": [5, 9, 2], "characters": len(PROMPT)}
)
SETTINGS = {
    "task": "ranking",
    "rules": RewardRules().model_dump(),
    "special_tokens": ["<|end|>", "<|user|>", "<|assistant|>"],
    "simplify_chinese": False,
}


def scored(answer: str, **changes: object) -> dict[str, float]:
    return score_query(PROMPT + answer, PROMPT, LABEL, {**SETTINGS, **changes})


def test_the_best_ranking_is_worth_one_and_its_reverse_minus_one():
    assert scored("Rank 1: sea\nRank 2: salt\nRank 3: beach<|end|>")["reward"] == 1
    assert scored("Rank 1: beach\nRank 2: salt\nRank 3: sea<|end|>")["reward"] == -1


def test_a_prompt_that_shows_a_ranking_is_no_part_of_the_answer():
    prompt = "1. sea\n2. salt\n3. beach<|assistant|>"
    label = json.dumps({**json.loads(LABEL), "characters": len(prompt)})
    assert score_query(prompt + "I will not.<|end|>", prompt, label, SETTINGS)["reward"] == -1


def test_an_answer_without_a_ranking_is_not_a_failure():
    unranked = scored("sea, salt and beach")
    assert unranked == {**dict.fromkeys(LOGGED, 0.0), "reward": -1.0, "missing": 3.0}


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("cut" + PROMPT[5:] + "Rank 1: sea", LABEL),
        (PROMPT, "not JSON"),
        (PROMPT, "{}"),
        (PROMPT, json.dumps({"candidates": ["a"], "counts": [None], "characters": len(PROMPT)})),
        (None, LABEL),
    ],
)
def test_a_failure_is_minus_one_counted_apart_and_never_raised(query, label, capsys):
    found = score_query(query, PROMPT, label, SETTINGS)
    if found["failed"]:  # counts of None are scored as any others where nothing is ranked
        assert found == {**dict.fromkeys(LOGGED, 0.0), "reward": -1.0, "failed": 1.0}
        assert "reward failed: " in capsys.readouterr().err
    else:
        assert found["reward"] == -1


def test_white_space_that_decoding_tidies_does_not_shift_the_answer():
    prompt, decoded = "Which ? Rank .<|assistant|>", "Which? Rank.<|assistant|>"
    answer = " Rank 1: sea"
    assert response(decoded + answer, prompt, len(decoded), ["<|end|>"]) == (answer, False)


def test_every_response_has_the_same_numbers():
    for answer in ("Rank 1: sea", "", "Rank 1: sea\nRank 2: salt\nRank 3: beach"):
        assert set(scored(answer)) == {"reward", *LOGGED}


def test_associations_are_rewarded_by_the_share_that_people_gave():
    label = json.dumps({"cue": "sea", "associations": ["salt", "beach"], "characters": len(PROMPT)})
    settings = {**SETTINGS, "task": "association"}
    whole = score_query(PROMPT + "salt, Beach, tax, sea<|end|>", PROMPT, label, settings)
    assert whole["reward"] == pytest.approx(2 / 3)
    cut = score_query(PROMPT + "salt, beach, ta", PROMPT, label, settings)
    assert cut["reward"] == 1
    assert score_query(PROMPT + "<|end|>", PROMPT, label, settings)["reward"] == -1
