"""The table of readings: every definition as written, as run, and sound, and what each does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.strict import Strict
from culturalign.errors import UserError
from culturalign.files.validated_yaml import read_yaml
from culturalign.report.readings.compared import COUNTS, READINGS
from culturalign.report.tables import write_table

HEADER = ("Definition", "As written", "As run", "Sound", "What it does: written / run / sound")
NOTE = "Sources in brackets: files as run are the authors', docs and config are this project's."


class Reading(Strict):
    """What holds, and how we know."""

    reading: str
    source: str


class Definition(Strict):
    """One definition; ``resources/paper/readings.yaml`` says what its fields mean."""

    id: str
    definition: str
    written: Reading
    run: Reading
    sound: Reading
    number: str = ""


def read_definitions(path: Path) -> list[Definition]:
    """Read the definitions.

    Raises:
        UserError: If the file is malformed or an id occurs twice.
    """
    found = read_yaml(path, "its path", list[Definition])
    ids = [each.id for each in found]
    for name in ids:
        if ids.count(name) > 1:
            raise UserError(f"{path}: the id {name!r} occurs twice; ids are unique")
    return found


def write_readings(stem: str, definitions: list[Definition], numbers: pl.DataFrame) -> None:
    """Write the table: a row a definition; in the csv a row a definition and arm.

    Args:
        stem: Path without its ending.
        definitions: From :func:`read_definitions`.
        numbers: Columns ``COMPARED``.

    Raises:
        ValueError: If numbers have no definition, or one without a number.
    """
    numbered = {each.id for each in definitions if each.number}
    if unknown := set(numbers["id"]) - numbered:
        raise ValueError(f"numbers of definitions that announce none: {sorted(unknown)}")
    texts = pl.DataFrame([_texts(each) for each in definitions])
    rows = texts.join(numbers, on="id", how="left", maintain_order="left")
    shown = [_shown(each, numbers.filter(id=each.id)) for each in definitions]
    write_table(stem, rows, shown, HEADER, NOTE)


def _texts(each: Definition) -> dict[str, str]:
    readings = each.model_dump(include=set(READINGS))
    flat = {
        f"{name}_{part}": readings[name][part] for name in READINGS for part in Reading.model_fields
    }
    return {"id": each.id, "definition": each.definition, **flat, "number": each.number}


def _shown(each: Definition, numbers: pl.DataFrame) -> list[str]:
    cells = [f"{r.reading} [{r.source}]" for r in (each.written, each.run, each.sound)]
    if not each.number:
        return [each.definition, *cells, "other answers; not comparable in one run"]
    if numbers.is_empty():
        return [each.definition, *cells, f"{each.number}: not in this run"]
    counts = {_n(row) for row in numbers.iter_rows(named=True)}
    n = counts.pop() if len(counts) == 1 else ""
    values = "; ".join(_effect(row, not n) for row in numbers.iter_rows(named=True))
    return [each.definition, *cells, f"{each.number}{n}: {values}"]


def _n(row: Mapping[str, Any]) -> str:
    """The count, or that of each reading."""
    counts = [str(row[name]) for name in COUNTS]
    return f" (n = {' / '.join(counts if len(set(counts)) > 1 else counts[:1])})"


def _effect(row: Mapping[str, Any], counted: bool) -> str:
    n = _n(row) if counted else ""
    return f"{row['of']}{n}: {' / '.join(_number(row[name]) for name in READINGS)}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value.is_integer() else f"{value:.3f}"
