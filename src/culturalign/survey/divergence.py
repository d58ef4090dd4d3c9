"""Distances between distributions over the options of a question, and an arm's scores.

All functions of distributions reduce the last axis (the K options, in the order of their codes)
and keep the axes before it; all refuse what is no distribution (:func:`_checked`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr, rel_entr

from culturalign.survey.topics import number_of

Array = NDArray[np.float64]
TOLERANCE = 1e-6
"""How far the probabilities of a question may be from 1 in sum."""
SCORINGS = ("plain", "debiased")
SCORES: dict[str, Any] = {
    "question": pl.String,
    "topic": pl.String,
    "country": pl.String,
    "scoring": pl.String,
    "js": pl.Float64,
    "js_divergence": pl.Float64,
    "emd": pl.Float64,
    "emd_ordinal": pl.Float64,
    "entropy": pl.Float64,
    "uniform_js": pl.Float64,
}


def js_divergence(p: ArrayLike, q: ArrayLike) -> Array:
    """Jensen-Shannon divergence in nats: 0 if equal, ln 2 = 0.693 without a common option.

    Args:
        p: Distributions, shape (..., K).
        q: The same shape.

    Returns:
        Shape (...).

    Raises:
        ValueError: See :func:`_checked`.

    Source:
        Lin (1991), Divergence measures based on the Shannon entropy, equation 4.1.
    """
    first, second = _checked(p, q)
    # half of the smallest number is 0, which would make the divergence infinite
    middle = np.maximum((first + second) / 2, np.finfo(float).tiny)
    terms = rel_entr(first, middle) + rel_entr(second, middle)
    found: Array = np.clip(terms.sum(-1) / 2, 0, np.log(2))  # rounding can leave -1e-17
    return found


def js_distance(p: ArrayLike, q: ArrayLike) -> Array:
    """Jensen-Shannon distance, the root of the divergence: 0 to sqrt(ln 2) = 0.8326.

    The paper's "JS" (section 5.1, tables 7 and 14): natural logarithm, as
    ``scipy.spatial.distance.jensenshannon``. Arguments as for :func:`js_divergence`.
    """
    found: Array = np.sqrt(js_divergence(p, q))
    return found


def emd(p: ArrayLike, q: ArrayLike) -> Array:
    """Earth mover's distance on the ranks of the codes, over K - 1: 0 to 1.

    The paper's "EMD" (section 5.1, tables 7 and 14), which takes the codes' order for the
    options' order in every question. Arguments as for :func:`js_divergence`.

    Source:
        In one dimension it is the area between the cumulated distributions: Vallender (1974).
    """
    first, second = _checked(p, q)
    between = np.abs(np.cumsum(first - second, -1)[..., :-1]).sum(-1)
    found: Array = np.minimum(between / (first.shape[-1] - 1), 1)
    return found


def emd_places(p: ArrayLike, q: ArrayLike, places: Sequence[int | None]) -> Array:
    """Earth mover's distance of ordinal options in their true order: 0 to 1.

    Options without a place ("hard to say") are dropped and the others renormalized; the distance
    is divided by that of the outermost places.

    Args:
        p: Distributions, shape (..., K).
        q: The same shape.
        places: K places in the true order, None for an option outside it.

    Returns:
        Shape (...); NaN where no probability is left, or if there are fewer than two places.
    """
    first, second = _checked(p, q)
    if len(places) != first.shape[-1]:
        raise ValueError(f"{len(places)} places for {first.shape[-1]} options")
    order = sorted((place, option) for option, place in enumerate(places) if place is not None)
    steps = np.diff([float(place) for place, _ in order])
    undefined: Array = np.full(first.shape[:-1], np.nan)
    if steps.sum() == 0:
        return undefined
    kept = [option for _, option in order]
    first, second = first[..., kept], second[..., kept]
    masses = first.sum(-1, keepdims=True), second.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        cumulated = np.cumsum(first / masses[0] - second / masses[1], -1)[..., :-1]
    return np.minimum(np.abs(cumulated) @ steps / steps.sum(), 1)


def entropy(p: ArrayLike) -> Array:
    """Shannon entropy in nats: 0 if one option has all, ln K if all have the same."""
    (first,) = _checked(p)
    found: Array = entr(first).sum(-1)
    return found


def to_uniform(p: ArrayLike) -> Array:
    """Jensen-Shannon distance to the uniform distribution: what an answer without content has."""
    (first,) = _checked(p)
    return js_distance(first, np.full_like(first, 1 / first.shape[-1]))


def _checked(*distributions: ArrayLike) -> tuple[Array, ...]:
    """Distributions as arrays that sum to 1 up to rounding.

    Raises:
        ValueError: If shapes differ, K < 2, a number is negative or not finite, or a sum is
            further than ``TOLERANCE`` from 1.
    """
    arrays = [np.asarray(each, dtype=float) for each in distributions]
    if len({array.shape for array in arrays}) > 1:
        raise ValueError(f"distributions of different shapes: {[a.shape for a in arrays]}")
    if arrays[0].ndim == 0 or arrays[0].shape[-1] < 2:
        raise ValueError(f"a distribution needs two options, got shape {arrays[0].shape}")
    for array in arrays:
        if not (np.isfinite(array).all() and (array >= 0).all()):
            raise ValueError(f"probabilities must be finite and not negative, got {array}")
        if not (np.abs(array.sum(-1) - 1) <= TOLERANCE).all():
            raise ValueError(f"probabilities must sum to 1, got sums {array.sum(-1)}")
    return tuple(array / array.sum(-1, keepdims=True) for array in arrays)


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
        ``question, topic, country, scoring, js, js_divergence, emd, emd_ordinal`` (null if the
        options have no order), ``entropy`` (nats) and ``uniform_js`` of the model's answer,
        ``mass, order_effect``; sorted by question number, country and scoring (plain first).

    Raises:
        ValueError: Naming the question, if probabilities or shares over its options do not sum
            to 1: then codes of the answers, the survey and the questionnaire differ.
    """
    countries = sorted(human["country"].unique())
    shares = human.pivot("country", index=["question", "code"], values="share")
    options = (
        answers.join(
            questionnaire.select("question", "topic", "code", "ordinal", "place"),
            on=["question", "code"],
        )
        .filter(pl.col("question").is_in(human["question"].unique().to_list()))
        .join(shares, on=["question", "code"], how="left")
        .with_columns(pl.col(countries).fill_null(0.0))
        .sort(number_of(), "code")
    )
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


def _score_question(
    question: str, options: pl.DataFrame, countries: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Rows of ``SCORES``: every country with every scoring."""
    pairs = [(country, scoring) for country in countries for scoring in SCORINGS]
    model = np.stack([options[scoring].to_numpy() for _, scoring in pairs])
    people = np.stack([options[country].to_numpy() for country, _ in pairs])
    places = options["place"].to_list() if options["ordinal"].all() else [None] * len(options)
    try:
        measures = [measure(model, people) for measure in (js_distance, js_divergence, emd)]
        measures += [emd_places(model, people, places), entropy(model), to_uniform(model)]
    except ValueError as error:
        raise ValueError(f"{question}, codes {options['code'].to_list()}: {error}") from error
    for (country, scoring), values in zip(pairs, np.stack(measures, -1).tolist(), strict=True):
        yield question, options["topic"][0], country, scoring, *values
