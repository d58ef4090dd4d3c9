"""Topics of the World Values Survey's wave 7, and the order of its questions."""

import re
from collections.abc import Iterable, Sequence

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


NOMINAL = frozenset(
    ["Q42", "Q91", "Q92", "Q93", "Q152", "Q153", "Q154", "Q155", "Q156", "Q157", "Q223"]
)
"""Questions whose options have no order: the basic attitude to society (42), facts to be known
(91-93), aims to be chosen from four (152-157), the party voted for (223).

Source: the options themselves; WorldValuesBench (Zhao et al. 2024, ``question_metadata.json``)
has none of them among its ordinal questions.
"""
PLACES: dict[str, tuple[int, ...]] = {
    "Q56": (1, 3, 2),
    "Q111": (1, 2),
    "Q119": (1, 2, 3, 4),
    "Q221": (1, 2, 3),
    "Q222": (1, 2, 3),
    "Q254": (1, 2, 3, 4),
}
"""Codes in their true order, where it is not the order of all codes; codes left out have no
place in it.

Source: WorldValuesBench, ``answer_adjustment.json``. Q56: 3, "about the same", lies between 1,
"better off", and 2, "worse off". Q111: 3 is "other answer". Q221, Q222: 4 is "not allowed to
vote". Q254: 5 is "not of this nationality". Q119: 0, "hard to say", is kept outside the scale
from agreement to disagreement, as its code is; WorldValuesBench puts it into the middle. In Q122
to Q129 the survey itself codes "hard to say" between "disagree" and "agree", so code order
stands. So it does in Q241 to Q249, where 0, "against democracy", lies below 1, "not essential";
WorldValuesBench merges the two.
"""


def order_of(question: str, codes: Sequence[int]) -> tuple[bool, list[int | None]]:
    """Whether a question's options have an order, and their places in it.

    Args:
        question: Its id; :data:`NOMINAL` and :data:`PLACES` are the exceptions among WVS's.
        codes: Codes of the options.

    Returns:
        ``ordinal``; the place of each code, from 0, null outside the order.
    """
    if question in NOMINAL:
        return False, [None] * len(codes)
    order = [code for code in PLACES.get(question, tuple(sorted(codes))) if code in codes]
    return True, [order.index(code) if code in order else None for code in codes]
