"""The poles of a survey compared: their distance, what chance makes, the tension set."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from culturalign.data.survey.noise_floor import bootstrap_divergence, half_shares, split_half_floor
from culturalign.data.survey.tension_set import Pair, tension_set


class Comparison(NamedTuple):
    """The tables of :func:`bootstrap_divergence`, :func:`split_half_floor`, :func:`tension_set`."""

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
        survey: ``weighted, tension, tension_js, repeats, seed`` of the configuration.
        evaluation: ``resamples, confidence`` of the configuration.
    """
    weighted = answers.collect() if survey["weighted"] else None
    splits = {"repeats": survey["repeats"], "seed": survey["seed"], "answers": weighted}
    resamples, confidence = evaluation["resamples"], evaluation["confidence"]
    distances = bootstrap_divergence(
        human,
        poles,
        resamples=resamples,
        confidence=confidence,
        seed=survey["seed"],
        answers=weighted,
    )
    tension = tension_set(
        human,
        poles,
        size=survey["tension"],
        js=survey["tension_js"],
        halves=half_shares(human, **splits),
    )
    return Comparison(distances, split_half_floor(human, **splits), tension)
