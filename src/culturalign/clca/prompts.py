"""Prompts of the role-play, the judge and the intents: a folder for each language.

``roleplay.txt, quality.txt, fit.txt, critic.txt, intent.txt`` with markers in brackets, and
``words.yaml`` with the keywords of answers.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from culturalign.clca.cards import Text
from culturalign.config.strict import Strict
from culturalign.files.prompt_template import BRACKETED, CLCA, read_template
from culturalign.files.validated_yaml import read_yaml

SETTING = "languages.*.clca_prompts"


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
        return BRACKETED.sub(lambda found: values[found[1].lower()], self.templates[prompt])


def read_prompts(folder: Path, language: str) -> Prompts:
    """Read the prompts of a language.

    Raises:
        UserError: If a file is missing, or a marker or keyword is missing or unknown.
    """
    words = read_yaml(folder / "words.yaml", SETTING, Words)
    templates = {
        name: read_template(folder / f"{name}.txt", SETTING, markers)
        for name, markers in CLCA.items()
    }
    return Prompts(language, words, templates)
