"""Reading the World Values Survey's wave 7: from an official file to answers and a ledger.

Formats: the cross-national csv, releases 5 and 6 (Haerpfer et al. 2022), fields separated by
``,``, ``;`` or tabs, quoted or not; the zip it comes in; SPSS .sav. One row is a respondent.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError
from culturalign.survey.topics import number_of
from culturalign.survey.wvs_columns import WEIGHT
from culturalign.survey.wvs_csv import read_csv
from culturalign.survey.wvs_files import unpacked
from culturalign.survey.wvs_sav import read_sav

QUESTIONS = tuple(f"Q{number}" for number in range(1, 260))
"""The questions that are not demographic (paper, section 5.1)."""
EMPTY = ("", "NA")
"""Entries that count as missing; NA is what R writes."""
LARGEST_CODE = 2**31


def read_wave7(
    path: Path, countries: Sequence[str], questions: Sequence[str] = QUESTIONS
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the answers of some countries' respondents.

    Only the columns needed are kept in memory, and only the rows of the countries wanted.
    Headers may carry a label after the id (``Q1: Important in life: Family``).

    Args:
        path: Official csv, zip of one csv or sav, or sav.
        countries: Codes as in B_COUNTRY_ALPHA, e.g. ``USA``.
        questions: Ids of the columns wanted.

    Returns:
        ``country, respondent, weight, question, code``: a row an answer, valid (code >= 0) or
        not; ``respondent`` is the row in the file, from 1, ``weight`` is W_WEIGHT (null if
        empty), an empty answer has code -5. And :func:`survey_ledger` of it.

    Raises:
        UserError: If the file is missing, empty, cut short, not UTF-8 or lacks a column; if a
            country is unknown or has no valid answer; if an answer is no whole number.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file; docs/data.md says where to get it and put it")
    with unpacked(path) as file:
        read = read_sav if file.suffix.lower() == ".sav" else read_csv
        wide = read(file, path, countries, questions)
    answers = _codes(_weighted(wide, path), path, questions)
    ledger = survey_ledger(answers)
    valid = ledger.group_by("country").agg(pl.col("valid").sum()).filter(pl.col("valid") == 0)
    if len(valid):
        raise UserError(
            f"{path}: all answers of {valid['country'].sort()[0]} to {questions[0]}-"
            f"{questions[-1]} are missing (negative codes or empty); take the file with the "
            "answers, or leave the country out"
        )
    return answers, ledger


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
        answers.group_by("country", "question")
        .agg(
            respondents=pl.len().cast(pl.Int64),
            valid=(code >= 0).sum().cast(pl.Int64),
            **{name: (code == value).sum().cast(pl.Int64) for name, value in named.items()},
            other=other.sum().cast(pl.Int64),
        )
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
    long = wide.unpivot(
        questions,
        index=["country", "respondent", "weight"],
        variable_name="question",
        value_name="text",
    ).with_columns(number=_number("text"), empty=_empty("text"))
    number = pl.col("number")
    whole = (number == number.round()) & (number.abs() < LARGEST_CODE)
    bad = long.filter(~pl.col("empty") & ~whole.fill_null(False))
    for row in bad.sort("respondent", maintain_order=True).head(1).iter_rows(named=True):
        raise UserError(
            f"{path}: line {row['respondent'] + 1}, column {row['question']}: {row['text']!r} is "
            "no whole number; answers are codes; correct it, or download the file again"
        )
    code = pl.when("empty").then(-5).otherwise(number).cast(pl.Int64)
    return long.select("country", "respondent", "weight", "question", code.alias("code"))
