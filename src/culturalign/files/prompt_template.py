"""Prompt templates: text files with markers that are replaced, and the markers of each kind."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from culturalign.errors import UserError
from culturalign.files.text_files import read_text

LOWER, UPPER, CUE = "[LOWER BOUND SIZE]", "[UPPER BOUND SIZE]", "{cue}"
CANDIDATES, NUMBER = "[CANDIDATES]", "[N]"
QUESTION, OPTIONS, INTRODUCTION = "[QUESTION]", "[OPTIONS]", "[INTRODUCTION]"
BRACKETED = re.compile(r"\[([A-Z]+)\]")


class Markers(NamedTuple):
    """The markers of a kind of prompt.

    Attributes:
        once: Those that it must hold exactly once.
        some: Those that it must hold at least once.
        both: Two of which it must hold both or neither.
        closed: Whether it must hold no other :data:`BRACKETED` marker.
    """

    once: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    closed: bool = False


LISTS = Markers(some=(CUE,), both=(LOWER, UPPER))
RANKING = Markers(once=(CUE, CANDIDATES), some=(NUMBER,))
MCQ = Markers(once=(CUE, OPTIONS))
SURVEY = Markers(once=(QUESTION, OPTIONS))
CLCA: Mapping[str, Markers] = {
    name: Markers(some=tuple(f"[{word}]" for word in sorted(words.split())), closed=True)
    for name, words in {
        "roleplay": "SETTING CULTURE PEOPLE NAME OTHER GOAL SECRET",
        "quality": "SETTING PEOPLE TALK",
        "fit": "SETTING PEOPLE COUNTRY CULTURE TALK",
        "critic": "SETTING PEOPLE TALK VERDICTS",
        "intent": "SETTING COUNTRY CULTURE TALK NAME",
    }.items()
}
"""Of the files in a folder ``clca_prompts``."""


def read_template(path: Path, key: str, markers: Markers) -> str:
    """Read a template without the white space around it.

    Args:
        path: The file.
        key: Where the configuration names it, for errors.
        markers: Those of its kind.

    Raises:
        UserError: If the file is missing, not UTF-8, or breaks a rule of its markers.
    """
    template = read_text(path, key).strip()
    for marker in markers.once:
        if template.count(marker) != 1:
            raise UserError(f"{path}: the prompt must hold the marker {marker} exactly once")
    for marker in markers.some:
        if marker not in template:
            raise UserError(f"{path}: the prompt lacks the marker {marker}; add it")
    if len({marker in template for marker in markers.both}) > 1:
        pair = " and ".join(markers.both)
        raise UserError(f"{path}: the prompt has one of {pair}; give both, or neither")
    known = {*markers.once, *markers.some, *markers.both}
    found = {f"[{word}]" for word in BRACKETED.findall(template)} if markers.closed else set()
    if unknown := sorted(found - known):
        names = ", ".join(marker.strip("[]") for marker in sorted(known))
        raise UserError(f"{path}: the marker {unknown[0]} is unknown here; known: {names}")
    return template
