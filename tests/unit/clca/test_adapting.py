import pytest
import yaml

from culturalign.clca.adapting import KEYS, adapt, parse_scenario, written
from culturalign.clca.scenarios import read_scenarios
from tests.unit.clca.stage import CARD, PROMPTS, Script, in_turn, scenario

SOURCE = scenario()
LINES = written(SOURCE, "en")
MOVED = LINES.replace("A tea room.", "A diner.").replace("Ann", "Amy")


def adapted(script, sources=(SOURCE,), retries=0):
    return adapt(sources, script, CARD, PROMPTS, system="Be brief.", retries=retries)


def test_a_scenario_is_eleven_lines():
    assert [line.split(":")[0] for line in LINES.splitlines()] == list(KEYS)
    assert len(KEYS) == 11


def test_an_adapted_scenario_can_be_read_as_one_of_the_bank(tmp_path):
    bold = MOVED.replace("SETTING:", "**SETTING**:")
    new, without = adapted(in_turn(f"Here you are:\n{bold}"))
    assert without == []
    path = tmp_path / "adapted.yaml"
    path.write_text(yaml.safe_dump(new), encoding="utf-8")
    (found,) = read_scenarios([path], "en")
    assert (found.id, found.topic) == ("adapted-usa-us-tea", "friends")
    assert found.setting["en"] == "A diner." and found.people[0].name["en"] == "Amy"


@pytest.mark.parametrize(
    "text",
    [
        "",
        LINES,  # nothing changed
        MOVED.replace("SECRET 2", "HOBBY 2"),
        MOVED.replace("Ben", "Amy"),  # two people of one name
        MOVED.replace("GOAL 1: goal-Amy", "GOAL 1:"),
    ],
)
def test_what_is_no_new_scenario_is_refused(text):
    assert parse_scenario(text, SOURCE, "en", "adapted-usa") is None


def test_a_refused_answer_is_asked_for_again_and_then_counted():
    new, without = adapted(in_turn("Hm.", MOVED), retries=1)
    assert len(new) == 1 and not without
    sources = [SOURCE, scenario("us-two")]
    asked = Script(lambda chat, seed: "Hm.")
    assert adapted(asked, sources, retries=1) == ([], ["us-tea", "us-two"])
    assert len(asked.asked) == 4 and asked.again == [False, True]
    assert CARD.described("en")[0] in asked.asked[0][1]["content"]
