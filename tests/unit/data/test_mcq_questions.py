"""Multiple-choice questions: categories, what is left out, prompts."""

import random
from pathlib import Path

import pytest

from culturalign.data.mcq_questions import (
    CATEGORIES,
    McqPrompt,
    account,
    check_account,
    draw_options,
    draw_questions,
    read_mcq_prompt,
)
from culturalign.errors import UserError

PROMPTS = Path(__file__).resolve().parents[3] / "resources/prompts"
# the paper's example (table 9), with computer as a frequent association of apple
WORLD = {
    "apple": dict(zip(["computer", "fruit", "red", "pear", "tree", "pie", "stem", "sauce", "farm",
                       "healthy"], range(20, 10, -1), strict=True)),
    "computer": {"internet": 9, "mouse": 8, "fruit": 7, "machine": 6, "rare": 1},
    "fruit": {"apple": 9, "banana": 8, "red": 7, "juice": 1},
    **{name: {"x": 2, "y": 1} for name in ("house", "planet", "justice", "notebook", "pear")},
}  # fmt: skip


def options(seed=0, cue="apple"):
    return draw_options(WORLD, cue, random.Random(seed))


def test_the_four_categories_hold_what_their_names_say_and_no_word_stands_in_two():
    for seed in range(30):
        found = options(seed)
        assert list(found) == list(CATEGORIES)
        assert found["high"] == ["computer", "fruit", "red", "pear"]
        assert set(found["low"]) <= {"pie", "stem", "sauce", "farm", "healthy"}
        # of computer's, fruit's and pear's four most frequent, what is neither apple nor its own
        known = {"internet", "mouse", "machine", "banana", "juice", "x", "y"}
        assert set(found["indirect"]) <= known
        assert sorted(found["random"]) == ["house", "justice", "notebook", "planet"]
        words = [word for group in found.values() for word in group]
        assert len(words) == len(set(words)) == 16


def test_cues_with_too_few_words_are_left_out_and_counted_unless_none_is_left():
    assert [q["cue"] for q in draw_questions(WORLD, ["apple", "house"], seed=0)] == ["apple"]
    found = account(WORLD, ["apple", "house"], seed=0)
    assert (found.read, found.kept) == (2, 1)
    assert found.dropped == {"too few words: High-frequency": 1}
    check_account(found, "us")
    with pytest.raises(UserError, match=r"none of 1 test cues .* \(1 too few words: High-freq"):
        check_account(account(WORLD, ["house"], seed=0), "us")


def test_questions_are_repeatable_and_their_order_follows_the_seed():
    orders = set()
    for seed in range(40):
        (one,) = draw_questions(WORLD, ["apple"], seed=seed)
        assert [one] == list(draw_questions(WORLD, ["apple"], seed=seed))
        assert sorted(one["order"]) == sorted(CATEGORIES)
        orders.add(tuple(one["order"]))
    assert {order.index("high") for order in orders} == {0, 1, 2, 3}


def test_a_prompt_shows_an_option_a_line_after_its_label():
    prompt = McqPrompt("Closest to {cue}?\n[OPTIONS]", "Be brief.", ", ")
    messages = prompt.messages("cat", [["fur", "paw"], ["[OPTIONS]", "{cue}"]], ["A", "B"])
    assert messages[1]["content"] == "Closest to cat?\nA. fur, paw\nB. [OPTIONS], {cue}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shipped_prompt_has_its_markers(language):
    prompt = read_mcq_prompt(PROMPTS / language / "mcq.txt", system="", separator=", ")
    text = prompt.messages("猫", [["毛"], ["月"]], ["1", "2"])[1]["content"]
    assert all(part in text for part in ("猫", "1. 毛\n2. 月"))
    assert "[OPTIONS]" not in text and "{cue}" not in text
