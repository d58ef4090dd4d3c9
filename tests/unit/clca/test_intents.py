import pytest

from culturalign.clca.chat import Reply
from culturalign.clca.intents import find_intents, parse_intent
from tests.unit.clca.scripted import TALK, WORDS, Script, in_turn, materials


@pytest.mark.parametrize(
    ("reply", "intent"),
    [
        (Reply("INTENT: To be polite."), "To be polite."),
        (Reply("To be polite.\nMore."), "To be polite."),
        (Reply("Here is the intent of Ann\nINTENT: To be polite."), "To be polite."),
        (Reply("**Intent:** To be polite."), "To be polite."),
        (Reply("**INTENT**: To be polite.**"), "To be polite."),
        (Reply("**To be polite.**"), "To be polite."),
        (Reply("Of course.\nINTENT: To be", truncated=True), None),
        (Reply("INTENT: To be polite.\nThat is", truncated=True), "To be polite."),
        (Reply("INTENT:"), None),
        (Reply(""), None),
        (Reply("To be", truncated=True), None),
        (Reply("one two three four five six seven eight nine"), None),
        (Reply("想要显得有礼貌又大方体面"), None),  # twelve characters
        (Reply("想显得有礼貌"), "想显得有礼貌"),
    ],
)
def test_an_intent_is_a_short_line(reply, intent):
    assert parse_intent(reply, WORDS, 8) == intent


def test_every_turn_has_an_intent_and_later_turns_are_not_shown():
    script = in_turn("INTENT: To offer.", "INTENT: To accept.")
    rows = find_intents([TALK], materials(), script, retries=0, max_words=8)
    found = [(row["id"], row["turn"], row["intent"]) for row in rows]
    assert found == [("us-tea.0", 0, "To offer."), ("us-tea.0", 1, "To accept.")]
    first, second = (chat[1]["content"] for chat in script.asked)
    assert "nods" not in first and "nods" in second
    assert "What does Ann" in first and "What does Ben" in second


def test_only_an_invalid_intent_is_asked_for_again_and_then_left_out():
    script = Script(lambda chat, _: "To accept." if "nods" in chat[1]["content"] else "")
    rows = find_intents([TALK], materials(), script, retries=2, max_words=8)
    assert script.again == [False, True, True] and len(script.asked) == 2 + 1 + 1
    assert [(row["intent"], row["attempts"]) for row in rows] == [(None, 3), ("To accept.", 1)]
