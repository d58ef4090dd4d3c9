"""Faults that pydantic finds in a configuration, as a user reads them."""

import difflib
import re
from collections.abc import Iterator, Sequence

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from culturalign.config.root import sections
from culturalign.config.strict import JOINT, Fault
from culturalign.files.yaml_file import hint

UNKNOWN = "no such key"
NO_MAPPING = ("model_type", "model_attributes_type", "dict_type")
"""Types of pydantic's errors for a value that should have keys."""
KIND = re.compile(r"bool|constrained-\w+|(list|literal)\[.*\]")
"""What a location ends in if the value may be of several types: one of them, no key."""


def fault_of(problem: ErrorDetails) -> Fault:
    """The keys that lead to a faulty value, and what is wrong with it."""
    where = tuple(str(part) for part in problem["loc"])
    if where[:1] == ("methods",) and problem["type"] != JOINT:
        where = (*where[:2], *where[3:])  # the kind, third, is in the location but not in the file
    where = (*where[:2], *(part for part in where[2:] if not KIND.fullmatch(part)))
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where[-1], sorted(dict(_fields_at(where[:-1]))), n=1)
        return where, UNKNOWN + (f"; did you mean {near[0]}?" if near else "")
    text = problem["msg"].removeprefix("Value error, ")
    if problem["type"] in (JOINT, "value_error", "missing"):
        return where, text
    given = problem["input"]
    if problem["type"] not in NO_MAPPING:
        return where, f"{text} (got {given!r}{hint(given, problem['type'])})"
    null = any(key == where[-1] and field.default is None for key, field in _fields_at(where[:-1]))
    way_out = "; write null to leave it out" if null else ""
    return where, f"should be a mapping (got {given!r}){way_out}"


def _fields_at(where: Sequence[str]) -> Iterator[tuple[str, FieldInfo]]:
    """Keys that sections at a place may have."""
    for section, place in sections():
        pairs = zip(place, where, strict=False)
        if len(place) == len(where) and all(a in (b, "<name>", "<n>") for a, b in pairs):
            yield from section.model_fields.items()
