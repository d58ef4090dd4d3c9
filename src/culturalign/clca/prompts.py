"""Prompts of the role-play, the judge and the intents: a folder for each language.

``roleplay.txt, quality.txt, fit.txt, critic.txt, intent.txt`` with markers in brackets, and
``words.yaml`` with the keywords of answers.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from culturalign.clca.cards import Text
from culturalign.config.strict import Strict
from culturalign.errors import UserError
from culturalign.files.text_files import read_text
from culturalign.files.validated_yaml import read_yaml

SETTING = "languages.*.clca_prompts"
MARKER = re.compile(r"\[([A-Z]+)\]")
MARKERS = {
    "roleplay": {"SETTING", "CULTURE", "PEOPLE", "NAME", "OTHER", "GOAL", "SECRET"},
    "quality": {"SETTING", "PEOPLE", "TALK"},
    "fit": {"SETTING", "PEOPLE", "COUNTRY", "CULTURE", "TALK"},
    "critic": {"SETTING", "PEOPLE", "TALK", "VERDICTS"},
    "intent": {"SETTING", "COUNTRY", "CULTURE", "TALK", "NAME"},
}
"""Markers of each prompt; every one must occur."""


class Words(Strict):
    """Keywords of a language."""

    speak: Text
    act: Text
    leave: Text
    reached: Text
    """After ``leave``: the speaker has reached the goal."""
    begin: Text
    """Stands in place of the other's turn for the person who begins."""
    verdict: Text
    good: Text
    bad: Text
    confidence: Text
    reason: Text
    intent: Text
    colon: Text
    """Between keyword and text; ``:`` and ``：`` are both understood."""
    goal: Text
    secret: Text


class Prompts(NamedTuple):
    """All prompts of one language."""

    language: str
    words: Words
    templates: Mapping[str, str]

    def filled(self, prompt: str, /, **values: str) -> str:
        """A prompt with its markers replaced; brackets in the values are kept."""
        return MARKER.sub(lambda found: values[found[1].lower()], self.templates[prompt])


def read_prompts(folder: Path, language: str) -> Prompts:
    """Read the prompts of a language.

    Raises:
        UserError: If a file is missing, or a marker or keyword is missing or unknown.
    """
    words = read_yaml(folder / "words.yaml", SETTING, Words)
    return Prompts(language, words, {name: _template(folder, name) for name in MARKERS})


def _template(folder: Path, name: str) -> str:
    path = folder / f"{name}.txt"
    text = read_text(path, SETTING).strip()
    found = set(MARKER.findall(text))
    if lacking := sorted(MARKERS[name] - found):
        raise UserError(f"{path}: the prompt lacks the marker [{lacking[0]}]; add it")
    if unknown := sorted(found - MARKERS[name]):
        known = ", ".join(sorted(MARKERS[name]))
        raise UserError(f"{path}: the marker [{unknown[0]}] is unknown here; known: {known}")
    return text
