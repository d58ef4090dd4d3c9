"""Bounds and shots of questions, written out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.evaluate import Evaluation, Shots
from culturalign.data.sft_examples import Prompt
from culturalign.errors import UserError
from culturalign.samples.list_questions import ask, bounds_of

PROMPT = Prompt("[LOWER BOUND SIZE]-[UPPER BOUND SIZE] for {cue}", "Be brief.", ", ")
FIXED = Evaluation(precision_at=[2], lower=2, upper=3)
BY_CUE = Evaluation(bounds="cue")
HUMAN = {"sea": ["salt", "ship", "fish", "blue"], "cat": ["fur"] * 60}
SYSTEM = {"role": "system", "content": "Be brief."}


def user(text):
    return {"role": "user", "content": text}


def test_without_shots_a_question_is_the_prompt_and_needs_no_associations():
    (question,) = ask(["cat"], [], {}, PROMPT, FIXED)
    assert (question.before, question.chat) == ("", [SYSTEM, user("2-3 for cat")])
    assert question.bounds == (2, 3)


def test_a_raw_shot_stands_before_the_chat_and_is_no_longer_than_the_question_asks_for():
    questions = ask(["cat", "dog"], ["sea"], HUMAN, PROMPT, FIXED, Shots())
    assert {question.before for question in questions} == {"sea\nsalt, ship, fish\n\n"}
    assert questions[1].chat == [SYSTEM, user("2-3 for dog")]


def test_a_shot_in_the_chat_is_a_turn_of_its_own():
    (question,) = ask(["cat"], ["sea"], HUMAN, PROMPT, FIXED, Shots(place="chat"))
    assert question.before == ""
    assert question.chat == [
        SYSTEM, user("2-3 for sea"), {"role": "assistant", "content": "salt, ship, fish"},
        user("2-3 for cat"),
    ]  # fmt: skip


def test_shots_are_drawn_by_seed_and_only_from_the_training_cues():
    human = {f"c{i}": [f"w{i}"] for i in range(50)}
    drawn = [ask(["x"], [*human], human, PROMPT, FIXED, Shots(seed=s))[0].before for s in range(9)]
    assert drawn[0] == ask(["x"], [*human], human, PROMPT, FIXED, Shots())[0].before
    assert len(set(drawn)) > 4
    with pytest.raises(UserError, match="asks for 2 training cues, and there are 1"):
        ask(["cat"], ["sea"], HUMAN, PROMPT, FIXED, Shots(number=2))


def test_bounds_of_a_cue_are_a_tenth_around_its_list_shifted_by_three_percent():
    # 60 associations: 54 and 66, both moved by int(1.8) = 1
    assert {bounds_of(f"cue {i}", 60, BY_CUE) for i in range(20)} == {(55, 67), (53, 65)}
    (question,) = ask(["cat"], [], HUMAN, PROMPT, BY_CUE)
    assert question.chat[1]["content"] in ("55-67 for cat", "53-65 for cat")


@given(st.integers(1, 300), st.text())
def test_bounds_of_a_cue_hold_its_number_of_associations(n, cue):
    lower, upper = bounds_of(cue, n, BY_CUE)
    assert 1 <= lower <= n <= upper
