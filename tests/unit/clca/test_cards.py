import re

import pytest
import yaml

from culturalign.clca.cards import AXES, DIMENSIONS, read_card
from culturalign.errors import UserError
from tests.unit.clca.stage import CLCA

FILES = {"USA": "usa", "CHN": "chn"}
HOFSTEDE = {  # Hofstede, Hofstede and Minkov 2010: PDI, IDV, MAS, UAI, LTO, IVR
    "USA": [40, 91, 62, 46, 26, 68],
    "CHN": [80, 20, 66, 30, 87, 24],
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("country", FILES)
def test_a_shipped_card_is_complete_in_both_languages(country, language):
    card = read_card(CLCA / f"cultures/{FILES[country]}.yaml", country, language)
    assert len(set(card.described(language))) == len(AXES) + len(DIMENSIONS)
    assert [card.traits[name].value for name in DIMENSIONS] == HOFSTEDE[country]
    assert all(re.search(r"\b(2005|2010)\b", trait.source) for trait in card.traits.values())


def broken(tmp_path, **changes):
    document = yaml.safe_load((CLCA / "cultures/usa.yaml").read_text(encoding="utf-8"))
    for key, value in changes.items():
        *parents, last = key.split("__")
        node = document
        for parent in parents:
            node = node[parent]
        if value is None:
            del node[last]
        else:
            node[last] = value
    path = tmp_path / "card.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"traits__indulgence": None}, "lacks indulgence"),
        ({"traits__indulgence__source": None}, "indulgence.source"),
        ({"traits__indulgence__value": "high"}, "Hofstede's index"),
        ({"traits__indulgence__value": 300}, "indulgence"),
        ({"traits__warmth": {"value": 1, "source": "s", "text": {"en": "t"}}}, "warmth; known"),
        ({"country": "GBR"}, "country is 'GBR'"),
        ({"traits__indulgence__text": {"zh": "好"}}, "lacks the language 'en'"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_broken_card_is_refused_with_its_file_and_place(tmp_path, changes, fault):
    path = broken(tmp_path, **changes)
    with pytest.raises(UserError, match=fault) as error:
        read_card(path, "USA", "en")
    assert str(path) in str(error.value)


def test_a_missing_card_and_one_that_is_no_yaml_are_refused(tmp_path):
    with pytest.raises(UserError, match=r"clca\.cards"):
        read_card(tmp_path / "none.yaml", "USA", "en")
    path = tmp_path / "card.yaml"
    path.write_text("a: [1\nb: 2", encoding="utf-8")
    with pytest.raises(UserError, match="line 2"):
        read_card(path, "USA", "en")
