"""Topics of the World Values Survey's wave 7, and the order of its questions."""

import re
from collections.abc import Iterable

import polars as pl

TOPICS = (
    (1, 45, "Social values"),
    (46, 56, "Happiness and well-being"),
    (57, 105, "Social capital and trust"),
    (106, 111, "Economic values"),
    (112, 120, "Corruption"),
    (121, 130, "Migration"),
    (131, 151, "Security"),
    (152, 157, "Postmaterialism"),
    (158, 163, "Science and technology"),
    (164, 175, "Religious values"),
    (176, 198, "Ethical values"),
    (199, 234, "Political participation"),
    (235, 259, "Political culture"),
)
"""First question, last question, short name of each section of the questionnaire but the last,
demography (Q260-Q290).

Source: worldvaluessurvey.org, "WVS wave 7": sections of 45, 11, 49, 6, 9, 10, 21, 6, 6, 12, 23,
36 and 25 items. WorldValuesBench (Zhao et al. 2024) draws the same borders; it leaves out
postmaterialism, which makes the twelve topics of the paper (appendix H.4) plausible.
"""


def question_number(question: str) -> int:
    """Number of a question, 118 for ``Q118``.

    Raises:
        ValueError: If the id is not Q and a number; variants such as ``Q33_3`` or ``Q234A`` are
            other variables.
    """
    if not (found := re.fullmatch(r"Q([1-9]\d*)", question)):
        raise ValueError(f"{question!r} is not a question id such as 'Q118'")
    return int(found[1])


def topic_of(question: str) -> str:
    """Topic of a question, by :data:`TOPICS`.

    Raises:
        ValueError: If the question is not one of Q1 to Q259.
    """
    number = question_number(question)
    for first, last, name in TOPICS:
        if first <= number <= last:
            return name
    raise ValueError(f"{question} is not one of the questions Q1 to Q259, so it has no topic")


def in_order(questions: Iterable[str]) -> list[str]:
    """Questions sorted by number, Q2 before Q10, each once."""
    return sorted(set(questions), key=question_number)


def number_of(column: str = "question") -> pl.Expr:
    """The same number as a polars expression, to sort frames by; null for other ids."""
    return pl.col(column).str.extract(r"^Q(\d+)$").cast(pl.Int64)
