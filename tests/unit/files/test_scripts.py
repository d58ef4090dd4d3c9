"""Scripts of words, and words that were decoded twice."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.files.scripts import is_decoded_twice, share_in_scripts


def test_only_letters_count_and_each_in_its_script() -> None:
    words = pl.Series(["ab1", "水 2", "-"])
    assert share_in_scripts(words, ["Latin"]) == pytest.approx(2 / 3)
    assert share_in_scripts(words, ["Han", "Latin"]) == 1
    assert share_in_scripts(pl.Series(["1", "-"]), ["Han"]) is None


@pytest.mark.parametrize("word", ["árbol", "水火", "naïve", "lajež", "Straße", "ëën"])
def test_a_word_is_told_from_itself_decoded_twice(word: str) -> None:
    assert not is_decoded_twice(word)
    for wrong in ("latin-1", "cp1252"):
        twice = word.encode().decode(wrong, errors="ignore" if wrong == "cp1252" else "strict")
        if len(twice.encode(wrong)) == len(word.encode()):
            assert is_decoded_twice(twice)


def test_utf8_read_as_gb18030_is_found() -> None:
    assert is_decoded_twice("水火".encode().decode("gb18030"))


@given(st.text(min_size=2).filter(lambda text: not text.isascii()))
def test_any_text_read_as_latin_1_is_found(text: str) -> None:
    assert is_decoded_twice(text.encode().decode("latin-1"))
