"""Human answers: which questions compare, and how the answers to them are distributed.

Shares are unweighted by default, as the paper's are; W_WEIGHT is an option.
"""

from collections.abc import Sequence

import polars as pl

from culturalign.data.survey.topics import in_order, number_of
from culturalign.errors import UserError


def asked_in_all(answers: pl.DataFrame, countries: Sequence[str]) -> list[str]:
    """Questions with a valid answer (code >= 0) in each of the countries, in order.

    On the real files of wave 7: 221 of Q1 to Q259 for USA and CHN, the paper's number
    (section 5.1).
    """
    valid = answers.filter(pl.col("country").is_in(list(countries)) & (pl.col("code") >= 0))
    asked = valid.group_by("question").agg(pl.col("country").n_unique())
    return in_order(asked.filter(pl.col("country") == len(set(countries)))["question"])


def human_shares(
    answers: pl.DataFrame,
    countries: Sequence[str],
    weighted: bool = False,
    others: Sequence[str] = (),
) -> pl.DataFrame:
    """Distribution of each country's valid answers.

    Args:
        answers: From :func:`culturalign.data.survey.wvs.read_survey`.
        countries: Only questions asked in all of them are returned (the poles of the run).
        weighted: Weigh respondents by W_WEIGHT. The paper does not.
        others: Further countries; one that was not asked a question has no rows of it.

    Returns:
        ``country, question, code, count, share``, sorted by question number, country and code.
        ``count`` is the number of respondents, ``share`` sums to 1 within a country and
        question. A code used in some of the countries only has count and share 0 in the others
        that were asked.

    Raises:
        UserError: If weights are asked for and one is missing, or all of a question are 0.
    """
    of_run = pl.col("country").is_in([*countries, *others]) & (pl.col("code") >= 0)
    valid = answers.lazy().filter(of_run)
    mass = pl.col("weight").sum() if weighted else pl.len().cast(pl.Float64)
    counting = valid.group_by("country", "question", "code").agg(
        count=pl.len().cast(pl.Int64), mass=mass, unweighted=pl.col("weight").null_count()
    )
    # streaming takes a fifth of the memory, but adds up weights in an order of its own
    used = counting.collect(engine="in-memory" if weighted else "streaming")
    used = used.filter(pl.col("question").is_in(asked_in_all(used, countries)))
    if weighted and used["unweighted"].sum():
        asked = pl.col("question").is_in(used["question"].unique().to_list())
        row = valid.filter(asked & pl.col("weight").is_null()).collect().row(0, named=True)
        raise UserError(
            f"respondent {row['respondent']} of {row['country']} has no W_WEIGHT; complete the "
            "column, or turn the weights off (survey.weighted)"
        )
    places = used.select("question", "code").unique()
    grid = places.join(used.select("question", "country").unique(), on="question")
    shares = (
        grid.join(used.drop("unweighted"), on=["country", "question", "code"], how="left")
        .with_columns(pl.col("count", "mass").fill_null(0))
        .with_columns(share=pl.col("mass") / pl.col("mass").sum().over("country", "question"))
        .sort(number_of(), "country", "code")
    )
    if shares["share"].is_nan().any():
        row = shares.filter(pl.col("share").is_nan()).row(0, named=True)
        raise UserError(
            f"all respondents of {row['country']} who answered {row['question']} have W_WEIGHT 0; "
            "correct the weights, or turn them off (survey.weighted)"
        )
    return shares.select("country", "question", "code", "count", "share")


def own_codes(human: pl.DataFrame, poles: Sequence[str]) -> pl.DataFrame:
    """Without codes that neither pole used, in the poles.

    Their distances then do not depend on which other countries are in the run, whose people may
    have chosen further codes.
    """
    of_poles = pl.col("country").is_in(list(poles))
    used = (of_poles & (pl.col("count") > 0)).any().over("question", "code")
    return human.filter(used | ~of_poles)


def flag_codes(human: pl.DataFrame) -> list[str]:
    """Questions whose used codes differ between the countries, in order.

    Either the question was put on different scales (Q33 to Q35: the US used three of the five
    steps) or somebody chose a rare code. The paper does not mention them; on the real files
    they are 16 of the 221.
    """
    differ = (
        human.with_columns(used=pl.col("count") > 0)
        .group_by("question", "code")
        .agg(pl.col("used").n_unique())
        .filter(pl.col("used") > 1)
    )
    return in_order(differ["question"])
