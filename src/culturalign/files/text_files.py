"""Plain text and validated yaml, with faults a user can correct."""

from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import TypeAdapter, ValidationError

from culturalign.errors import UserError

Content = TypeVar("Content")


def read_text(path: Path, setting: str) -> str:
    """Read a UTF-8 file, without the byte order mark that Windows programs put before it.

    Args:
        path: The file.
        setting: The setting that names it, for errors.

    Raises:
        UserError: If the file is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; correct {setting}") from None
    except UnicodeDecodeError as bad:
        raise UserError(f"{path}: not UTF-8 at byte {bad.start}; save it as UTF-8") from None


def read_yaml(path: Path, setting: str, kind: type[Content], *, empty: Any = None) -> Content:
    """Read and validate a yaml file; arguments as for :func:`read_text`.

    Args:
        path: The file.
        setting: The setting that names it.
        kind: What it holds: a section, or a list of sections.
        empty: What a file without content holds.

    Raises:
        UserError: If the file is missing or malformed, naming the line or the entry.
    """
    text = read_text(path, setting)
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as bad:
        mark = getattr(bad, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise UserError(f"{path}: {place}not valid yaml; correct the file") from None
    content = empty if content is None else content
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as invalid:
        fault = invalid.errors()[0]
        raise UserError(f"{path}: {_place(fault['loc'], content)}: {_text(fault, kind)}") from None


def _place(keys: tuple[int | str, ...], content: Any) -> str:
    """Where a fault is; an entry of a list is named by its id, if it has one."""
    if not keys:
        return "the file"
    first, *others = map(str, keys)
    if isinstance(keys[0], int):
        entry = content[keys[0]]
        number = f"entry {keys[0] + 1}"
        first = str(entry.get("id", number)) if isinstance(entry, dict) else number
    return ".".join([first, *others])


def _text(fault: Any, kind: Any) -> str:
    """One of pydantic's faults as a sentence; values are shown, but not whole entries."""
    if fault["type"] == "extra_forbidden":
        for key in fault["loc"][:-1]:
            fields = getattr(kind, "model_fields", {})
            kind = fields[key].annotation if key in fields else get_args(kind)[-1]
        return f"no such key; known: {', '.join(kind.model_fields)}"
    text, value = fault["msg"].removeprefix("Value error, "), fault["input"]
    given = "" if isinstance(value, dict | list) else f" (got {value!r:.100})"
    return f"{text}{given}"[:400]
