import pytest

from culturalign.clca.judge import QUESTIONS, Verdict, account, faults, judge, parse_verdict, split
from culturalign.clca.prompts import read_prompts
from culturalign.config.clca import Filter
from tests.unit.clca.stage import CARD, CLCA, PROMPTS, Script, in_turn, scenario

GOOD = "VERDICT: good\nCONFIDENCE: 80\nREASON: They listen."
BAD = "VERDICT: bad\nCONFIDENCE: 95%\nREASON: They repeat."
TALK = {
    "id": "us-tea.0",
    "scenario": "us-tea",
    "names": ["Ann", "Ben"],
    "turns": [
        {"speaker": 0, "kind": "speak", "text": "Tea?", "attempts": 1},
        {"speaker": 1, "kind": "act", "text": "nods", "attempts": 1},
    ],
    "ending": "limit",
}


def judged(script, retries=0):
    return judge([TALK], {"us-tea": scenario()}, script, CARD, PROMPTS,
                 system="Be fair.", retries=retries)[0]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (GOOD, Verdict(True, 80, "They listen.")),
        (BAD, Verdict(False, 95, "They repeat.")),
        ("**Verdict:** Good.\nconfidence: 7", Verdict(True, 7, "")),
        ("**VERDICT**: good\n**CONFIDENCE**: 90\n**REASON**: x", Verdict(True, 90, "x")),
        ("- **Verdict**: **bad**.\n- **Confidence**: 90 %", Verdict(False, 90, "")),
        ("VERDICT: good or bad\nCONFIDENCE: 80", None),
        ("VERDICT: good\nCONFIDENCE: high", None),
        ("VERDICT: good\nCONFIDENCE: 180", None),
        ("CONFIDENCE: 80", None),
        ("REASON:\nVERDICT: good\nCONFIDENCE: 80", Verdict(True, 80, "")),
        ("VERDICT:\ngood\nCONFIDENCE: 80", None),
        ("", None),
    ],
)
def test_a_verdict_is_read_from_its_keywords(text, verdict):
    assert parse_verdict(text, PROMPTS.words) == verdict


def test_a_mandarin_verdict_is_read():
    words = read_prompts(CLCA / "prompts/zh", "zh").words
    for number in ("60", "60。", "60％", "６０%"):
        text = f"判断：不好\n把握：{number}\n理由：重复太多。"
        assert parse_verdict(text, words) == Verdict(False, 60, "重复太多。")


def test_three_questions_are_asked_and_the_critic_sees_the_first_two():
    script = in_turn(GOOD, BAD, GOOD)
    found = judged(script)
    assert [found[question]["good"] for question in QUESTIONS] == [True, False, True]
    assert found["fit"]["confidence"] == 95 and found["fit"]["reason"] == "They repeat."
    texts = [chat[1]["content"] for chat in script.asked]
    assert "They listen." not in texts[1]
    assert "They listen." in texts[2] and "They repeat." in texts[2]
    for text in texts:
        assert "Ann | SPEAK: Tea?\nBen | ACT: nods" in text
        assert "secret-Ann" in text and "secret-Ben" in text
    assert CARD.described("en")[0] in texts[1]


def test_an_answer_without_a_verdict_is_asked_for_again():
    found = judged(in_turn("Hm.", GOOD, GOOD, GOOD), retries=1)
    assert found["quality"] == {"good": True, "confidence": 80, "reason": "They listen.",
                                "attempts": 2}  # fmt: skip


def test_without_a_verdict_within_the_bound_it_is_undecided_and_the_answer_kept():
    found = judged(Script(lambda chat, seed: "Hm."), retries=2)
    assert found["critic"] == {"good": None, "confidence": None, "reason": "Hm.", "attempts": 3}


def test_each_question_is_first_asked_as_configured():
    script = Script(lambda chat, seed: "Hm.")
    judged(script, retries=1)
    assert script.again == [False, True] * 3


def verdicts(**changes):
    good = {"good": True, "confidence": 90}
    return {"id": "a", "quality": good, "fit": good, "critic": good} | changes


def dialogue(name="a", ending="goal", turns=4):
    return {"id": name, "ending": ending, "turns": [{"text": "x"}] * turns}


POOR, UNSURE, SILENT = (
    {"good": False, "confidence": 75},
    {"good": False, "confidence": 74},
    {"good": None, "confidence": None},
)


@pytest.mark.parametrize(
    ("rules", "given", "talk", "reasons"),
    [
        ({}, {}, {}, []),
        ({}, {"quality": POOR}, {}, ["quality: bad"]),
        ({}, {"quality": UNSURE}, {}, []),
        ({}, {"fit": POOR, "critic": POOR}, {}, ["fit: bad", "critic: bad"]),
        ({"fit": None}, {"fit": POOR}, {}, []),
        ({}, {"fit": SILENT}, {}, ["fit: undecided"]),
        ({"undecided": "keep"}, {"fit": SILENT}, {}, []),
        ({}, {}, {"ending": "malformed"}, ["ended: malformed"]),
        ({"endings": ["goal"]}, {}, {"ending": "limit"}, ["ended: limit"]),
        ({"min_turns": 5}, {}, {}, ["fewer than 5 turns"]),
    ],
)
def test_rules_say_what_is_dropped(rules, given, talk, reasons):
    assert faults(dialogue(**talk), verdicts(**given), Filter(**rules)) == reasons


def test_kept_and_dropped_add_up_and_every_reason_is_kept():
    talks = [dialogue("a"), dialogue("b", ending="malformed", turns=1), dialogue("c")]
    found = [verdicts(id=name) for name in "cba"]
    kept, dropped = split(talks, found, Filter(), {"c": "Q165"})
    assert [talk["id"] for talk in kept] == ["a"]
    assert [talk["dropped"] for talk in dropped] == [
        ["ended: malformed", "fewer than 2 turns"],
        ["repeats a survey question"],
    ]
    total = account(kept, dropped)
    assert (total.read, total.kept) == (3, 1)
    assert total.dropped == {"ended: malformed": 1, "repeats a survey question": 1}
