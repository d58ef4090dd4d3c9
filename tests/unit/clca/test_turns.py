import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.clca.chat import Reply
from culturalign.clca.turns import KINDS, MalformedError, Turn, after, ending_of, parse_turn, plain
from tests.unit.clca.scripted import PROMPTS, WORDS


def parsed(text, language="en", before=(), plain_text="refuse", truncated=False):
    return parse_turn(Reply(text, truncated), 0, ["Ann", "Ben"], PROMPTS[language].words, before,
                      plain_text=plain_text)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "kind", "content"),
    [
        ("SPEAK: Good morning.", "en", "speak", "Good morning."),
        ("\n speak : Good morning.\nSPEAK: And more.", "en", "speak", "Good morning."),
        ("Ann: ACT: nods", "en", "act", "nods"),
        ("LEAVE", "en", "leave", ""), ("LEAVE.", "en", "leave", ""),
        ("LEAVE: goal reached", "en", "leave", "goal reached"),
        ("说：早上好。", "zh", "speak", "早上好。"), ("说:早上好。", "zh", "speak", "早上好。"),
        ("离开：目的达到", "zh", "leave", "目的达到"),
    ],
)  # fmt: skip
def test_a_turn_is_the_first_line_by_its_keyword(text, language, kind, content):
    assert parsed(text, language) == Turn(0, kind, content)


@pytest.mark.parametrize(
    ("text", "truncated", "reason"),
    [
        ("", False, "empty"), ("SPEAK:", False, "empty"),
        ("SPEAK: I was about to", True, "cut short"),
        ("Good morning.", False, "no keyword"), ("SPEAKING of tea", False, "no keyword"),
        ("Ben: SPEAK: I will pay.", False, "plays the other"), ("SPEAK: tea?", False, "repeats"),
    ],
)  # fmt: skip
def test_a_malformed_turn_has_a_reason(text, truncated, reason):
    with pytest.raises(MalformedError, match=reason):
        parsed(text, before=[Turn(1, "speak", "Tea?")], truncated=truncated)


def test_a_line_without_keyword_may_be_speech_and_only_the_first_line_must_be_whole():
    assert parsed("Good morning.", plain_text="speak") == Turn(0, "speak", "Good morning.")
    assert parsed("SPEAK: Yes.\nSPEAK: and th", truncated=True).text == "Yes."


@given(
    st.sampled_from(["en", "zh"]),
    st.sampled_from(KINDS),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
)
def test_a_written_turn_is_read_back(language, kind, text):
    turn = Turn(0, kind, text)
    assert parsed(turn.written(PROMPTS[language].words), language) == turn


@pytest.mark.parametrize(
    ("kind", "text", "ending"),
    [("leave", "Goal reached, bye", "goal"), ("leave", "this leads nowhere", "left"),
     ("speak", "goal reached", None)],
)  # fmt: skip
def test_leaving_ends_with_or_without_the_goal(kind, text, ending):
    assert ending_of(Turn(0, kind, text), WORDS) == ending


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VERDICT: good", "good"), ("verdict：good", "good"), ("**VERDICT**: good", "good"),
        ("**VERDICT:** good", "good"), ("Here it is.\n- VERDICT : good \nREASON: bad", "good"),
        ("VERDICT:", ""), ("", None), ("The verdict is: good", None), ("VERDICTS: good", None),
    ],
)  # fmt: skip
def test_the_text_after_a_keyword_is_found_under_any_markup(text, found):
    assert after("VERDICT", text) == found
    assert plain(f" **{found}** ") == str(found)
