"""Figure 1: associations of chosen cues in each culture, and people's answers to a question."""

from collections.abc import Mapping, Sequence

import polars as pl

from culturalign.data.associations import top_of_cultures
from culturalign.data.survey.spotlight import spotlight_answers

STRENGTH, SHARE = "association strength", "share of answers"
"""Axes of the two parts."""


def association_rows(
    files: Sequence[str], spotlights: Mapping[str, Sequence[str]], labels: Mapping[str, str]
) -> pl.DataFrame:
    """Part 1; arguments as for :func:`culturalign.data.associations.top_of_cultures`."""
    return top_of_cultures(files, spotlights, labels).with_columns(axis=pl.lit(STRENGTH))


def with_answers(
    rows: pl.DataFrame,
    question: str,
    human: Sequence[str],
    questionnaires: Mapping[str, str],
    countries: Mapping[str, str],
    labels: Mapping[str, str],
) -> pl.DataFrame:
    """Part 1 and, below it, part 2: answers in the cultures of part 1 that were asked.

    Args:
        rows: From :func:`association_rows`.
        question: Id of the question.
        human: People's shares (parquet); none without a survey.
        questionnaires: Culture -> questionnaire (parquet).
        countries: Culture -> country.
        labels: Culture -> label.
    """
    if not human:
        return rows
    answers = spotlight_answers(
        question, pl.read_parquet(human[0]), questionnaires, countries, labels
    )
    shown = answers.filter(pl.col("culture").is_in(rows["culture"].unique().to_list()))
    below = shown.with_columns(axis=pl.lit(SHARE)).select(rows.columns)
    return pl.concat([rows, below], how="vertical_relaxed")
