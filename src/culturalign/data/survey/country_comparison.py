"""The poles of a survey compared: their distance, what chance makes, the tension set."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from culturalign.data.survey.human_shares import own_codes
from culturalign.data.survey.noise_floor import half_shares, pole_distances, sample_floor
from culturalign.data.survey.tension_set import Pair, tension_set


class Comparison(NamedTuple):
    """The tables of :func:`pole_distances`, :func:`sample_floor`, :func:`tension_set`."""

    poles: pl.DataFrame
    floor: pl.DataFrame
    tension: pl.DataFrame


def compare_countries(
    human: pl.DataFrame,
    answers: pl.LazyFrame,
    poles: Pair,
    *,
    survey: Mapping[str, Any],
    evaluation: Mapping[str, Any],
) -> Comparison:
    """Compare the poles.

    Args:
        human: From :func:`culturalign.data.survey.human_shares.human_shares`.
        answers: Those behind ``human``; read only if respondents are weighted.
        poles: The two countries.
        survey: ``weighted, tension, hybrid, repeats, seed`` of the configuration.
        evaluation: ``resamples`` of the configuration.
    """
    weighted = answers.collect() if survey["weighted"] else None
    seed, human = survey["seed"], own_codes(human, poles)
    draws = {"repeats": survey["repeats"], "seed": seed, "answers": weighted}
    distances = pole_distances(
        human, poles, resamples=evaluation["resamples"], seed=seed, answers=weighted
    )
    tension = tension_set(
        human,
        poles,
        size=survey["tension"],
        form=survey["hybrid"],
        halves=half_shares(human, **draws),
    )
    return Comparison(distances, sample_floor(human, **draws), tension)
