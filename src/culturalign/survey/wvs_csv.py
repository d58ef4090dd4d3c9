"""Reading the official csv of the World Values Survey."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError
from culturalign.survey.wvs_columns import (
    ALPHA,
    NUMERIC,
    WEIGHT,
    needed_columns,
    variable,
    wanted_rows,
)


def read_csv(
    file: Path, path: Path, countries: Sequence[str], questions: Sequence[str]
) -> pl.DataFrame:
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
    separator, names = _header(file, path, questions)
    columns = needed_columns(names, path, questions)
    _check_last_row(file, path, separator, len(names))
    try:
        scan = pl.scan_csv(
            file, separator=separator, infer_schema=False, glob=False,
            row_index_name="respondent", row_index_offset=1,
        )  # fmt: skip
        seen = scan.collect_schema().names()[1:]  # polars renames headers that occur twice
        places = {name: seen[names.index(name)] for name in columns.values()}
        found = {key: places[name] for key, name in columns.items()}
        return wanted_rows(scan, found, path, countries)
    except pl.exceptions.PolarsError as error:
        raise UserError(_unreadable(file, path, error)) from None


def _header(file: Path, path: Path, questions: Sequence[str]) -> tuple[str, list[str]]:
    """The separator and the headers of a csv."""
    with file.open("rb") as stream:
        line = stream.readline(1 << 20)
    if not line:
        raise UserError(f"{path}: the file is empty; download or copy it again")
    if line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in line:
        raise UserError(f"{path}: is not UTF-8 but UTF-16 or binary; save it as UTF-8 csv")
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as bad:
        raise UserError(f"{path}: line 1 is not UTF-8 ({bad.reason}); save it as UTF-8") from None
    rows = {mark: next(csv.reader([text], delimiter=mark), []) for mark in ",;\t"}
    wanted = {*questions, ALPHA, NUMERIC, WEIGHT}
    separator = max(rows, key=lambda mark: len(wanted & {variable(name) for name in rows[mark]}))
    return separator, rows[separator]


def _check_last_row(file: Path, path: Path, separator: str, width: int) -> None:
    """A download that broke off ends in the middle of a row; polars would fill it up."""
    with file.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - (1 << 20)))
        lines = stream.read().decode("utf-8", errors="replace").split("\n")
    last = next(line for line in reversed(lines) if line.strip())
    fields = len(next(csv.reader([last], delimiter=separator)))
    if fields < width:
        raise UserError(
            f"{path}: the last line has {fields} fields, the header {width}; an interrupted "
            "download? Download it again"
        )


def _unreadable(file: Path, path: Path, error: Exception) -> str:
    """Say where a csv breaks; only called once reading has failed."""
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as bad:
                return (
                    f"{path}: line {number} is not UTF-8 (byte 0x{line[bad.start]:02x}); save "
                    "the file as UTF-8, or download it again"
                )
    return f"{path}: cannot be read as csv ({str(error).splitlines()[0]}); download it again"
