"""Distances between distributions over the options of a question, and an arm's scores.

All functions of distributions reduce the last axis (the K options, in the order of their codes)
and keep the axes before it; all refuse input that is not a distribution.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from culturalign.data.survey.topics import number_of
from culturalign.stats.distances import (
    Array,
    emd,
    emd_free,
    emd_places,
    entropy,
    js_distance,
    js_divergence,
    to_uniform,
)

SCORINGS = ("plain", "debiased")
SCORES: dict[str, Any] = {
    "question": pl.String,
    "topic": pl.String,
    "country": pl.String,
    "scoring": pl.String,
    "js": pl.Float64,
    "js_divergence": pl.Float64,
    "emd": pl.Float64,
    "emd_free": pl.Float64,
    "options": pl.Int64,
    "emd_ordinal": pl.Float64,
    "entropy": pl.Float64,
    "uniform_js": pl.Float64,
}


MEASURES = (js_distance, js_divergence, emd, emd_free)
"""Those that need no order of the options but that of the codes, in the order of ``SCORES``."""


def score_arm(
    answers: pl.DataFrame, checks: pl.DataFrame, human: pl.DataFrame, questionnaire: pl.DataFrame
) -> pl.DataFrame:
    """Distances of an arm's answers to every country that was asked, plain and debiased.

    Args:
        answers: ``question, code, plain, debiased`` of all options of a question.
        checks: ``question, mass_plain, mass_debiased, order_effect``.
        human: ``question, country, code, share``; a code that is missing has share 0.
        questionnaire: ``question, topic, code, ordinal, place``.

    Returns:
        A row a question, country and scoring, for questions that have both answers and shares:
        ``question, topic, country, scoring, js, js_divergence, emd`` (positional), ``emd_free``
        (position-free), ``options`` (K), ``emd_ordinal`` (null if the options have no order),
        ``entropy`` (nats) and ``uniform_js`` of the model's answer,
        ``mass, order_effect``; sorted by question number, country and scoring (plain first).

    Raises:
        ValueError: Naming the question, if probabilities or shares over its options do not sum
            to 1: then codes of the answers, the survey and the questionnaire differ.
    """
    countries = sorted(human["country"].unique())
    options = with_shares(answers, human, questionnaire)
    asked = set(human.select("question", "country").iter_rows())
    rows = [
        row
        for (question,), block in options.group_by("question", maintain_order=True)
        for row in _score_question(
            str(question), block, [country for country in countries if (question, country) in asked]
        )
    ]
    mass = pl.when(pl.col("scoring") == "plain").then("mass_plain").otherwise("mass_debiased")
    return (
        pl.DataFrame(rows, schema=SCORES, orient="row")
        .with_columns(pl.col("emd_ordinal").fill_nan(None))
        .join(checks, on="question", how="left", maintain_order="left")
        .select(*SCORES, mass=mass, order_effect="order_effect")
    )


def with_shares(
    answers: pl.DataFrame, human: pl.DataFrame, questionnaire: pl.DataFrame
) -> pl.DataFrame:
    """Options of the questions that people were asked: ``answers``, the columns of the
    questionnaire, and a column of shares for each country; arguments as for :func:`score_arm`."""
    shares = human.pivot("country", index=["question", "code"], values="share")
    return (
        answers.join(
            questionnaire.select("question", "topic", "code", "ordinal", "place"),
            on=["question", "code"],
        )
        .filter(pl.col("question").is_in(human["question"].unique().to_list()))
        .join(shares, on=["question", "code"], how="left")
        .with_columns(pl.col(human["country"].unique().to_list()).fill_null(0.0))
        .sort(number_of(), "code")
    )


def measured(options: pl.DataFrame, model: Array, people: Array) -> Array:
    """Numbers of ``SCORES``, from ``js`` on, for answers to one question.

    Args:
        options: ``ordinal, place`` of its K options, in order of the codes.
        model: Distributions, shape (N, K).
        people: The same shape.

    Returns:
        Shape (N, 8).
    """
    places = options["place"].to_list() if options["ordinal"].all() else [None] * len(options)
    measures = [measure(model, people) for measure in MEASURES]
    measures += [
        np.full(len(model), len(options)),
        emd_places(model, people, places),
        entropy(model),
        to_uniform(model),
    ]
    return np.stack(measures, -1)


def _score_question(
    question: str, options: pl.DataFrame, countries: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Rows of ``SCORES``: every country with every scoring."""
    pairs = [(country, scoring) for country in countries for scoring in SCORINGS]
    model = np.stack([options[scoring].to_numpy() for _, scoring in pairs])
    people = np.stack([options[country].to_numpy() for country, _ in pairs])
    try:
        numbers = measured(options, model, people)
    except ValueError as error:
        raise ValueError(f"{question}, codes {options['code'].to_list()}: {error}") from error
    for (country, scoring), values in zip(pairs, numbers.tolist(), strict=True):
        yield question, options["topic"][0], country, scoring, *values
