"""Reading the official csv of the World Values Survey."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from culturalign.csv_blocks import Pick
from culturalign.delimited import read_header, read_parts
from culturalign.encodings import as_utf8
from culturalign.errors import UserError
from culturalign.survey.wvs_columns import (
    ALPHA,
    NUMERIC,
    WEIGHT,
    Census,
    Rows,
    needed_columns,
    variable,
)


def read_csv(file: Path, path: Path, countries: Sequence[str], questions: Sequence[str]) -> Rows:
    """Read the columns needed, as text, of the countries wanted.

    Args:
        file: The csv.
        path: The user's file, perhaps the zip it was in, for errors.
        countries: As for :func:`culturalign.survey.wvs.read_wave7`.
        questions: As there.

    Returns:
        See :func:`culturalign.survey.wvs_columns.Census`.

    Raises:
        UserError: If the file cannot be read or lacks a column, or a country is unknown.
    """
    wanted = {*questions, ALPHA, NUMERIC, WEIGHT}
    with as_utf8(file, path) as text:
        known = {name: name for name in wanted}
        separator, names = read_header(text, path, lambda name: known.get(variable(name)))
        columns = needed_columns(names, path, questions)
        _check_last_row(text.file, path, separator, len(names))
        country, *others = columns
        version = [place for place, name in enumerate(names) if name == "version"][:1]
        places = {"country": names.index(columns[country])}
        places |= {name: names.index(columns[name]) for name in others}
        places |= dict.fromkeys(["version"], version[0]) if version else {}
        census = Census(countries, numeric=country != ALPHA)
        pick = Pick(["country", *(["version"] if version else [])], census.look, census.restart)
        parts = read_parts(text, path, separator, places, lambda part: part, pick)
        return census.rows(parts, path, text.encoding)


def _check_last_row(file: Path, path: Path, separator: str, width: int) -> None:
    """A download that broke off ends in the middle of a row; polars would fill it up."""
    with file.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - (1 << 20)))
        lines = stream.read().decode("utf-8", errors="replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    try:
        fields = len(next(csv.reader([last], delimiter=separator), []))
    except csv.Error:
        return  # an entry of that length is found where the rows are read
    if fields < width:
        raise UserError(
            f"{path}: the last line has {fields} fields, the header {width}; an interrupted "
            "download? Download it again"
        )
