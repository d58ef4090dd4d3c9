from collections import Counter

from culturalign.clca.answering import decoding_of
from culturalign.clca.chat import AGAIN
from culturalign.clca.roleplay import Dialogue, chat, planned, simulate
from culturalign.clca.turns import Turn
from culturalign.config.clca import Roleplay, Speaking
from tests.unit.clca.stage import CARD, PROMPTS, Script, in_turn, scenario


def played(script, *dialogues, **options):
    options = Roleplay(model="m", **options)
    dialogues = dialogues or (Dialogue(scenario(), 0),)
    simulate(dialogues, script, CARD, PROMPTS, options)
    return dialogues[0] if len(dialogues) == 1 else dialogues


def told(dialogue):
    return [(turn.speaker, turn.kind, turn.text) for turn in dialogue.turns]


def test_two_people_take_turns_until_one_leaves_with_the_goal():
    dialogue = played(in_turn("SPEAK: Tea?", "ACT: nods", "LEAVE: goal reached"))
    assert told(dialogue) == [
        (0, "speak", "Tea?"),
        (1, "act", "nods"),
        (0, "leave", "goal reached"),
    ]
    assert dialogue.ending == "goal"


def test_someone_may_leave_without_the_goal():
    assert played(in_turn("SPEAK: Tea?", "LEAVE: no time")).ending == "left"


def test_the_turn_limit_ends_a_dialogue():
    dialogue = played(in_turn("SPEAK: a", "SPEAK: b", "SPEAK: c"), turns=3)
    assert (dialogue.ending, len(dialogue.turns)) == ("limit", 3)


def test_a_malformed_turn_is_asked_for_again_and_counted():
    dialogue = played(in_turn("Hm.", "", "SPEAK: Tea?", "LEAVE"), retries=2)
    assert [turn.attempts for turn in dialogue.turns] == [3, 1]
    assert dialogue.malformed == Counter({"no keyword": 1, "empty": 1})


def test_a_dialogue_ends_where_the_bound_of_retries_is_reached():
    dialogue = played(in_turn("SPEAK: Tea?", "Hm.", "Hm.", "Hm."), retries=2)
    assert (dialogue.ending, len(dialogue.turns)) == ("malformed", 1)
    assert dialogue.malformed == Counter({"no keyword": 3})


def test_each_attempt_and_turn_has_a_seed_of_its_own():
    seeds = []
    script = Script(
        lambda chat, seed: seeds.append(seed) or ("Hm." if len(seeds) == 1 else "LEAVE")
    )
    played(script, retries=1)
    assert len(set(seeds)) == 2


def test_a_greedy_role_play_is_greedy_until_a_turn_is_asked_for_again():
    script = in_turn("SPEAK: Tea?", "Hm.", "LEAVE")
    played(script, retries=1)
    greedy = Speaking(temperature=0.0)
    found = [decoding_of(greedy, 7, again=again).temperature for again in script.again]
    assert found == [0, 0, AGAIN]
    assert decoding_of(Speaking(temperature=1.0), 7, again=True).temperature == 1


def test_nobody_sees_the_goal_or_secret_of_the_other():
    script = Script(lambda chat, seed: f"SPEAK: {seed}")
    played(script, turns=4)
    for number, messages in enumerate(script.asked):
        own, other = ("Ann", "Ben") if number % 2 == 0 else ("Ben", "Ann")
        text = "\n".join(message["content"] for message in messages)
        assert f"goal-{own}" in text and f"secret-{own}" in text
        assert f"goal-{other}" not in text and f"secret-{other}" not in text
        assert f"background-{other}" in text


def test_a_chat_has_the_own_turns_as_the_assistant_s_and_ends_with_the_user_s():
    turns = [Turn(0, "speak", "Tea?"), Turn(1, "act", "nods")]
    first = chat(scenario(), turns, 0, CARD, PROMPTS)
    assert [m["role"] for m in first] == ["system", "user", "assistant", "user"]
    assert first[1]["content"] == PROMPTS.words.begin
    second = chat(scenario(), turns[:1], 1, CARD, PROMPTS)
    assert [m["role"] for m in second] == ["system", "user"]
    assert second[1]["content"] == "SPEAK: Tea?"


def test_dialogues_side_by_side_end_each_by_themselves():
    def answer(messages, seed):
        return "LEAVE" if "A tea room." in messages[0]["content"] else f"SPEAK: {seed}"

    long = scenario("us-walk").model_copy(update={"setting": {"en": "A walk."}})
    found = played(Script(answer), Dialogue(scenario(), 0), Dialogue(long, 0), turns=3)
    assert [(d.ending, len(d.turns)) for d in found] == [("left", 1), ("limit", 3)]


def test_the_second_dialogue_of_a_scenario_is_begun_by_the_other():
    first, second = planned([scenario()], Roleplay(model="m", per_scenario=2))
    assert (first.speaker, second.speaker) == (0, 1)
    assert (
        planned([scenario(), scenario("us-two")], Roleplay(model="m", scenarios=1))[0].number == 0
    )


def test_a_record_names_scenario_people_and_ending():
    record = played(in_turn("LEAVE")).record("en")
    assert record["id"] == "us-tea.0" and record["names"] == ["Ann", "Ben"]
    assert record["turns"] == [{"speaker": 0, "kind": "leave", "text": "", "attempts": 1}]
    assert record["ending"] == "left" and record["malformed"] == {}
