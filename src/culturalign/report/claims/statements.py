"""Statements of the paper as data: ``resources/paper/claims.yaml``."""

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from culturalign.config.strict import Strict
from culturalign.errors import UserError
from culturalign.files.validated_yaml import read_yaml


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


def read_claims(path: Path, checks: Collection[str]) -> list[Claim]:
    """Read the statements.

    Args:
        path: The file.
        checks: Ids that have a check.

    Raises:
        UserError: If the file is missing or malformed, an id occurs twice, or it has no check.
    """
    claims = read_yaml(path, "its path", list[Claim])
    ids = [claim.id for claim in claims]
    for number, name in enumerate(ids):
        if name in ids[:number]:
            raise UserError(f"{path}: the id {name!r} occurs twice; ids are unique")
        if name not in checks:
            raise UserError(f"{path}: {name!r} has no check; correct the id, or add a function")
    return claims
