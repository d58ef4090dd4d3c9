import pytest

from culturalign.clca.judge import QUESTIONS, Verdict, faults, judge, parse_verdict, split
from culturalign.config.clca import Filter
from culturalign.errors import UserError
from tests.unit.clca.scripted import GOOD, PROMPTS, TALK, Script, in_turn, materials

BAD = "VERDICT: bad\nCONFIDENCE: 95%\nREASON: They repeat."


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (GOOD, Verdict(True, 80, "They listen.")),
        (BAD, Verdict(False, 95, "They repeat.")),
        ("**Verdict:** Good.\nconfidence: 7", Verdict(True, 7, "")),
        ("**VERDICT**: good\n**CONFIDENCE**: 90\n**REASON**: x", Verdict(True, 90, "x")),
        ("- **Verdict**: **bad**.\n- **Confidence**: 90 %", Verdict(False, 90, "")),
        ("REASON:\nVERDICT: good\nCONFIDENCE: 80", Verdict(True, 80, "")),
        ("VERDICT: good or bad\nCONFIDENCE: 80", None), ("VERDICT: good\nCONFIDENCE: high", None),
        ("VERDICT: good\nCONFIDENCE: 180", None), ("VERDICT:\ngood\nCONFIDENCE: 80", None),
        ("CONFIDENCE: 80", None), ("", None),
    ],
)  # fmt: skip
def test_a_verdict_is_read_from_its_keywords(text, verdict):
    assert parse_verdict(text, PROMPTS["en"].words) == verdict


@pytest.mark.parametrize("number", ["60", "60。", "60％", "６０%"])
def test_a_mandarin_verdict_is_read(number):
    text = f"判断：不好\n把握：{number}\n理由：重复太多。"
    expected = Verdict(False, 60, "重复太多。")
    assert parse_verdict(text, PROMPTS["zh"].words) == expected


def judged(script, retries=0):
    return judge([TALK], materials(), script, retries=retries)[0]


def test_three_questions_are_asked_and_the_critic_sees_the_first_two():
    script = in_turn(GOOD, BAD, GOOD)
    found = judged(script)
    assert [found[question]["good"] for question in QUESTIONS] == [True, False, True]
    assert found["fit"]["confidence"] == 95 and found["fit"]["reason"] == "They repeat."
    assert all(chat[0]["content"] == "Be fair." for chat in script.asked)
    texts = [chat[1]["content"] for chat in script.asked]
    assert "They listen." not in texts[1]
    assert "They listen." in texts[2] and "They repeat." in texts[2]
    for text in texts:
        assert "Ann | SPEAK: Tea?\nBen | ACT: nods" in text
        assert "secret-Ann" in text and "secret-Ben" in text
    assert materials().card.described("en")[0] in texts[1]


def test_an_answer_without_a_verdict_is_asked_for_again_and_in_the_end_undecided():
    script = in_turn("Hm.", GOOD, GOOD, GOOD)
    assert judged(script, retries=1)["quality"] == Verdict(True, 80, "They listen.", 2)._asdict()
    assert script.again == [False, True, False, False]
    found = judged(Script(lambda chat, seed: "Hm."), retries=2)
    assert found["critic"] == Verdict(None, None, "Hm.", 3)._asdict()  # the last answer is kept


SURE, POOR, UNSURE, SILENT = (
    {"good": good, "confidence": confidence}
    for good, confidence in ((True, 90), (False, 75), (False, 74), (None, None))
)


def verdicts(**changes):
    return {"id": "a"} | dict.fromkeys(QUESTIONS, SURE) | changes


def dialogue(name="a", ending="goal", turns=4):
    return {"id": name, "ending": ending, "turns": [{"text": "x"}] * turns}


@pytest.mark.parametrize(
    ("rules", "given", "talk", "reasons"),
    [
        ({}, {}, {}, []), ({}, {"quality": POOR}, {}, ["quality: bad"]),
        ({}, {"quality": UNSURE}, {}, []), ({"fit": None}, {"fit": POOR}, {}, []),
        ({}, {"fit": POOR, "critic": POOR}, {}, ["fit: bad", "critic: bad"]),
        ({}, {"fit": SILENT}, {}, ["fit: undecided"]),
        ({"undecided": "keep"}, {"fit": SILENT}, {}, []),
        ({}, {}, {"ending": "malformed"}, ["ended: malformed"]),
        ({"endings": ["goal"]}, {}, {"ending": "limit"}, ["ended: limit"]),
        ({"min_turns": 5}, {}, {}, ["fewer than 5 turns"]),
    ],
)  # fmt: skip
def test_the_rules_name_every_reason_to_drop_a_dialogue(rules, given, talk, reasons):
    assert faults(dialogue(**talk), verdicts(**given), Filter(**rules)) == reasons


def test_kept_and_dropped_add_up_and_every_reason_is_kept():
    talks = [dialogue("a"), dialogue("b", ending="malformed", turns=1), dialogue("c")]
    found = [verdicts(id=name) for name in "cba"]
    kept, dropped, account = split(talks, found, Filter(), {"c": "Q165"}, "us")
    assert [talk["id"] for talk in kept] == ["a"]
    reasons = [["ended: malformed", "fewer than 2 turns"], ["repeats a survey question"]]
    assert [talk["dropped"] for talk in dropped] == reasons
    assert (account.read, account.kept) == (3, 1)
    assert account.dropped == {"ended: malformed": 1, "repeats a survey question": 1}
    with pytest.raises(UserError, match=r"culture 'us': none of 3 .*ended: goal.*loosen clca"):
        split(talks, found, Filter(endings=["left"]), {}, "us")
