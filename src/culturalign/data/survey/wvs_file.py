"""Files of the World Values Survey's wave 7: the rows of some countries, as text.

Formats: the cross-national csv, releases 5 and 6 (Haerpfer et al. 2022), and all others of
:func:`culturalign.files.stored_tables.as_table`. A row is a respondent.
"""

import csv
import difflib
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.data.survey.wvs_columns import (
    ALPHA,
    COUNTRIES,
    NUMERIC,
    OPTIONAL,
    VERSION,
    needed_columns,
    variable,
)
from culturalign.errors import UserError
from culturalign.files.charset import Text
from culturalign.files.delimited import Pick, read_header, read_parts
from culturalign.files.large_losses import SHOWN
from culturalign.files.stored_tables import as_table


class Rows(NamedTuple):
    """The rows of some countries, and counts of the whole file.

    Attributes:
        wide: ``respondent`` (row in the file, from 1), ``country``, questions, and W_WEIGHT and
            D_INTERVIEW if the file has them, as text.
        read: Rows of the file after the header, lines without content included.
        dropped: Why a row is not in ``wide`` -> count.
        samples: Reason -> some rows that it dropped.
        countries: Number of countries with respondents.
        version: As the file names it; empty if it does not.
        encoding: Encoding of the file.
        header: Line of the header, from 1.
    """

    wide: pl.DataFrame
    read: int
    dropped: dict[str, int]
    samples: dict[str, list[str]]
    countries: int
    version: str
    encoding: str
    header: int


class Part(NamedTuple):
    """A part of a file.

    Attributes:
        rows: Those of the countries wanted, and those without a country.
        read: All its rows.
        respondents: Country -> respondents; ``unknown``: of a number that we do not know.
        version: As the part names it.
    """

    rows: pl.DataFrame
    read: int
    respondents: Counter[str]
    version: str


def read_rows(
    path: Path, countries: Sequence[str], questions: Sequence[str], *, weighted: bool
) -> Rows:
    """Read the columns needed, as text, of the countries wanted.

    Args:
        path: The user's file, perhaps the zip it is in.
        countries: As for :func:`culturalign.data.survey.wvs.read_survey`.
        questions: As there.
        weighted: As there.

    Raises:
        UserError: If the file cannot be read or lacks a column, or a country is unknown.
    """
    ids = {name: name for name in (*questions, ALPHA, NUMERIC, *OPTIONAL)}

    def known(header: str) -> str | None:
        return ids.get(variable(header))

    with as_table(path, known, codes=True) as text:
        separator, names = read_header(text, path, known)
        columns = needed_columns(names, path, questions, weighted=weighted)
        _check_last_row(text.file, path, separator, len(names))
        country, *others = columns
        places = {"country": names.index(columns[country])}
        places |= {name: names.index(columns[name]) for name in others}
        code = _alphabetic(numeric=country != ALPHA)
        pick = Pick(
            [name for name in ("country", VERSION) if name in places],
            lambda seen: seen.select(_is_wanted(code, countries)).to_series(),
        )
        parts = read_parts(
            text, path, separator, places, lambda rows, seen: count_part(rows, seen, code), pick
        )
        return add_up(parts, countries, code, path, text)


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


NO_COUNTRY = pl.col("country").cast(pl.String).str.strip_chars().fill_null("") == ""


def _alphabetic(*, numeric: bool) -> pl.Expr:
    """The three letters of ``country``, from letters or numbers; null for an unknown number."""
    if not numeric:
        return pl.col("country").str.strip_chars().str.to_uppercase()
    number = pl.col("country").cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
    return number.replace_strict(COUNTRIES, default=None, return_dtype=pl.String)


def _is_wanted(code: pl.Expr, countries: Sequence[str]) -> pl.Expr:
    """Whether a row is of a country wanted, or of none: perhaps it is a line without content."""
    return NO_COUNTRY | code.is_in(list(countries)).fill_null(False)


def count_part(rows: pl.DataFrame, seen: pl.DataFrame, code: pl.Expr) -> Part:
    """Count a part of a file.

    Args:
        rows: Those wanted.
        seen: All, with ``country`` as in the file and perhaps ``VERSION``.
        code: The country's three letters.
    """
    found = seen.filter(~NO_COUNTRY).select(code.fill_null("unknown")).to_series()
    version = str(seen[VERSION][0] or "")[:40] if VERSION in seen.columns and len(seen) else ""
    return Part(rows, len(seen), Counter(dict(found.value_counts().iter_rows())), version)


def add_up(
    parts: Sequence[Part], countries: Sequence[str], code: pl.Expr, path: Path, text: Text
) -> Rows:
    """The rows wanted, of all parts.

    Raises:
        UserError: If no row is of one of the countries.
    """
    respondents = sum((part.respondents for part in parts), Counter[str]())
    found = sorted(set(respondents) - {"unknown"})
    if absent := sorted(set(countries) - set(respondents)):
        raise UserError(_unknown(path, absent[0], found))
    picked = pl.concat([part.rows for part in parts]).drop(VERSION, strict=False)
    nowhere = picked.filter(NO_COUNTRY)
    nowhere = nowhere.filter(~pl.all_horizontal(pl.exclude("row", "country").is_null()))
    empty = len(picked.filter(NO_COUNTRY)) - len(nowhere)
    dropped = {
        "other country": sum(n for name, n in respondents.items() if name not in countries),
        "no country": len(nowhere),
        "empty line": empty,
    }
    samples = {"no country": [f"row {row}" for row in nowhere["row"].head(SHOWN)]}
    wide = picked.filter(~NO_COUNTRY).with_columns(code.alias("country"))
    version = next((part.version for part in parts if part.version), "")
    read = sum(part.read for part in parts)
    wide = wide.rename({"row": "respondent"})
    return Rows(wide, read, dropped, samples, len(found), version, text.encoding, 1 + text.above)


def _unknown(path: Path, country: str, found: Sequence[str]) -> str:
    if not found:
        return f"{path}: holds no respondents; download or copy it again"
    near = difflib.get_close_matches(country.upper(), found, n=5, cutoff=0.4) or found
    return (
        f"{path}: no respondent is from country {country!r}; it has {len(found)} countries, "
        f"{'among them ' if len(near) < len(found) else ''}{', '.join(near)}; use the three "
        "letters of B_COUNTRY_ALPHA"
    )
