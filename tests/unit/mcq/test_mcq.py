"""Multiple-choice questions: categories, answers, accuracy."""

import math
import random
from pathlib import Path

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.errors import UserError
from culturalign.mcq.questions import (
    CATEGORIES,
    McqPrompt,
    account,
    check_account,
    draw_options,
    draw_questions,
    read_mcq_prompt,
)
from culturalign.mcq.scores import SAMPLES, score_choices
from culturalign.mcq.table import write_accuracy, write_example

PROMPTS = Path(__file__).resolve().parents[3] / "resources/prompts"
LABELS = {"models": {"llama": "Llama"}, "methods": {"sft": "SFT"}, "cultures": {"us": "US"}}
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


def test_the_four_categories_hold_what_their_names_say():
    for seed in range(30):
        found = options(seed)
        assert list(found) == list(CATEGORIES)
        assert found["high"] == ["computer", "fruit", "red", "pear"]
        assert set(found["low"]) <= {"pie", "stem", "sauce", "farm", "healthy"}
        # of computer's, fruit's and pear's four most frequent, what is neither apple nor its own
        assert set(found["indirect"]) <= {
            "internet",
            "mouse",
            "machine",
            "banana",
            "juice",
            "x",
            "y",
        }
        assert sorted(found["random"]) == ["house", "justice", "notebook", "planet"]


def test_no_word_stands_in_two_options():
    for seed in range(30):
        words = [word for group in options(seed).values() for word in group]
        assert len(words) == len(set(words)) == 16


def test_cues_without_words_enough_are_left_out_and_counted():
    assert [q["cue"] for q in draw_questions(WORLD, ["apple", "house"], seed=0)] == ["apple"]
    found = account(WORLD, ["apple", "house"], seed=0)
    assert (found.read, found.kept) == (2, 1)
    assert found.dropped == {"too few words: High-frequency": 1}
    check_account(found, "us")


def test_data_without_any_question_is_refused_with_the_reason():
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


def test_a_prompt_without_a_marker_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("{cue}")
    with pytest.raises(UserError, match=r"marker \[OPTIONS\] exactly once"):
        read_mcq_prompt(tmp_path / "a.txt", system="", separator=", ")
    with pytest.raises(UserError, match=r"correct languages\.\*\.mcq_prompt"):
        read_mcq_prompt(tmp_path / "b.txt", system="", separator=", ")


def answers(*orders):
    """Samples of one cue; for each order, category -> probability, in the order shown."""
    rows = [
        ("cat", number, place, category, str(place), math.log(p))
        for number, order in enumerate(orders)
        for place, (category, p) in enumerate(order.items())
    ]
    return pl.DataFrame(rows, schema=SAMPLES, orient="row")


def test_the_plain_order_and_the_average_over_orders_are_scored_apart():
    # a liking for the first place: plain says low; over both orders high has .35/.5 + .2/.5
    first = {"low": 0.2, "high": 0.15, "indirect": 0.1, "random": 0.05}
    second = {"high": 0.35, "low": 0.05, "indirect": 0.05, "random": 0.05}
    plain, debiased = score_choices(answers(first, second)).rows(named=True)
    assert (plain["scoring"], plain["low"], plain["high"]) == ("plain", 1, 0)
    assert (debiased["scoring"], debiased["low"], debiased["high"]) == ("debiased", 0, 1)
    assert (plain["mass"], debiased["mass"]) == pytest.approx((0.5, 0.5))


def test_a_tie_is_shared():
    tied = {"high": 0.3, "low": 0.3, "indirect": 0.1, "random": 0.1}
    plain = score_choices(answers(tied)).row(0, named=True)
    assert (plain["high"], plain["low"], plain["random"]) == (0.5, 0.5, 0)


def scores(method, rights, seed=None):
    rows = [
        ("us", "llama", method, seed, f"cue {i}", scoring, 0.5, right, 1 - right, 0.0, 0.0)
        for i, right in enumerate(rights)
        for scoring in ("plain", "debiased")
    ]
    names = ["culture", "model", "method", "seed", "cue", "scoring", "mass", *CATEGORIES]
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides={"seed": pl.Int64})


def test_accuracy_is_the_share_of_cues_with_the_frequent_words_chosen(tmp_path):
    both = pl.concat([scores("vanilla", [1.0, 0.0, 0.0, 1.0]), scores("sft", [1.0] * 4, seed=0)])
    write_accuracy(str(tmp_path / "t"), both, LABELS, Evaluation(bootstrap=200))
    table = pl.read_csv(tmp_path / "t.csv")
    assert table["M Type"].to_list() == ["Vanilla", "SFT"] * 2
    vanilla, sft = table.rows(named=True)[:2]
    assert (vanilla["scoring"], vanilla["accuracy"], vanilla["n_cues"]) == ("plain", 0.5, 4)
    assert (sft["accuracy"], sft["accuracy_low"], sft["accuracy_high"]) == (1, 1, 1)
    assert vanilla["low"] == 0.5 and vanilla["chance"] == 0.25
    assert "| US | " in " ".join((tmp_path / "t.md").read_text().split())


def test_the_example_is_the_papers_table(tmp_path):
    (question,) = draw_questions(WORLD, ["apple"], seed=0)
    write_example(str(tmp_path / "t"), {"us": question}, LABELS)
    table = pl.read_csv(tmp_path / "t.csv")
    assert table["Category"].to_list() == list(CATEGORIES.values())
    assert table.row(0) == ("US", "apple", "High-frequency", "computer, fruit, red, pear")
