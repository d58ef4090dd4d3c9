"""Prompts of the role-play, the judge and the intents: one folder a language.

``roleplay.txt, quality.txt, fit.txt, critic.txt, intent.txt`` with markers in brackets,
and ``words.yaml`` with the keywords that answers must hold.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from culturalign.clca.cards import Text, first_fault, read_yaml
from culturalign.config.strict import Strict
from culturalign.errors import UserError

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
    """After ``leave``: the speaker's goal is reached."""
    begin: Text
    """What the person who begins is told in place of a turn."""
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
    """Everything said to models in one language."""

    language: str
    words: Words
    templates: Mapping[str, str]

    def filled(self, prompt: str, /, **values: str) -> str:
        """A prompt with its markers replaced; the values stand as they are."""
        return MARKER.sub(lambda found: values[found[1].lower()], self.templates[prompt])


def read_prompts(folder: Path, language: str) -> Prompts:
    """Read the prompts of a language.

    Raises:
        UserError: If a file is missing or lacks a marker, or a keyword is missing.
    """
    try:
        words = Words.model_validate(read_yaml(folder / "words.yaml", "languages.*.clca_prompts"))
    except ValidationError as invalid:
        raise UserError(f"{folder / 'words.yaml'}: {first_fault(invalid)}") from None
    return Prompts(language, words, {name: _template(folder, name) for name in MARKERS})


def _template(folder: Path, name: str) -> str:
    path = folder / f"{name}.txt"
    try:
        text = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; correct languages.*.clca_prompts") from None
    except UnicodeDecodeError as bad:
        raise UserError(f"{path}: not UTF-8 at byte {bad.start}; save it as UTF-8") from None
    found = set(MARKER.findall(text))
    if lacking := sorted(MARKERS[name] - found):
        raise UserError(f"{path}: the prompt lacks the marker [{lacking[0]}]; add it")
    if unknown := sorted(found - MARKERS[name]):
        known = ", ".join(sorted(MARKERS[name]))
        raise UserError(f"{path}: the marker [{unknown[0]}] is unknown here; known: {known}")
    return text
