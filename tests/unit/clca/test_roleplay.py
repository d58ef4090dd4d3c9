import pytest

from culturalign.clca.answering import decoding_of
from culturalign.clca.chat import AGAIN
from culturalign.clca.roleplay import Dialogue, chat, planned, simulate
from culturalign.clca.turns import Turn
from culturalign.config.clca import Roleplay, Speaking
from tests.unit.clca.scripted import WORDS, Script, in_turn, materials, scenario


def played(script, *dialogues, **options):
    dialogues = dialogues or (Dialogue(scenario(), 0),)
    simulate(dialogues, script, materials(), Roleplay(model="m", **options))
    return dialogues[0]


def test_two_people_take_turns_until_one_leaves_with_the_goal():
    dialogue = played(in_turn("SPEAK: Tea?", "ACT: nods", "LEAVE: goal reached"))
    assert dialogue.record("en") == {
        "id": "us-tea.0", "scenario": "us-tea", "topic": "friends", "number": 0,
        "names": ["Ann", "Ben"], "ending": "goal", "malformed": {},
        "turns": [
            {"speaker": 0, "kind": "speak", "text": "Tea?", "attempts": 1},
            {"speaker": 1, "kind": "act", "text": "nods", "attempts": 1},
            {"speaker": 0, "kind": "leave", "text": "goal reached", "attempts": 1},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "options", "ending", "attempts", "malformed"),
    [
        (["SPEAK: Tea?", "LEAVE: no time"], {}, "left", [1, 1], {}),
        (["SPEAK: a", "SPEAK: b", "SPEAK: c"], {"turns": 3}, "limit", [1, 1, 1], {}),
        (["Hm.", "", "SPEAK: Tea?", "LEAVE"], {"retries": 2}, "left", [3, 1],
         {"no keyword": 1, "empty": 1}),
        (["SPEAK: Tea?", "Hm.", "Hm.", "Hm."], {"retries": 2}, "malformed", [1], {"no keyword": 3}),
    ],
)  # fmt: skip
def test_a_dialogue_ends_and_malformed_turns_are_counted(
    answers, options, ending, attempts, malformed
):
    dialogue = played(in_turn(*answers), **options)
    assert [turn.attempts for turn in dialogue.turns] == attempts
    assert (dialogue.ending, dialogue.malformed) == (ending, malformed)


def test_attempts_have_seeds_of_their_own_and_a_greedy_model_then_samples():
    seeds = []
    script = Script(
        lambda chat, seed: seeds.append(seed) or ("Hm." if len(seeds) == 1 else "LEAVE")
    )
    played(script, retries=1)
    assert len(set(seeds)) == 2 and script.again == [False, True]
    greedy, warm = Speaking(temperature=0.0), Speaking(temperature=1.0)
    assert [decoding_of(greedy, 7, again=a).temperature for a in (False, True)] == [0, AGAIN]
    assert decoding_of(warm, 7, again=True).temperature == 1


def test_nobody_sees_the_goal_or_secret_of_the_other():
    script = Script(lambda chat, seed: f"SPEAK: {seed}")
    played(script, turns=4)
    for number, messages in enumerate(script.asked):
        own, other = ("Ann", "Ben") if number % 2 == 0 else ("Ben", "Ann")
        text = "\n".join(message["content"] for message in messages)
        assert f"goal-{own}" in text and f"secret-{own}" in text
        assert f"goal-{other}" not in text and f"secret-{other}" not in text
        assert f"background-{other}" in text


def test_own_turns_are_the_assistant_s_and_the_chat_ends_with_the_user_s():
    turns = [Turn(0, "speak", "Tea?"), Turn(1, "act", "nods")]
    _, *first = chat(scenario(), turns, 0, materials())
    assert first == [
        {"role": "user", "content": WORDS.begin},
        {"role": "assistant", "content": "SPEAK: Tea?"},
        {"role": "user", "content": "ACT: nods"},
    ]
    _, *second = chat(scenario(), turns[:1], 1, materials())
    assert second == [{"role": "user", "content": "SPEAK: Tea?"}]


def test_the_dialogues_of_a_group_end_independently():
    def answer(messages, seed):
        return "LEAVE" if "A tea room." in messages[0]["content"] else f"SPEAK: {seed}"

    group = [Dialogue(scenario(), 0), Dialogue(scenario("us-walk", "A walk."), 0)]
    played(Script(answer), *group, turns=3)
    assert [(d.ending, len(d.turns)) for d in group] == [("left", 1), ("limit", 3)]


def test_speakers_alternate_over_the_dialogues_of_a_scenario():
    bank = [scenario(), scenario("us-two")]
    first, second = planned(bank, Roleplay(model="m", per_scenario=2, scenarios=1))
    assert [(d.id, d.speaker) for d in (first, second)] == [("us-tea.0", 0), ("us-tea.1", 1)]
