"""The tension set: the questions that two countries answer most differently, and how firm it is.

Paper, section 5.3, appendix H.2 and H.3. ``countries`` is always a pair (first, second); the
paper's is ("USA", "CHN").
"""

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import polars as pl

from culturalign.data.survey.topics import number_of
from culturalign.stats.distances import emd, emd_free, js_distance, js_divergence

Form = Literal["divergence", "distance", "as_run"]
"""The hybrid score. As written, (JS + positional EMD) / 2: appendix H.2 names the ``divergence``,
which is the default; its formula prints "JS", which elsewhere is the ``distance``. ``as_run``, the
authors' code (model_analysis/post/tension.py): JS distance in base 2, and position-free EMD over
K - 1."""
Pair = tuple[str, str]
DISTANCES: dict[str, Any] = {
    "question": pl.String,
    "js": pl.Float64,
    "js_divergence": pl.Float64,
    "emd": pl.Float64,
    "emd_free": pl.Float64,
    "options": pl.Int64,
}


def hybrid_distance(form: Form = "divergence") -> pl.Expr:
    """The hybrid score of a row with ``js, js_divergence, emd, emd_free, options``."""
    if form == "as_run":
        base_2 = pl.col("js") / math.sqrt(math.log(2))
        return (base_2 + pl.col("emd_free") / (pl.col("options") - 1)) / 2
    js = {"divergence": "js_divergence", "distance": "js"}[form]
    return (pl.col(js) + pl.col("emd")) / 2


MEASURES = (js_distance, js_divergence, emd, emd_free)
"""In the order of ``DISTANCES``."""


def country_distances(human: pl.DataFrame, countries: Pair) -> pl.DataFrame:
    """How far two countries are apart in each question.

    Args:
        human: ``question, country, code, share``, the same codes in both countries.
        countries: The two.

    Returns:
        ``question, js, js_divergence, emd, emd_free, options``, sorted by question number.
    """
    wide = (
        human.filter(pl.col("country").is_in(countries))
        .pivot("country", index=["question", "code"], values="share")
        .drop_nulls(list(countries))
        .sort(number_of(), "code")
        .with_columns(options=pl.len().over("question"))
    )
    parts = [pl.DataFrame(schema=DISTANCES)]
    for (k,), block in wide.group_by("options"):  # questions with as many options, in a batch
        pair = [block[country].to_numpy().reshape(-1, int(str(k))) for country in countries]
        columns = [measure(*pair) for measure in MEASURES]
        columns.append(np.full(len(columns[0]), int(str(k))))
        questions = block["question"].unique(maintain_order=True)
        found = dict(zip(DISTANCES, [questions, *columns], strict=True))
        parts.append(pl.DataFrame(found, schema=DISTANCES))
    return pl.concat(parts).sort(number_of())


def tension_set(
    human: pl.DataFrame,
    countries: Pair,
    *,
    size: int = 50,
    form: Form = "divergence",
    halves: Sequence[pl.DataFrame] = (),
) -> pl.DataFrame:
    """The questions with the largest hybrid score between two countries.

    Args:
        human: As for :func:`country_distances`.
        countries: The two.
        size: How many questions. Paper, appendix H.2: 50.
        form: Of the hybrid score.
        halves: Shares among random halves of the respondents, each like ``human``.

    Returns:
        ``question, combo, rank`` (from 1; equal scores by question number); ``other_rank`` by
        the other score, as run (as written if ``form`` is another); ``half_share``, the share of
        halves whose set has the question too (null without halves). Sorted by rank.
    """
    other: Form = "as_run" if form == "divergence" else "divergence"
    distances = country_distances(human, countries)
    kept = _ranked(distances, form).head(size)
    others = _ranked(distances, other).select("question", other_rank="rank")
    sets = [_top(half, human, countries, size, form) for half in halves]
    shares = [
        sum(q in half for half in sets) / len(sets) if sets else None for q in kept["question"]
    ]
    return kept.join(others, on="question", how="left", maintain_order="left").with_columns(
        half_share=pl.Series(shares, dtype=pl.Float64)
    )


def _ranked(distances: pl.DataFrame, form: Form) -> pl.DataFrame:
    """``question, combo, rank``; rounding must not decide between equal scores."""
    order = [pl.col("combo").round(12), number_of()]
    return (
        distances.select("question", combo=hybrid_distance(form))
        .sort(order, descending=[True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1))
    )


def _top(half: pl.DataFrame, human: pl.DataFrame, pair: Pair, size: int, form: Form) -> set[str]:
    """Tension set of half of the people, on the codes of everyone: K must not shrink."""
    codes = human.select("question", "country", "code").join(
        half, on=["question", "country", "code"], how="left"
    )
    return set(_ranked(country_distances(_filled(codes), pair), form).head(size)["question"])


def _filled(codes: pl.DataFrame) -> pl.DataFrame:
    """Codes nobody in the half gave get share 0; questions a country lost stay missing."""
    asked = pl.col("share").is_not_null().any().over("question", "country")
    return codes.with_columns(share=pl.when(asked).then(pl.col("share").fill_null(0.0)))
