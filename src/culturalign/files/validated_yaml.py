"""YAML files validated by a schema, with faults a user can correct."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from culturalign.errors import UserError
from culturalign.files.yaml_file import Place, hint, read_document

Content = TypeVar("Content")


def read_yaml(path: Path, setting: str, kind: type[Content], *, empty: Any = None) -> Content:
    """Read and validate a YAML file.

    Args:
        path: The file.
        setting: The setting that names it.
        kind: What it holds: a section, or a list of sections.
        empty: What a file without content holds.

    Raises:
        UserError: If the file is missing or malformed, naming the line and the entry.
    """
    content, lines, surprises = read_document(path, setting)
    for surprise in surprises:
        if surprise.certain:
            raise UserError(f"{path}:{surprise.line}: {'.'.join(surprise.where)}: {surprise.text}")
    content = empty if content is None else content
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as invalid:
        fault = invalid.errors()[0]
        line = _line(fault["loc"], lines)
        raise UserError(
            f"{path}{line}: {_place(fault['loc'], content)}: {_text(fault, kind)}"
        ) from None


def _line(keys: tuple[int | str, ...], lines: Mapping[Place, int]) -> str:
    """``:line`` of a fault, or of its nearest parent."""
    place = tuple(map(str, keys))
    parents = (place[:length] for length in range(len(place), 0, -1))
    return next((f":{lines[parent]}" for parent in parents if parent in lines), "")


def _place(keys: tuple[int | str, ...], content: Any) -> str:
    """Where a fault is; an entry of a list is named by its id, if it has one."""
    if not keys:
        return "the file"
    first, *others = map(str, keys)
    if isinstance(keys[0], int):
        entry = content[keys[0]]
        named = entry.get("id") if isinstance(entry, dict) else None
        first = named if isinstance(named, str) else f"entry {keys[0] + 1}"
    return ".".join([first, *others])


def _text(fault: Any, kind: Any) -> str:
    """One of pydantic's faults as a sentence; values are shown, but not whole entries."""
    if fault["type"] == "extra_forbidden":
        for key in fault["loc"][:-1]:
            fields = getattr(kind, "model_fields", {})
            kind = fields[key].annotation if key in fields else get_args(kind)[-1]
        return f"no such key; known: {', '.join(kind.model_fields)}"
    text, value = fault["msg"].removeprefix("Value error, "), fault["input"]
    given = (
        ""
        if isinstance(value, dict | list)
        else f" (got {value!r:.100}{hint(value, fault['type'])})"
    )
    return f"{text}{given}"[:400]
