from collections import Counter
from pathlib import Path

import pytest
import yaml

from culturalign.clca.scenarios import read_scenarios
from culturalign.errors import UserError
from tests.unit.clca.stage import CLCA

FILES = sorted((CLCA / "scenarios").glob("*.yaml"))
HAN = range(0x4E00, 0x9FFF)


def texts(path: Path, language: str) -> list[str]:
    return [
        text for scenario in read_scenarios([path], language) for text in scenario.texts(language)
    ]


def test_the_bank_has_sixty_scenarios_of_many_topics():
    found = read_scenarios(FILES, "en")
    assert len(found) >= 60
    assert min(Counter(scenario.topic for scenario in found).values()) >= 2
    assert len({scenario.topic for scenario in found}) >= 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_text_is_in_the_script_of_its_language_and_no_setting_occurs_twice(path):
    assert not any(ord(c) in HAN for text in texts(path, "en") for c in text)
    assert all(any(ord(c) in HAN for c in text) for text in texts(path, "zh"))
    for language in ("en", "zh"):
        settings = [scenario.setting[language] for scenario in read_scenarios([path], language)]
        assert len(set(settings)) == len(settings)


def test_nobody_of_one_country_is_of_the_other():
    names = [
        {p.name["en"] for s in read_scenarios([path], "en") for p in s.people} for path in FILES
    ]
    assert not names[0] & names[1]


def entry(**changes):
    person = {field: {"en": field} for field in ("background", "occupation", "goal", "secret")}
    people = [{"name": {"en": name}, **person} for name in ("Ann", "Ben")]
    return {"id": "us-tea", "topic": "friends", "setting": {"en": "x"}, "people": people} | changes


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ([entry(topic="sport")], "0.topic"),
        ([entry(people=entry()["people"][:1])], "0.people"),
        ([entry(people=entry()["people"][:1] * 2)], "both people are called 'Ann'"),
        ([entry(), entry()], "'us-tea' occurs twice"),
        ([entry(setting={"zh": "茶"})], "'us-tea' lacks the language 'en'"),
        ([entry(id="Tea time")], "0.id"),
        ([entry(mood="good")], "0.mood"),
        ([], "no scenario"),
    ],
)
def test_broken_scenarios_are_refused(tmp_path, entries, fault):
    path = tmp_path / "s.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UserError, match=fault) as error:
        read_scenarios([path], "en")
    assert str(path) in str(error.value)
