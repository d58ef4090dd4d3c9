"""From log-probabilities of labels to a model's distribution over the options."""

import polars as pl


def model_answers(samples: pl.DataFrame) -> pl.DataFrame:
    """A model's distribution over the options of each question.

    Args:
        samples: Columns ``SURVEY_SAMPLES``.

    Returns:
        ``question, code, plain, debiased``: probabilities renormalized over the options, in the
        plain order, and averaged over all orders; sorted by question and code.
    """
    return (
        order_shares(samples)
        .group_by("question", "code")
        .agg(
            plain=pl.col("share").filter(pl.col("order") == 0).first(),
            debiased=pl.col("share").mean(),
        )
        .sort("question", "code")
    )


def model_checks(samples: pl.DataFrame) -> pl.DataFrame:
    """How far the answers can be trusted.

    Returns:
        A row a question: ``mass_plain`` and ``mass_debiased``, the probability that fell on the
        labels before renormalizing, in the plain order and on average over the orders;
        ``order_effect``, the mean total variation distance between the distribution of an order
        and their average, 0 if the order of the options changes nothing, null if there was one.
    """
    mass = samples.group_by("question", "order").agg(mass=pl.col("logprob").exp().sum())
    effect = (
        order_shares(samples)
        .with_columns(away=(pl.col("share") - pl.col("share").mean().over("question", "code")))
        .group_by("question", "order")
        .agg(distance=pl.col("away").abs().sum() / 2)
        .group_by("question")
        .agg(order_effect=pl.when(pl.len() > 1).then(pl.col("distance").mean()))
    )
    return (
        mass.group_by("question")
        .agg(
            mass_plain=pl.col("mass").filter(pl.col("order") == 0).first(),
            mass_debiased=pl.col("mass").mean(),
        )
        .join(effect, on="question")
        .sort("question")
    )


def order_shares(samples: pl.DataFrame) -> pl.DataFrame:
    """With ``share``: probability within a question and order, over the options only."""
    largest = pl.col("logprob").max().over("question", "order")
    weight = (pl.col("logprob") - largest).exp()
    return samples.with_columns(share=weight / weight.sum().over("question", "order"))
