"""Simulated respondents of the demo world, and the file of their answers.

Writes files in the official format of the World Values Survey, wave 7, with the missing codes and
the weights real files have, so that the same reading code serves demo and real data. Nothing here
is human data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from culturalign.data.demo.demo_survey import Question

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Country:
    """One country of the file: its codes, how many answer, and the cultures they mix."""

    number: int
    cow: tuple[int, str]
    respondents: int
    cultures: tuple[str, ...]


COUNTRIES = {
    "CHN": Country(156, (710, "CHN"), 1000, ("b",)),
    "GBR": Country(826, (200, "UKG"), 60, ("a", "b")),
    "USA": Country(840, (2, "USA"), 1000, ("a",)),
}
"""By B_COUNTRY_ALPHA. The few British serve to be filtered out; they mix both cultures."""
IDENTIFIERS = ("version", "doi", "A_WAVE", "A_YEAR", "A_STUDY", "B_COUNTRY", "B_COUNTRY_ALPHA",
               "C_COW_NUM", "C_COW_ALPHA", "D_INTERVIEW", "W_WEIGHT")  # fmt: skip
HEADER = (*IDENTIFIERS, *(f"Q{number}" for number in range(1, 291)))
"""Official column names, wave 7, csv version 6."""
DONT_KNOW, NO_ANSWER, NOT_ASKED, MISSING = -1, -2, -4, -5
LOST = {DONT_KNOW: 0.03, NO_ANSWER: 0.015, MISSING: 0.005}
"""Share of respondents without a valid answer to a question they were asked."""
TILT = 0.3
"""Correlation of the answer to an ordinal question with age or education."""
# Cells of age and sex. The sample has too many of the old and of women; weights mend it.
AGES = ((18, 34), (35, 54), (55, 85))
SAMPLE = (0.09, 0.13, 0.14, 0.18, 0.20, 0.26)
POPULATION = (0.18, 0.17, 0.17, 0.17, 0.14, 0.17)
"""Men and women of each age, youngest first."""
EDUCATION = (0.02, 0.06, 0.14, 0.32, 0.10, 0.12, 0.17, 0.06, 0.01)
INCOME = (0.05, 0.07, 0.11, 0.15, 0.19, 0.17, 0.12, 0.08, 0.04, 0.02)
CLASS = (0.02, 0.20, 0.37, 0.31, 0.10)
MARRIED = ((0.22, 0.16, 0.02, 0.01, 0.00, 0.59), (0.62, 0.10, 0.11, 0.03, 0.02, 0.12),
           (0.60, 0.03, 0.11, 0.02, 0.18, 0.06))  # fmt: skip
EMPLOYED = ((0.50, 0.13, 0.07, 0.00, 0.05, 0.16, 0.08, 0.01),
            (0.63, 0.10, 0.13, 0.01, 0.06, 0.01, 0.05, 0.01),
            (0.20, 0.07, 0.08, 0.54, 0.06, 0.00, 0.03, 0.02))  # fmt: skip
"""Shares of the codes of Q273 and Q279 in each age."""


def simulate_respondents(
    questions: Sequence[Question], country: str, n: int, seed: int
) -> pl.DataFrame:
    """Let simulated respondents of a country answer.

    Among those who answer, the shares are the planted ones but for rounding and for the loss of
    single answers, so that the country's truth is known; who gives which answer is left to
    chance, to age (questions of even number) and to education (odd).

    Args:
        questions: The survey.
        country: Alpha code, one of ``COUNTRIES``.
        n: Respondents.
        seed: Seed of everything random.

    Returns:
        A row a respondent: ``D_INTERVIEW``, ``W_WEIGHT`` (mean 1), a column a question, and the
        demographics Q260 sex, Q262 age, Q273 marital status, Q275 education, Q279 employment,
        Q287 class, Q288 income, in the survey's codes.
    """
    number = COUNTRIES[country].number
    people = _people(n, np.random.default_rng([seed, number]))
    drivers = _standard(people["Q262"]), _standard(people["Q275"])
    answers = {
        question.name: _answers(
            question,
            COUNTRIES[country].cultures,
            drivers[question.number % 2],
            # a stream of its own: an edited question leaves the answers to the others as they are
            np.random.default_rng([seed, number, question.number]),
        )
        for question in questions
    }
    interviews = number * 10_000_000 + np.arange(1, n + 1)
    return pl.DataFrame({"D_INTERVIEW": interviews, **people, **answers})


def _answers(
    question: Question, cultures: Sequence[str], driver: Floats, rng: np.random.Generator
) -> Integers:
    n = len(driver)
    planted = [question.shares[c] for c in cultures if c in question.shares]
    if not planted:
        return np.full(n, NOT_ASKED)
    shares = dict(zip(question.options, np.mean(planted, axis=0), strict=True))
    graded = len(question.order) == len(shares)
    line = question.order if graded else tuple(shares)
    inclination = _tilted(driver, TILT if graded else 0, rng)
    codes = np.array(line)[_places(inclination, [shares[code] for code in line])]
    lost = rng.choice([0, *LOST], n, p=[1 - sum(LOST.values()), *LOST.values()])
    return np.where(lost < 0, lost, codes)


def _people(n: int, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    cell = _places(rng.random(n), SAMPLE)
    weight = np.array(POPULATION)[cell] / np.bincount(cell)[cell]
    band, sex = cell // 2, cell % 2 + 1
    youngest, oldest = np.array(AGES)[band].T
    age = rng.integers(youngest, oldest + 1)
    education = _places(_tilted(_standard(age), -0.3, rng), EDUCATION)
    income = _places(_tilted(_standard(education), 0.4, rng), INCOME) + 1
    return {
        "W_WEIGHT": (weight / weight.mean()).round(6),
        "Q260": sex,
        "Q262": age,
        "Q273": _by_age(band, MARRIED, rng),
        "Q275": education,
        "Q279": _by_age(band, EMPLOYED, rng),
        "Q287": _places(_tilted(_standard(income), -0.6, rng), CLASS) + 1,
        "Q288": np.where(rng.random(n) < 0.05, NO_ANSWER, income),
    }


def _by_age(band: Integers, shares: Sequence[Sequence[float]], rng: np.random.Generator) -> Any:
    """A code from 1 for each respondent, drawn with the shares of the respondent's age."""
    edges = np.cumsum(shares, axis=1)[band, :-1]
    return (rng.random(len(band))[:, None] >= edges).sum(axis=1) + 1


def _tilted(driver: Floats, correlation: float, rng: np.random.Generator) -> Floats:
    """A standard normal variable of a given correlation with a standardized one."""
    noise = rng.standard_normal(len(driver))
    return correlation * driver + np.sqrt(1 - correlation**2) * noise


def _standard(values: NDArray[Any]) -> Floats:
    return np.asarray((values - values.mean()) / (values.std() or 1))


def _places(variable: Floats, shares: Sequence[float]) -> Integers:
    """Cut a variable into groups of given shares: 0 for the lowest values, and so on."""
    ranks = variable.argsort().argsort()
    return np.searchsorted(np.cumsum(shares)[:-1], (ranks + 0.5) / len(variable), side="right")


def write_wvs(path: Path, questions: Sequence[Question], *, seed: int) -> None:
    """Write the answers of all ``COUNTRIES`` in the official csv layout of wave 7.

    Questions that the demo survey does not have count as not asked (-4), demographics as missing
    (-5).
    """
    parts = [
        simulate_respondents(questions, alpha, country.respondents, seed).with_columns(
            B_COUNTRY=pl.lit(country.number),
            B_COUNTRY_ALPHA=pl.lit(alpha),
            C_COW_NUM=pl.lit(country.cow[0]),
            C_COW_ALPHA=pl.lit(country.cow[1]),
        )
        for alpha, country in COUNTRIES.items()
    ]
    table = pl.concat(parts).with_columns(
        version=pl.lit("6-0-0"),
        doi=pl.lit("synthetic"),
        A_WAVE=pl.lit(7),
        A_YEAR=pl.lit(2020),
        A_STUDY=pl.lit(2),
    )
    absent = [name for name in HEADER if name not in table.columns]
    filled = [pl.lit(NOT_ASKED if int(q[1:]) < 260 else MISSING).alias(q) for q in absent]
    table.with_columns(filled).select(HEADER).write_csv(path)
