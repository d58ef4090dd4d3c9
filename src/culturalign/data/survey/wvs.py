"""The World Values Survey's wave 7: from an official file to answers and a ledger."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.data.survey.topics import number_of
from culturalign.data.survey.wvs_columns import INTERVIEW, WEIGHT
from culturalign.data.survey.wvs_file import Rows, read_rows
from culturalign.errors import UserError
from culturalign.files.data_file import SIZES, Release, nearest_release, oddities
from culturalign.files.large_losses import SHOWN, refuse_losses
from culturalign.files.ledger import Account
from culturalign.files.numbers import is_missing, read_numbers

QUESTIONS = tuple(f"Q{number}" for number in range(1, 260))
"""The questions that are not demographic (paper, section 5.1)."""
STATA = {".a": "-1", ".b": "-2", ".c": "-3", ".d": "-4", ".e": "-5"}
"""Missing values of the survey's file for Stata -> their codes in the other files."""
REPEATED = "repeated respondent"
CAUSES = {
    "no country": "lines of another file, or a damaged one? Download it again.",
    REPEATED: "two downloads joined? Keep one.",
}
"""Reason -> likely cause of a large loss."""
LEAST_ANSWERS = 20
"""Valid answers from which two equal rows without a number of the interview are one respondent;
ours. Of the 5,632 Americans and Chinese of the real file, no two have equal answers."""
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
    path: Path,
    countries: Sequence[str],
    questions: Sequence[str] = QUESTIONS,
    *,
    weighted: bool = False,
    most_dropped: float = 1.0,
) -> Wave7:
    """Read the answers of some countries' respondents.

    A respondent that occurs twice counts once: the same country and answers, and the same number
    of the interview or, in a file without it, at least :data:`LEAST_ANSWERS` valid answers.

    Only the columns needed are kept in memory, and only the rows of the countries wanted.
    Headers may carry a label after the id (``Q1: Important in life: Family``).

    Args:
        path: Official file: csv, sav, dta, or xlsx, plain or packed.
        countries: Codes as in B_COUNTRY_ALPHA, e.g. ``USA``.
        questions: Ids of the columns wanted.
        weighted: Whether the file must have W_WEIGHT.
        most_dropped: As for :func:`culturalign.files.large_losses.refuse_losses`.

    Raises:
        UserError: If the file is missing, empty, cut short, of doubtful encoding or lacks a
            column; if a country is unknown or has no valid answer; if an answer is not a
            whole number.
    """
    rows = read_rows(path, countries, questions, weighted=weighted)
    wide = _codes(_weighted(rows, path), rows.header, path, questions)
    again = _repeated(wide, questions)
    rows.samples[REPEATED] = [f"row {row}" for row in wide["respondent"].filter(again).head(SHOWN)]
    dropped = rows.dropped | ({REPEATED: n} if (n := int(again.sum())) else {})
    account = Account("respondents", rows.read, len(wide) - int(again.sum()), dropped)
    refuse_losses(account, CAUSES, rows.samples, path, most=most_dropped)
    answers = _answers(wide.filter(~again), questions)
    ledger = survey_ledger(answers)
    valid = ledger.group_by("country").agg(pl.col("valid").sum()).filter(pl.col("valid") == 0)
    if len(valid):
        raise UserError(
            f"{path}: all answers of {valid['country'].sort()[0]} to {questions[0]}-"
            f"{questions[-1]} are missing (negative codes or empty); take the file with the "
            "answers, or leave the country out"
        )
    return Wave7(answers, ledger, account, _release(rows, account), rows.encoding)


def _release(rows: Rows, account: Account) -> Release:
    """The release that the file names, or else the one nearest in size; sizes are checked so."""
    sizes = {"rows": rows.read - rows.dropped["empty line"], "countries": rows.countries}
    nearest = nearest_release("WVS wave 7", sizes["rows"])
    name = f"WVS wave 7 v{rows.version[0]}" if rows.version[:1].isdigit() else nearest
    odd = oddities(name if name in SIZES else nearest, sizes)
    if n := account.dropped.get(REPEATED):
        odd.append(f"{n:,} respondents occur twice and count once: two downloads joined?")
    if not rows.version:
        name = "WVS wave 7" if odd else name
    return Release(name, rows.version, sizes, odd)


def _repeated(wide: pl.DataFrame, questions: Sequence[str]) -> pl.Series:
    """Whether each row is a respondent of an earlier one."""
    identity = [name for name in ("country", INTERVIEW) if name in wide.columns]
    first = wide.select(pl.struct(*identity, *questions).is_first_distinct()).to_series()
    named = ~is_missing(wide[INTERVIEW]) if INTERVIEW in wide.columns else pl.lit(False)
    enough = pl.sum_horizontal(pl.col(questions) >= 0) >= LEAST_ANSWERS
    return ~first & wide.select((enough | named).alias("enough")).to_series()


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


def _weighted(rows: Rows, path: Path) -> pl.DataFrame:
    """With ``weight`` in place of W_WEIGHT; null where there is none."""
    wide = rows.wide
    if WEIGHT not in wide.columns:
        return wide.with_columns(weight=pl.lit(None, pl.Float64))
    weight = read_numbers(wide[WEIGHT])
    wrong = ~is_missing(wide[WEIGHT]) & ~(weight.is_finite() & (weight >= 0)).fill_null(False)
    for row in wide.filter(wrong).head(1).iter_rows(named=True):
        raise UserError(
            f"{path}: line {row['respondent'] + rows.header}, column {WEIGHT}: "
            f"{row[WEIGHT][:80]!r} is not a weight, a number from 0; correct it, or download the "
            "file again"
        )
    return wide.with_columns(weight=weight.fill_nan(None)).drop(WEIGHT)


def _codes(wide: pl.DataFrame, header: int, path: Path, questions: Sequence[str]) -> pl.DataFrame:
    """With codes, whole numbers, in place of the questions' entries; -5 where there is none."""
    plain = wide.select(pl.col(questions).cast(pl.Int64, strict=False))
    fits = pl.all().is_between(-LARGEST_CODE, LARGEST_CODE, closed="none").fill_null(False).all()
    rest = [name for name, fit in plain.select(fits).row(0, named=True).items() if not fit]
    codes = [plain[name] for name in questions if name not in rest]
    for question in rest:  # as other programs write codes, or nothing at all
        entries = wide[question].str.strip_chars().replace(STATA)
        empty, number = is_missing(entries), read_numbers(entries)
        whole = ((number == number.round()) & (number.abs() < LARGEST_CODE)).fill_null(False)
        for row in wide.filter(~empty & ~whole).head(1).iter_rows(named=True):
            raise UserError(
                f"{path}: line {row['respondent'] + header}, column {question}: "
                f"{row[question][:80]!r} "
                "is not a whole number; answers are codes, so export codes without their labels, "
                "or download the file again"
            )
        codes.append(number.set(empty, -5).cast(pl.Int64).alias(question))
    return wide.with_columns(codes)


def _answers(wide: pl.DataFrame, questions: Sequence[str]) -> pl.DataFrame:
    """A row an answer."""
    index = wide.select("country", "respondent", "weight", *questions)
    return index.unpivot(
        questions,
        index=["country", "respondent", "weight"],
        variable_name="question",
        value_name="code",
    )
