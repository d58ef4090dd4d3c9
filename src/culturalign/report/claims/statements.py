"""Statements of the paper as data: ``resources/paper/claims.yaml``."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import TypeAdapter

from culturalign.config.strict import Strict


class Claim(Strict):
    """One statement of the paper; the file says what its fields mean."""

    id: str
    place: str
    statement: str
    paper: str | dict[str, str]
    cultures: list[Literal["US", "ZH"]] = []
    models: list[str] | Literal["own"] = []
    real: bool = False
    """Whether a general statement says nothing about synthetic people."""
    note: str = ""


def read_claims(path: Path) -> list[Claim]:
    """Read the statements."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return TypeAdapter(list[Claim]).validate_python(entries)
