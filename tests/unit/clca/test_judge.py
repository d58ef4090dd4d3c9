import pytest

from culturalign.clca.judge import QUESTIONS, Verdict, judge, parse_verdict
from culturalign.clca.prompts import read_prompts
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
