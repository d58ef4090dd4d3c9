import re

import pytest
import yaml

from culturalign.clca.cards import read_card
from culturalign.errors import UserError
from tests.unit.clca.scripted import CLCA

HOFSTEDE = {  # Hofstede, Hofstede and Minkov 2010: PDI, IDV, MAS, UAI, LTO, IVR
    "USA": [40, 91, 62, 46, 26, 68],
    "CHN": [80, 20, 66, 30, 87, 24],
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("country", HOFSTEDE)
def test_a_shipped_card_is_complete_in_both_languages(country, language):
    card = read_card(CLCA / f"cultures/{country.lower()}.yaml", country, language)
    traits = [trait for _, trait in card.traits]
    assert len(set(card.described(language))) == len(traits) == 8
    assert [trait.value for trait in traits[2:]] == HOFSTEDE[country]
    assert all(re.search(r"\b(2005|2010)\b", trait.source) for trait in traits)


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        ("traits.indulgence", None, "traits.indulgence: Field required"),
        ("traits.indulgence.source", None, "indulgence.source"),
        ("traits.indulgence.value", "high", "valid number .got 'high'"),
        ("traits.indulgence.value", 300, "less than or equal to 120"),
        (
            "traits.warmth",
            {"value": 1, "source": "s", "text": {"en": "t"}},
            "warmth: no .*: secular_rat",
        ),
        ("traits.indulgence.text", {"zh": "好"}, "lacks the language 'en'"),
        ("country", "GBR", "country is 'GBR'"),
        ("colour", "red", "colour: no such key; known: country, name, people, traits$"),
    ],
)
def test_a_broken_card_is_refused_with_its_file_and_place(tmp_path, place, value, fault):
    card = yaml.safe_load((CLCA / "cultures/usa.yaml").read_text(encoding="utf-8"))
    *parents, last = place.split(".")
    node = card
    for parent in parents:
        node = node[parent]
    node[last] = value
    if value is None:
        del node[last]
    path = tmp_path / "card.yaml"
    path.write_text(yaml.safe_dump(card), encoding="utf-8")
    with pytest.raises(UserError, match=fault) as error:
        read_card(path, "USA", "en")
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, r"no such file; correct clca\.cards"), (b"a: [1\nb: 2", ":2: not valid YAML"),
     (b"a: \xff", "not UTF-8 at byte 3"), (b"", "the file: Input should be a valid dictionary")],
)  # fmt: skip
def test_a_file_that_is_not_yaml_is_refused(tmp_path, content, fault):
    path = tmp_path / "card.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=fault):
        read_card(path, "USA", "en")
