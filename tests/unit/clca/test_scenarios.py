from collections import Counter

import pytest
import yaml

from culturalign.clca.scenarios import read_scenarios
from culturalign.errors import UserError
from tests.unit.clca.scripted import CLCA, scenario

FILES = sorted((CLCA / "scenarios").glob("*.yaml"))
HAN = range(0x4E00, 0x9FFF)


def test_the_bank_has_sixty_scenarios_of_many_topics_and_no_name_in_both_countries():
    found = read_scenarios(FILES, "en")
    assert len(found) >= 60
    topics = Counter(one.topic for one in found)
    assert len(topics) >= 10 and min(topics.values()) >= 2
    first, second = (
        {name for s in read_scenarios([path], "en") for name in s.names("en")} for path in FILES
    )
    assert not first & second


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_are_in_the_script_of_their_language_and_settings_differ(path):
    for language in ("en", "zh"):
        found = read_scenarios([path], language)
        for text in (text for one in found for text in one.texts(language)):
            assert any(ord(c) in HAN for c in text) == (language == "zh")
        assert len({one.setting[language] for one in found}) == len(found)


TEA = scenario().model_dump()


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ([TEA | {"topic": "sport"}], "us-tea.topic: Input .* .got 'sport'"),
        ([TEA | {"people": TEA["people"][:1]}],
         "us-tea.people: List should have at least 2 items after validation, not 1$"),
        ([TEA | {"people": TEA["people"][:1] * 2}], "both people are called 'Ann'"),
        ([TEA, TEA], "'us-tea' occurs twice"),
        ([TEA | {"setting": {"zh": "茶"}}], "'us-tea' lacks the language 'en'"),
        ([TEA | {"id": "Tea time"}], "Tea time.id: String"),
        ([TEA | {"mood": "good"}], "us-tea.mood: no such key; known: id, topic, "),
        ([TEA, TEA["setting"]], "entry 2.id: Field required$"),
        (["tea"], "entry 1: .* .got 'tea'"),
        ([TEA | {"people": [TEA["people"][0] | {"age": 9}] * 2}], "people.0.age: .*: name, back"),
        ([], "no scenario"), (None, "no scenario"),
    ],
)  # fmt: skip
def test_broken_scenarios_are_refused(tmp_path, entries, fault):
    path = tmp_path / "s.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UserError, match=fault) as error:
        read_scenarios([path], "en")
    assert str(path) in str(error.value)


def test_an_empty_file_adds_nothing_to_a_full_one(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text("# none yet\n", encoding="utf-8")
    assert read_scenarios([path, FILES[0]], "en") == read_scenarios(FILES[:1], "en")
