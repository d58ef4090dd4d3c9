"""Letters of figures: those of the shipped languages, of others, and of none."""

import warnings

import matplotlib.pyplot as plt
import polars as pl
import pytest

from culturalign.config.language_facts import FACTS
from culturalign.report import figures, fonts

pytestmark = pytest.mark.usefixtures("closed_figures")
LETTERS = {  # of the alphabets, by the languages' own spelling rules
    "de": "äöüßÄÖÜẞ„“",
    "en": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789’éïö",
    "es": "áéíóúüñÁÉÍÓÚÜÑ¿¡ªº«»",
    "nl": "áéíóúàèëïöüĳĲ’",
    "sl": "čšžČŠŽćđĆĐ",
    "zh": "的一是自由家庭爱龘鬱愛，。、；：？！“”《》",
}
HINDI = "हिन्दी"


def shown(*names):
    """A figure whose labels are words."""
    rows = pl.DataFrame({"response": names, "strength": [0.5] * len(names)})
    table = rows.with_columns(culture=pl.lit("X"), cue=pl.lit("dog"), axis=pl.lit("share"))
    return figures.draw_associations(table, ["X"]), table


def labels(figure):
    return {text.get_text(): text for text in figure.axes[0].get_yticklabels()}


@pytest.mark.parametrize("language", FACTS)
def test_the_fonts_have_every_letter_of_a_shipped_language(language):
    facts = [word for words in FACTS[language].values() for word in words]
    assert fonts.lacking(LETTERS[language] + "".join(facts), fonts.FAMILY) == set()


@pytest.mark.parametrize("text", ["سلام", "Ελλάδα", "кошка", "שלום", "ひらカナ"])
def test_other_scripts_that_the_fonts_have(text):
    assert fonts.lacking(text, fonts.FAMILY) == set()


def test_spaces_and_invisible_characters_need_no_glyph():
    assert fonts.lacking("a b\n\u200b\u00a0ह", fonts.FAMILY) == {"ह"}


def test_letters_that_no_font_has_are_told_once_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "_installed", list)
    figure, table = shown(HINDI, "perro")
    with pytest.warns(UserWarning) as told:
        figures.save(figure, table, str(tmp_path / "f"))
    (sentence,) = [str(warning.message) for warning in told]
    assert "no font has 6 letters of this figure (" in sentence
    assert "ह" in sentence and "install a font of their script" in sentence


def test_letters_that_the_figures_fonts_lack_are_drawn_in_an_installed_one(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FAMILY", ["DejaVu Sans"])  # Noto Sans SC is as any installed font
    monkeypatch.setitem(figures.STYLE, "font.family", ["DejaVu Sans"])
    figure, table = shown("自由", "perro")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.save(figure, table, str(tmp_path / "f"))
    found = {name: text.get_fontfamily() for name, text in labels(figure).items()}
    assert found["自由"][0] == "DejaVu Sans" and "Noto Sans SC" in found["自由"]
    assert found["perro"] == ["DejaVu Sans"]


def test_a_figure_in_a_shipped_language_is_left_as_it_is():
    figure, _ = shown("corazón", "中国")
    fonts.complete(figure)
    assert all(text.get_fontfamily() == fonts.FAMILY for text in labels(figure).values())
    plt.close(figure)
