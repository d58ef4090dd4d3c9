"""Fonts of figures: which letters they have, and installed fonts for letters that they lack."""

import warnings
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

from culturalign.models.model_source import package_file

# Noto Sans SC comes inside the package zhplot; few machines have a font with Han characters.
fontManager.addfont(package_file("package:zhplot/fonts/NotoSansSC-Regular.ttf"))
FAMILY = ["DejaVu Sans", "Noto Sans SC"]
"""The same on every machine: Latin, Greek, Cyrillic, Arabic, Hebrew, and Han letters, and kana."""


@cache
def has(font: str) -> frozenset[int]:
    """Code points of which a font, by its family, has a glyph."""
    return frozenset(FT2Font(findfont(font)).get_charmap())


def lacking(text: str, family: list[str]) -> set[str]:
    """Letters of a text that no font of a family has; spaces and invisible characters need none."""
    shown = {letter for letter in text if letter.isprintable() and not letter.isspace()}
    return {letter for letter in shown if not any(ord(letter) in has(font) for font in family)}


def complete(figure: Figure) -> None:
    """Give texts with letters that :data:`FAMILY` lacks an installed font; warn of the rest."""
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    absent = {letter for text in texts for letter in lacking(text.get_text(), FAMILY)}
    more: list[str] = []
    for font in _installed() if absent else []:
        if len(left := lacking("".join(absent), [font])) < len(absent):
            more, absent = [*more, font], left
    for text in texts if more else []:
        if lacking(text.get_text(), FAMILY):
            text.set_fontfamily([*FAMILY, *more])
    if absent:
        warnings.warn(
            f"no font has {len(absent)} letters of this figure ({' '.join(sorted(absent)[:10])}), "
            "and boxes stand in their place; install a font of their script (Noto Sans has one for "
            "each) and draw the figure again",
            stacklevel=2,
        )


def _installed() -> list[str]:
    """Families of the machine, without those of matplotlib, whose letters stand at odd places."""
    own = Path(matplotlib.get_data_path())
    kind = ("normal", 400, "normal")
    regular = [f for f in fontManager.ttflist if (f.style, f.weight, f.stretch) == kind]
    return sorted({f.name for f in regular if not Path(f.fname).is_relative_to(own)})
