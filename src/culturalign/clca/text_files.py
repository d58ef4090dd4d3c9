"""The files of a role-play: plain text and validated yaml, with faults a user can correct."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from culturalign.errors import UserError

Content = TypeVar("Content")


def read_text(path: Path, setting: str) -> str:
    """Read a UTF-8 file.

    Args:
        path: The file.
        setting: The setting that names it, for errors.

    Raises:
        UserError: If the file is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; correct {setting}") from None
    except UnicodeDecodeError as bad:
        raise UserError(f"{path}: not UTF-8 at byte {bad.start}; save it as UTF-8") from None


def read_yaml(path: Path, setting: str, kind: type[Content]) -> Content:
    """Read and validate a yaml file; arguments as for :func:`read_text`.

    Args:
        path: The file.
        setting: The setting that names it.
        kind: What it holds.

    Raises:
        UserError: If the file is missing or malformed, naming the line or the entry.
    """
    text = read_text(path, setting)
    try:
        return TypeAdapter(kind).validate_python(yaml.safe_load(text))
    except yaml.YAMLError as bad:
        mark = getattr(bad, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise UserError(f"{path}: {place}not valid yaml; correct the file") from None
    except ValidationError as invalid:
        raise UserError(f"{path}: {_first_fault(invalid.errors()[0])}") from None


def _first_fault(fault: Any) -> str:
    """The first of pydantic's faults as a sentence."""
    where = ".".join(map(str, fault["loc"])) or "the file"
    text = fault["msg"].removeprefix("Value error, ")
    given = "" if fault["type"] in ("missing", "value_error") else f" (got {fault['input']!r})"
    return f"{where}: {text}{given}"[:400]
