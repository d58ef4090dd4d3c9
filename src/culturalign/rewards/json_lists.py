"""Words of an answer that is JSON, or has some."""

import json
import re
from typing import Any

_JSON = re.compile(r"(?:\b\w+\s*=\s*)?([\[{].*[\]}])", re.DOTALL)  # perhaps "words = [...]"


def without_json(text: str) -> str:
    """A text whose JSON, if it has some, is its words, a line each."""
    found = _JSON.search(text)
    if not found:
        return text
    try:
        words = _words(json.loads(found[1]))
    except (ValueError, RecursionError):
        return text
    return "\n".join([text[: found.start()], *words, text[found.end() :]])


def _words(value: Any) -> list[str]:
    """All texts of lists; of an object, those of its lists, else its keys, if they are words."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [word for each in value for word in _entry(each)]
    if not isinstance(value, dict):
        return []
    if inner := [each for each in value.values() if isinstance(each, list | dict)]:
        return [word for each in inner for word in _words(each)]
    if all(key.isdecimal() for key in value):
        return [word for each in value.values() for word in _words(each)]
    return list(value)


def _entry(value: Any) -> list[str]:
    """The words of an entry of a list: of ``{"word": "leash", "why": "to walk"}`` the first."""
    if isinstance(value, dict) and not any(isinstance(v, list | dict) for v in value.values()):
        return [each for each in value.values() if isinstance(each, str)][:1]
    return _words(value)
