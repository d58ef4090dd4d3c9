"""Label mass beside answers: the probability of all labels together, before renormalizing.

With little of it a model would rather have written something else, and the renormalized answer says
little of what it would have said.
"""

from collections.abc import Sequence

import polars as pl

from culturalign.report.arm_tables import Cell, number
from culturalign.report.survey.comparison import ARM

MARK = "‡"
NOTE = f"{MARK}: a label mass below `evaluation.least_mass`; such an answer says little."


def beside(answers: pl.DataFrame, scores: pl.DataFrame, scoring: str) -> pl.DataFrame:
    """Answers with ``mass`` of the arm, run and question.

    Args:
        answers: ``model, culture, method, seed, question``.
        scores: Distances of the same arms, with ``scoring, mass``; a row for each country.
        scoring: ``plain`` or ``debiased``.
    """
    keys = [*ARM, "seed", "question"]
    found = scores.filter(scoring=scoring).group_by(keys).agg(pl.col("mass").first())
    return answers.join(found, on=keys, how="left", nulls_equal=True, maintain_order="left")


def mean_mass(scores: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The keys and ``mass``, mean over questions and runs."""
    return scores.group_by(keys).agg(pl.col("mass").mean())


def marked(rows: pl.DataFrame, least: float, *columns: str) -> pl.DataFrame:
    """With ``low_`` and the name of each column of masses: whether it is below the least."""
    return rows.with_columns((pl.col(name) < least).alias(f"low_{name}") for name in columns)


def cell(column: str = "mass") -> Cell:
    """A mass, marked where it is low; a dash for people and answers without a model."""
    shown = number(column)
    return lambda row: shown(row) + MARK * bool(row[f"low_{column}"])
