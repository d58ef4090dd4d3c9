"""The World Values Survey's wave 7: from an official file to answers and a ledger."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.data.survey.topics import number_of
from culturalign.data.survey.wvs_columns import WEIGHT
from culturalign.data.survey.wvs_file import Rows, is_sav, read_csv, read_sav
from culturalign.errors import UserError
from culturalign.files.archives import unpacked
from culturalign.files.data_file import Release, oddities
from culturalign.files.ledger import Account

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
        account: Account of the file's respondents.
        release: What the file is.
        encoding: What it was in.
    """

    answers: pl.DataFrame
    ledger: pl.DataFrame
    account: Account
    release: Release
    encoding: str


def read_survey(
    path: Path, countries: Sequence[str], questions: Sequence[str] = QUESTIONS
) -> Wave7:
    """Read the answers of some countries' respondents.

    Only the columns needed are kept in memory, and only the rows of the countries wanted.
    Headers may carry a label after the id (``Q1: Important in life: Family``).

    Args:
        path: Official csv, zip of one csv or sav, gzip, or sav.
        countries: Codes as in B_COUNTRY_ALPHA, e.g. ``USA``.
        questions: Ids of the columns wanted.

    Raises:
        UserError: If the file is missing, empty, cut short, of doubtful encoding or lacks a
            column; if a country is unknown or has no valid answer; if an answer is not a
            whole number.
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
            f"{path}: line {row['respondent'] + 1}, column {WEIGHT}: {row[WEIGHT]!r} is not "
            "a weight, a number from 0; correct it, or download the file again"
        )
    return table.drop(WEIGHT)


def _codes(wide: pl.DataFrame, path: Path, questions: Sequence[str]) -> pl.DataFrame:
    """A row an answer, its code a whole number; -5 if it is empty."""
    codes = []
    for question in questions:
        found = wide.select(empty=_empty(question), number=_number(question))
        number = found["number"]
        whole = ((number == number.round()) & (number.abs() < LARGEST_CODE)).fill_null(False)
        for row in wide.filter(~found["empty"] & ~whole).head(1).iter_rows(named=True):
            raise UserError(
                f"{path}: line {row['respondent'] + 1}, column {question}: {row[question][:80]!r} "
                "is not a whole number; answers are codes; correct it, or download the file again"
            )
        codes.append(number.set(found["empty"], -5).cast(pl.Int64).alias(question))
    index = wide.select("country", "respondent", "weight")
    return index.hstack(codes).unpivot(
        questions, index=index.columns, variable_name="question", value_name="code"
    )
