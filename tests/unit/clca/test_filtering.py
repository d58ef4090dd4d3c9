import pytest

from culturalign.clca.filtering import account, faults, split
from culturalign.config.clca import Filter


def verdicts(**changes):
    good = {"good": True, "confidence": 90}
    return {"id": "a", "quality": good, "fit": good, "critic": good} | changes


def dialogue(name="a", ending="goal", turns=4):
    return {"id": name, "ending": ending, "turns": [{"text": "x"}] * turns}


BAD, UNSURE, SILENT = (
    {"good": False, "confidence": 75},
    {"good": False, "confidence": 74},
    {"good": None, "confidence": None},
)


@pytest.mark.parametrize(
    ("rules", "given", "talk", "reasons"),
    [
        ({}, {}, {}, []),
        ({}, {"quality": BAD}, {}, ["quality: bad"]),
        ({}, {"quality": UNSURE}, {}, []),
        ({}, {"fit": BAD, "critic": BAD}, {}, ["fit: bad", "critic: bad"]),
        ({"fit": None}, {"fit": BAD}, {}, []),
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
