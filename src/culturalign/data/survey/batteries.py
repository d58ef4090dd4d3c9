"""Batteries of the World Values Survey's wave 7: questions asked together, on one card.

Answers within a battery are correlated, for people and models alike, so intervals and tests treat
the battery, not the question, as the sampling unit.
"""

import polars as pl

from culturalign.data.survey.topics import question_number

BATTERIES = (
    (1, 6), (7, 17), (18, 26), (27, 32), (33, 41), (43, 45), (51, 55), (58, 63), (64, 89),
    (91, 93), (94, 105), (106, 110), (113, 117), (122, 129), (132, 138), (139, 141), (142, 143),
    (144, 145), (146, 148), (149, 150), (152, 157), (158, 163), (165, 168), (169, 170),
    (174, 175), (177, 195), (196, 198), (201, 208), (209, 212), (213, 216), (217, 220),
    (221, 222), (224, 233), (235, 239), (241, 249), (255, 259),
)  # fmt: skip
"""First and last question; every other question is a battery of its own.

Source: WVS-7 master questionnaire (worldvaluessurvey.org): consecutive questions with one
introduction and scale, or one set of items (Q91 to Q93, Q149 and Q150, Q152 to Q157, Q174 and
Q175). Compared with the wordings and options of its 290 questions, not with the printed layout.
The demo's questions have the ids of the survey's.
"""


def battery_of(question: str) -> str:
    """The first question of a question's battery: ``Q177`` for ``Q180``.

    Raises:
        ValueError: See :func:`question_number`.
    """
    number = question_number(question)
    first = next((first for first, last in BATTERIES if first <= number <= last), number)
    return f"Q{first}"


def battery(column: str = "question") -> pl.Expr:
    """The battery of a column of questions, as ``cluster``."""
    return pl.col(column).map_elements(battery_of, pl.String).alias("cluster")
