"""Statements of the paper as data: ``resources/paper/claims.yaml``, which says how to add one."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any, Literal

import yaml
from pydantic import ValidationError

from culturalign.config.strict import Strict
from culturalign.errors import UserError
from culturalign.report.claims.cells import CELL
from culturalign.report.claims.checks import CHECKS

Place = Literal["US", "ZH"]
"""The paper's names of its cultures."""
CELLS = ("cell", "first", "second", "minus")
"""Arguments that are cells."""


class Claim(Strict):
    """One statement of the paper."""

    id: str
    place: str
    """Where the paper states it."""
    statement: str
    """In our words."""
    paper: str | dict[str, str]
    """The paper's value; by model, if each has its own."""
    cultures: list[Place] = []
    """Whose rows are needed."""
    models: list[str] | Literal["own"] = []
    """M Class of the models it is about. ``own``: a general statement, held against each model of
    the run, on synthetic people too."""
    real: bool = False
    """A general statement that says nothing about synthetic people."""
    each: dict[str, list[str | int | float]] = {}
    """Name -> values; the check must hold for every combination of them."""
    check: str
    """One of ``claim_checks.CHECKS``."""
    arguments: dict[str, Any]
    """Of the check; ``$name`` stands for a name of ``each`` or of :func:`names`."""
    note: str = ""
    """Among others, where the paper's own tables do not carry the statement."""


def names(cultures: list[Place]) -> set[str]:
    """Names that arguments may hold.

    ``model``; ``scoring`` (plain or debiased); and for a culture such as US: ``US``, its label,
    and its tables ``US_table`` (generation), ``US_contrasts``, ``US_ranking``,
    ``US_ranking_contrasts``, ``US_tension``, ``US_attributes`` (with the complex prompt),
    ``US_attribute_tests`` and ``US_attribute_contrasts``.
    """
    own = {f"{place}{part}" for place in cultures for part in PARTS}
    return {"model", "scoring", *own}


PARTS = (
    "", "_table", "_contrasts", "_ranking", "_ranking_contrasts", "_tension", "_attributes",
    "_attribute_tests", "_attribute_contrasts",
)  # fmt: skip


def filled(value: Any, facts: Mapping[str, str]) -> Any:
    """Arguments with the facts in the place of their names."""
    if isinstance(value, str):
        return Template(value).substitute(facts)
    if isinstance(value, list):
        return [filled(part, facts) for part in value]
    if isinstance(value, dict):
        return {key: filled(part, facts) for key, part in value.items()}
    return value


def read_claims(path: Path) -> list[Claim]:
    """Read the statements.

    Raises:
        UserError: If one is not well formed.
    """
    claims: list[Claim] = []
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
        name = entry.get("id", number) if isinstance(entry, dict) else number
        try:
            claim = Claim.model_validate(entry)
            faults = [*_faults(claim)] + ["its id is taken"] * (claim.id in {c.id for c in claims})
        except ValidationError as error:
            first = error.errors()[0]
            faults = [f"{'.'.join(map(str, first['loc']))}: {first['msg']}"]
        if faults:
            raise UserError(f"{path}: claim {name}: {faults[0]}; correct it")
        claims.append(claim)
    return claims


def _faults(claim: Claim) -> Iterator[str]:
    if claim.check not in CHECKS:
        yield f"no check is called {claim.check!r}; there are {', '.join(CHECKS)}"
        return
    try:
        inspect.signature(CHECKS[claim.check]).bind({}, **claim.arguments)
    except TypeError as error:
        yield f"check {claim.check}: {error}"
    known = names(claim.cultures) | set(claim.each)
    for text in _texts(claim.arguments):
        if unknown := set(Template(text).get_identifiers()) - known:
            yield f"${', $'.join(sorted(unknown))} is unknown; known: {', '.join(sorted(known))}"
    for cell in _cells(claim.arguments):
        if not set(CELL[:2]) <= set(cell) <= set(CELL):
            yield f"a cell has {', '.join(cell)}; it needs the first two of {', '.join(CELL)}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _cells(arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key, value in arguments.items():
        if key in CELLS:
            yield value
            yield from _cells(value)
