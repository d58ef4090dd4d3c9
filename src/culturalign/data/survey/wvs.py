"""Reading the World Values Survey's wave 7: from an official file to answers and a ledger.

Formats: the cross-national csv, releases 5 and 6 (Haerpfer et al. 2022), fields separated by
``,``, ``;`` or tabs, quoted or not, in any encoding that leaves no doubt; the zip it comes in, or
gzip; SPSS .sav. One row is a respondent.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl
import polars.selectors as cs
import pyreadstat

from culturalign.data.survey.topics import number_of
from culturalign.data.survey.wvs_rows import (
    ALPHA,
    NUMERIC,
    WEIGHT,
    Census,
    Rows,
    needed_columns,
    variable,
)
from culturalign.errors import UserError
from culturalign.files.archives import unpacked
from culturalign.files.charset import as_utf8
from culturalign.files.delimited import Pick, read_header, read_parts
from culturalign.files.ledger import Account
from culturalign.files.release import Release, oddities


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


def read_sav(file: Path, path: Path, countries: Sequence[str], questions: Sequence[str]) -> Rows:
    """Read what is needed, as :func:`culturalign.survey.wvs_csv.read_csv` does."""
    try:
        # user_missing keeps the negative codes, which SPSS declares missing
        _, found = pyreadstat.read_sav(file, metadataonly=True, output_format="polars")
        columns = needed_columns(found.column_names, path, questions)
        table, _ = pyreadstat.read_sav(
            file, usecols=list(columns.values()), user_missing=True, output_format="polars"
        )
    except UserError:
        raise
    except Exception as error:  # a damaged file breaks the reader in ways it does not name
        raise UserError(
            f"{path}: cannot be read as an SPSS file ({' '.join(str(error).split())[:120]}); an "
            "interrupted download? Download it again"
        ) from None
    country, *others = columns
    names = {columns[country]: "country", **{columns[name]: name for name in others}}
    part = table.rename(names).with_row_index("row", offset=1).cast({"row": pl.Int64})
    part = part.with_columns(cs.float().fill_nan(None))
    if part["country"].dtype.is_numeric() == (country == ALPHA):
        raise UserError(
            f"{path}: column {country} holds {part['country'].dtype}; is this an official wave-7 "
            "file? See docs/data.md"
        )
    census = Census(countries, numeric=country != ALPHA)
    rows = census.rows([part.filter(census.look(part))], path, "SPSS")
    numbers = cs.numeric() - cs.by_name("respondent")
    wide = rows.wide.with_columns(numbers.cast(pl.Float64).cast(pl.String))
    return rows._replace(wide=wide)


QUESTIONS = tuple(f"Q{number}" for number in range(1, 260))
"""The questions that are not demographic (paper, section 5.1)."""
EMPTY = ("", "NA")
"""Entries that count as missing; NA is what R writes."""
LARGEST_CODE = 2**31


class Wave7(NamedTuple):
    """Answers of some countries' respondents, and what became of everything else.

    Attributes:
        answers: ``country, respondent, weight, question, code``: a row an answer, valid (code
            >= 0) or not; ``respondent`` is the row in the file, from 1, ``weight`` is W_WEIGHT
            (null if empty), an empty answer has code -5.
        ledger: :func:`survey_ledger` of it.
        account: Of the file's respondents.
        release: What the file is.
        encoding: What it was in.
    """

    answers: pl.DataFrame
    ledger: pl.DataFrame
    account: Account
    release: Release
    encoding: str


def read_wave7(
    path: Path, countries: Sequence[str], questions: Sequence[str] = QUESTIONS
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answers and ledger of :func:`read_survey` alone."""
    found = read_survey(path, countries, questions)
    return found.answers, found.ledger


def read_survey(
    path: Path, countries: Sequence[str], questions: Sequence[str] = QUESTIONS
) -> Wave7:
    """Read the answers of some countries' respondents.

    Only the columns needed are kept in memory, and only the rows of the countries wanted.
    Headers may carry a label after the id (``Q1: Important in life: PromptGroup``).

    Args:
        path: Official csv, zip of one csv or sav, gzip, or sav.
        countries: Codes as in B_COUNTRY_ALPHA, e.g. ``USA``.
        questions: Ids of the columns wanted.

    Raises:
        UserError: If the file is missing, empty, cut short, of doubtful encoding or lacks a
            column; if a country is unknown or has no valid answer; if an answer is no whole
            number.
    """
    with unpacked(path) as file:
        read = read_sav if is_sav(file) else read_csv
        rows = read(file, path, countries, questions)
    answers = _codes(_weighted(rows.wide, path), path, questions)
    ledger = survey_ledger(answers)
    valid = ledger.group_by("country").agg(pl.col("valid").sum()).filter(pl.col("valid") == 0)
    if len(valid):
        raise UserError(
            f"{path}: all answers of {valid['country'].sort()[0]} to {questions[0]}-"
            f"{questions[-1]} are missing (negative codes or empty); take the file with the "
            "answers, or leave the country out"
        )
    return Wave7(answers, ledger, _account(rows), _release(rows), rows.encoding)


def is_sav(file: Path) -> bool:
    """Whether a file is SPSS, by its first bytes."""
    with file.open("rb") as stream:
        return stream.read(4) in (b"$FL2", b"$FL3") or file.suffix.lower() == ".sav"


def _account(rows: Rows) -> Account:
    return Account("respondents", rows.read, len(rows.wide), rows.dropped)


def _release(rows: Rows) -> Release:
    sizes = {"rows": rows.read - rows.dropped["empty line"], "countries": rows.countries}
    name = f"WVS wave 7 v{rows.version[0]}" if rows.version[:1].isdigit() else "WVS wave 7"
    return Release(name, rows.version, sizes, oddities(name, sizes))


def survey_ledger(answers: pl.DataFrame) -> pl.DataFrame:
    """Count what became of each country's respondents, by question.

    Returns:
        ``country, question, respondents, valid, dont_know`` (-1), ``no_answer`` (-2),
        ``not_asked`` (-4), ``missing`` (-5 and empty), ``other`` (other negative codes, such
        as -3, not applicable); sorted by question number and country.
    """
    code = pl.col("code")
    named = {"dont_know": -1, "no_answer": -2, "not_asked": -4, "missing": -5}
    other = (code < 0) & ~code.is_in(list(named.values()))
    ledger = (
        answers.lazy()
        .group_by("country", "question")
        .agg(
            respondents=pl.len().cast(pl.Int64),
            valid=(code >= 0).sum().cast(pl.Int64),
            **{name: (code == value).sum().cast(pl.Int64) for name, value in named.items()},
            other=other.sum().cast(pl.Int64),
        )
        .collect(engine="streaming")  # a fifth of the memory
        .sort(number_of(), "country")
    )
    parts = ledger.select(pl.sum_horizontal("valid", *named, "other")).to_series()
    if not parts.equals(ledger["respondents"]):
        raise AssertionError("the survey ledger does not add up")
    return ledger


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)


def _empty(column: str) -> pl.Expr:
    return pl.col(column).is_null() | pl.col(column).str.strip_chars().is_in(list(EMPTY))


def _weighted(wide: pl.DataFrame, path: Path) -> pl.DataFrame:
    """With ``weight`` in place of W_WEIGHT; decimal commas are understood."""
    named = wide.with_columns(pl.col(WEIGHT).str.replace(",", ".", literal=True))
    table = named.with_columns(weight=_number(WEIGHT))
    wrong = ~_empty(WEIGHT) & ~(pl.col("weight").is_finite() & (pl.col("weight") >= 0))
    for row in table.filter(wrong.fill_null(True)).head(1).iter_rows(named=True):
        raise UserError(
            f"{path}: line {row['respondent'] + 1}, column {WEIGHT}: {row[WEIGHT]!r} is no "
            "weight, a number from 0; correct it, or download the file again"
        )
    return table.drop(WEIGHT)


def _codes(wide: pl.DataFrame, path: Path, questions: Sequence[str]) -> pl.DataFrame:
    """One row an answer, its code a whole number."""
    plain = wide.select(pl.col(list(questions)).cast(pl.Int64, strict=False))
    unclear = wide.select(pl.col(list(questions)).is_not_null()).sum().row(0)
    clear = plain.select(pl.all().is_not_null()).sum().row(0)
    again = [q for q, given, taken in zip(questions, unclear, clear, strict=True) if given > taken]
    careful = [_careful(wide, path, question) for question in again]
    table = plain.with_columns(careful).with_columns(pl.all().fill_null(-5))
    large = table.select((pl.all().abs() >= LARGEST_CODE).any()).row(0)
    for question in (q for q, too in zip(questions, large, strict=True) if too):
        _refuse_code(wide, path, question, (table[question].abs() >= LARGEST_CODE))
    return (
        wide.select("country", "respondent", "weight")
        .hstack(table)
        .unpivot(
            questions,
            index=["country", "respondent", "weight"],
            variable_name="question",
            value_name="code",
        )
    )


def _careful(wide: pl.DataFrame, path: Path, question: str) -> pl.Series:
    """Codes of a question that has entries such as `` 2.0 `` or NA; empty ones are null."""
    found = wide.select(empty=_empty(question), number=_number(question))
    empty, number = found["empty"], found["number"]
    whole = ((number == number.round()) & (number.abs() < LARGEST_CODE)).fill_null(False)
    if (wrong := ~empty & ~whole).any():
        _refuse_code(wide, path, question, wrong)
    return number.set(empty, None).cast(pl.Int64).alias(question)


def _refuse_code(wide: pl.DataFrame, path: Path, question: str, wrong: pl.Series) -> None:
    row = wide.filter(wrong).row(0, named=True)
    raise UserError(
        f"{path}: line {row['respondent'] + 1}, column {question}: {row[question][:80]!r} is "
        "no whole number; answers are codes; correct it, or download the file again"
    )
