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
        ([TEA | {"topic": "sport"}], "0.topic"), ([TEA | {"mood": "good"}], "0.mood"),
        ([TEA | {"people": TEA["people"][:1] * 2}], "both people are called 'Ann'"),
        ([TEA, TEA], "'us-tea' occurs twice"), ([TEA | {"id": "Tea time"}], "0.id"),
        ([TEA | {"setting": {"zh": "茶"}}], "'us-tea' lacks the language 'en'"),
        ([TEA | {"people": TEA["people"][:1]}], "0.people"), ([], "no scenario"),
    ],
)  # fmt: skip
def test_broken_scenarios_are_refused(tmp_path, entries, fault):
    path = tmp_path / "s.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UserError, match=fault) as error:
        read_scenarios([path], "en")
    assert str(path) in str(error.value)
