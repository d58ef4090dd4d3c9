import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.clca.chat import Reply
from culturalign.clca.prompts import read_prompts
from culturalign.clca.turns import KINDS, MalformedError, Turn, after, ending_of, parse_turn, plain
from tests.unit.clca.stage import CLCA, PROMPTS

WORDS = {language: read_prompts(CLCA / f"prompts/{language}", language).words
         for language in ("en", "zh")}  # fmt: skip
NAMES = ["Ann", "Ben"]


def parsed(text, language="en", before=(), plain_text="refuse", truncated=False):
    reply = Reply(text, truncated)
    return parse_turn(reply, 0, NAMES, WORDS[language], before, plain_text=plain_text)


@pytest.mark.parametrize(
    ("text", "language", "kind", "content"),
    [
        ("SPEAK: Good morning.", "en", "speak", "Good morning."),
        ("\n speak : Good morning.\nSPEAK: And more.", "en", "speak", "Good morning."),
        ("Ann: ACT: nods", "en", "act", "nods"),
        ("LEAVE", "en", "leave", ""),
        ("LEAVE.", "en", "leave", ""),
        ("LEAVE: goal reached", "en", "leave", "goal reached"),
        ("说：早上好。", "zh", "speak", "早上好。"),
        ("说:早上好。", "zh", "speak", "早上好。"),
        ("离开：目的达到", "zh", "leave", "目的达到"),
    ],
)
def test_a_turn_is_the_first_line_by_its_keyword(text, language, kind, content):
    turn = parsed(text, language)
    assert (turn.kind, turn.text) == (kind, content)


@pytest.mark.parametrize(
    ("text", "truncated", "why"),
    [
        ("", False, "empty"),
        ("SPEAK:", False, "empty"),
        ("SPEAK: I was about to", True, "cut short"),
        ("Good morning.", False, "no keyword"),
        ("SPEAKING of tea", False, "no keyword"),
        ("Ben: SPEAK: I will pay.", False, "plays the other"),
        ("SPEAK: tea?", False, "repeats"),
    ],
)
def test_what_is_no_turn_says_why(text, truncated, why):
    with pytest.raises(MalformedError, match=why):
        parsed(text, before=[Turn(1, "speak", "Tea?")], truncated=truncated)


def test_plain_text_is_said_if_so_configured():
    assert parsed("Good morning.", plain_text="speak") == Turn(0, "speak", "Good morning.")


def test_a_first_line_is_whole_even_if_the_rest_is_cut():
    assert parsed("SPEAK: Yes.\nSPEAK: and th", truncated=True).text == "Yes."


@given(
    st.sampled_from(["en", "zh"]),
    st.sampled_from(KINDS),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
)
def test_what_is_written_is_read_again(language, kind, text):
    turn = Turn(0, kind, text)
    assert parsed(turn.written(WORDS[language]), language) == turn


def test_leaving_ends_with_or_without_the_goal():
    words = PROMPTS.words
    assert ending_of(Turn(0, "leave", "Goal reached, bye"), words) == "goal"
    assert ending_of(Turn(0, "leave", "this leads nowhere"), words) == "left"
    assert ending_of(Turn(0, "speak", "goal reached"), words) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("VERDICT: good", "good"),
        ("verdict：good", "good"),
        ("**VERDICT**: good", "good"),
        ("**VERDICT:** good", "good"),
        ("Here it is.\n- VERDICT : good \nREASON: bad", "good"),
        ("VERDICT:", ""),
    ],
)
def test_what_follows_a_keyword_is_read_in_every_dress(text, said):
    assert (after("VERDICT", text) or "") == said


@pytest.mark.parametrize("text", ["", "The verdict is: good", "VERDICTS: good"])
def test_without_the_keyword_at_the_beginning_of_a_line_there_is_nothing(text):
    assert after("VERDICT", text) is None


def test_asterisks_and_space_around_a_line_are_dress():
    assert plain(" **To be polite.** ") == "To be polite."
