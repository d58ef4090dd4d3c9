"""Reading the official csv of the World Values Survey."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.delimited import read_columns, read_header, unreadable
from culturalign.encodings import Text, as_utf8
from culturalign.errors import UserError
from culturalign.survey.wvs_columns import (
    ALPHA,
    NUMERIC,
    WEIGHT,
    Rows,
    needed_columns,
    variable,
    wanted_rows,
)


def read_csv(
    file: Path, path: Path, countries: Sequence[str], questions: Sequence[str]
) -> Rows:
    """Read the columns needed, as text, of the countries wanted.

    Args:
        file: The csv.
        path: The user's file, perhaps the zip it was in, for errors.
        countries: As for :func:`culturalign.survey.wvs.read_wave7`.
        questions: As there.

    Returns:
        See :func:`culturalign.survey.wvs_columns.wanted_rows`.

    Raises:
        UserError: If the file cannot be read or lacks a column, or a country is unknown.
    """
    wanted = {*questions, ALPHA, NUMERIC, WEIGHT}
    with as_utf8(file, path) as text:
        known = {name: name for name in wanted}
        separator, names = read_header(text, path, lambda name: known.get(variable(name)))
        columns = needed_columns(names, path, questions)
        _check_last_row(text.file, path, separator, len(names))
        first = {"country": names.index(next(iter(columns.values())))}
        version = {"version": place for place, name in enumerate(names[:1]) if name == "version"}
        everyone = read_columns(text, path, separator, first | version)
        scan = pl.scan_csv(
            text.file, separator=separator, infer_schema=False, glob=False,
            row_index_name="respondent", row_index_offset=1,
        )  # fmt: skip
        seen = scan.collect_schema().names()[1:]  # polars renames headers that occur twice
        found = {key: seen[names.index(name)] for key, name in columns.items()}
        return _rows(scan, found, text, path, countries, separator, everyone)


def _rows(
    scan: pl.LazyFrame,
    columns: dict[str, str],
    text: Text,
    path: Path,
    countries: Sequence[str],
    separator: str,
    everyone: pl.DataFrame,
) -> Rows:
    try:
        return wanted_rows(scan, columns, path, countries, everyone, text.encoding)
    except pl.exceptions.PolarsError as error:
        raise UserError(unreadable(text, path, separator, error)) from None


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
