"""Zero-knowledge answers to the survey, made without a model: what no verdict may stand below.

``human`` has ``question, country, code, count, share``, the questionnaire ``question, topic, code,
ordinal, place``. Definitions: docs/paper.md.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from culturalign.data.survey.noise_floor import sampled_shares
from culturalign.scores.survey_distances import SCORES, SCORINGS, measured, score_arm, with_shares

NO_CHECKS = pl.DataFrame(
    schema={"question": pl.String}
    | dict.fromkeys(("mass_plain", "mass_debiased", "order_effect"), pl.Float64)
)
BOTH = {"plain": pl.col("share"), "debiased": pl.col("share")}


def score_references(
    human: pl.DataFrame,
    questionnaire: pl.DataFrame,
    poles: Sequence[str],
    *,
    repeats: int,
    seed: int,
    answers: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Distances of zero-knowledge answers, and of samples of people, to every country.

    Args:
        human: As the module describes.
        questionnaire: As the module describes, in the order in which options are shown.
        poles: Countries whose people answer in place of others.
        repeats: Samples, averaged.
        seed: Seed of the samples.
        answers: See :func:`culturalign.data.survey.noise_floor.sample_floor`.

    Returns:
        The columns of ``survey_distances.score_arm``, with ``model`` ("-"), ``culture`` (null),
        ``method, seed`` (null) in front. Methods: those of :func:`zero_knowledge`; ``first``, the
        option shown first, plain only, since its place is all it knows; and ``sample_X``, as
        many people as answered, drawn anew from each country X.
    """
    scored = {
        method: score_arm(given, NO_CHECKS, human, questionnaire)
        for method, given in zero_knowledge(human, questionnaire, poles).items()
    }
    scored["first"] = scored["first"].filter(scoring="plain")
    for country in human["country"].unique().sort():
        drawn = sampled_shares(human, country, repeats, seed, answers)
        scored[f"sample_{country}"] = _score_samples(drawn, country, human, questionnaire)
    return pl.concat([_named(rows, method) for method, rows in scored.items()])


def zero_knowledge(
    human: pl.DataFrame, questionnaire: pl.DataFrame, poles: Sequence[str]
) -> dict[str, pl.DataFrame]:
    """Answers that need no model.

    Returns:
        ``question, code, plain, debiased`` of each method: ``uniform``; ``first``, all on the
        option shown first; ``by_place``, if there are poles: :func:`average_by_place`;
        ``people_X``, the shares of pole X; ``modal_X``, all on its commonest answer (the first of
        equal ones).
    """
    options = questionnaire.select("question", "code")
    first = pl.int_range(pl.len()).over("question") == 0
    found = {
        "uniform": options.with_columns(share=1 / pl.len().over("question")),
        "first": options.with_columns(share=first.cast(pl.Float64)),
    }
    if poles:
        found["by_place"] = average_by_place(human, questionnaire, poles)
    for pole in poles:
        shares = human.filter(country=pole).select("question", "code", "share")
        people = options.join(shares, on=["question", "code"], how="left")
        people = people.with_columns(pl.col("share").fill_null(0.0))
        top = pl.int_range(pl.len()) == pl.col("share").arg_max()
        modal = people.sort("question", "code").with_columns(
            share=top.over("question").cast(pl.Float64)
        )
        found |= {f"people_{pole}": people, f"modal_{pole}": modal}
    return {name: rows.select("question", "code", **BOTH) for name, rows in found.items()}


def average_by_place(
    human: pl.DataFrame, questionnaire: pl.DataFrame, poles: Sequence[str]
) -> pl.DataFrame:
    """What people answer on average to other questions, by the option's place.

    The share of an option is the mean share, over all other questions with as many options and
    over both poles, of the option in the same place of the questionnaire, in whatever order options
    are shown. Where no other question has as many, options are equal. Shares are of questions and
    countries alike, however many people answered.

    Returns:
        ``question, code, share``, in the order of the questionnaire.
    """
    places = questionnaire.select(
        "question", "code", place=pl.int_range(pl.len()).over("question"),
        options=pl.len().over("question"),
    )  # fmt: skip
    given = human.filter(pl.col("country").is_in(list(poles))).select("question", "country")
    answers = places.join(given.unique(maintain_order=True), on="question").join(
        human, on=["question", "country", "code"], how="left"
    )
    means = answers.group_by("question", "options", "place").agg(
        total=pl.col("share").fill_null(0.0).sum(), n=pl.len()
    )
    alike = ["options", "place"]
    others = (pl.col("total", "n").sum().over(alike) - pl.col("total", "n")).name.prefix("other_")
    shares = means.with_columns(others).select(
        "question", "place", share=pl.col("other_total") / pl.col("other_n")
    )
    equal = 1 / pl.col("options")
    return places.join(shares, on=["question", "place"], how="left", maintain_order="left").select(
        "question", "code", share=pl.col("share").fill_nan(None).fill_null(equal)
    )


def _score_samples(
    drawn: dict[str, Any], country: str, human: pl.DataFrame, questionnaire: pl.DataFrame
) -> pl.DataFrame:
    """Mean distances of samples of a country's people, in order of the codes, to each country."""
    options = with_shares(questionnaire.select("question", "code"), human, questionnaire)
    rows: list[tuple[Any, ...]] = []
    for (question,), block in options.group_by("question", maintain_order=True):
        if question in drawn:
            rows += _sample_rows(str(question), block, drawn[str(question)], human)
    return (
        pl.DataFrame(rows, schema=SCORES, orient="row")
        .with_columns(pl.col("emd_ordinal").fill_nan(None))
        .with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("mass", "order_effect"))
    )


def _sample_rows(
    question: str, options: pl.DataFrame, drawn: Any, human: pl.DataFrame
) -> Iterator[tuple[Any, ...]]:
    for country in human.filter(question=question)["country"].unique().sort():
        people = np.broadcast_to(options[country].to_numpy(), drawn.shape)
        means = measured(options, drawn, people).mean(0).tolist()
        for scoring in SCORINGS:
            yield question, options["topic"][0], country, scoring, *means


def _named(rows: pl.DataFrame, method: str) -> pl.DataFrame:
    return rows.select(
        pl.lit("-").alias("model"),
        pl.lit(None, pl.String).alias("culture"),
        pl.lit(method).alias("method"),
        pl.lit(None, pl.Int64).alias("seed"),
        pl.all(),
    )
