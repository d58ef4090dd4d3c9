"""Facts of languages: shipped defaults, and settings that replace them."""

import polars as pl
import pytest

from culturalign.config.data import Language
from culturalign.config.language_facts import FACTS, with_facts
from culturalign.files.scripts import share_in_scripts

OWN = {"system": "s", "prompts": {"complex": "p.txt"}, "separator": ", "}


def language(name: str, **settings: object) -> Language:
    return Language.model_validate(with_facts({name: {**OWN, **settings}})[name])


def test_a_language_has_its_facts_under_any_name_that_begins_with_its_code() -> None:
    for name in ("es", "es_uy", "es.rioplatense"):
        spanish = language(name)
        assert {"No más respuestas", "No conozco la palabra"} <= set(spanish.missing)
        assert spanish.joining == ["y", "e", "así como"]
        assert spanish.scripts == ["Latin"]
    assert language("zh").scripts == ["Han"]


def test_every_shipped_language_is_valid_and_has_every_fact() -> None:
    assert set(FACTS) >= {"en", "zh", "nl", "de", "es", "sl"}
    for name in FACTS:
        found = language(name)
        assert found.scripts and found.joining and found.openings and found.closings
        assert {"#Missing", "<noMoreReplies>", "No more responses"} <= set(found.missing)


def test_a_setting_replaces_the_fact_and_leaves_the_others() -> None:
    own = language("de", missing=["weiß nicht"])
    assert own.missing == ["weiß nicht"]
    assert own.joining == ["und", "sowie"]


def test_an_unknown_language_has_no_facts() -> None:
    french = language("fr")
    assert french.missing is None
    assert (french.scripts, french.joining, french.openings) == ([], [], [])


def test_what_is_no_mapping_is_left_to_the_schema() -> None:
    assert with_facts(3) == 3
    assert with_facts({"en": "resources"}) == {"en": "resources"}


@pytest.mark.parametrize("name", FACTS)
def test_words_of_lists_are_of_the_languages_script(name):
    words = pl.Series([*FACTS[name]["joining"], *FACTS[name]["wishes"], *FACTS[name]["closings"]])
    assert share_in_scripts(words, FACTS[name]["scripts"]) == 1.0
    assert words.n_unique() == len(words)
