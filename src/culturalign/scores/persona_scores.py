"""Persona read-out: individual accuracy, and the distance between distributions of answers.

Invalid answers are not an option: they count as wrong in ``accuracy``, have a rate of their own,
and are left out of the distributions. (The published code keeps them as one more option.)
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from culturalign.data.survey.topics import number_of
from culturalign.stats.distances import Array, emd, js_distance

PAIRS = {
    "respondent": pl.Int64,
    "question": pl.String,
    "code": pl.Int64,
    "answer": pl.Int64,
}
"""``code``: what the respondent said; ``answer``: the model in their place, null if invalid."""


def as_pairs(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of an arm's samples, or of personas that nobody has answered yet, as ``PAIRS``."""
    columns = {name: [row.get(name) for row in rows] for name in PAIRS}
    return pl.DataFrame(columns, schema=PAIRS)


def kl(p: ArrayLike, q: ArrayLike, prior: float) -> float:
    """Kullback-Leibler divergence of q from p, in nats, with additive smoothing of both.

    Both are smoothed alike, so that equal distributions have divergence 0, and an option that the
    model never gives does not make it infinite.

    Args:
        p: People's shares, shape (K,).
        q: The model's.
        prior: Added to the share of every option, e.g. half an answer: 0.5 / n.

    Raises:
        ValueError: If the prior is not above 0.

    Source:
        Kullback and Leibler (1951); half an answer is Jeffreys' prior.
    """
    if prior <= 0:
        raise ValueError(f"the prior must be above 0, got {prior}")
    people, model = (np.asarray(x, dtype=float) + prior for x in (p, q))
    divergence: Array = rel_entr(people / people.sum(), model / model.sum())
    return float(max(divergence.sum(), 0.0))


def score_questions(pairs: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """Scores of an arm, question by question, over the same respondents.

    Args:
        pairs: As ``PAIRS``; a row a respondent and question.
        codes: ``question, code`` of all options; their order is that of the EMD.

    Returns:
        ``question``; ``n`` respondents; ``respondents``, how many different ones all questions
        have together, the same in every row; ``accuracy``, the share of exact answers, invalid ones
        being wrong; ``accuracy_valid``, among valid ones; ``validity``; ``same``, the share of
        valid answers that name the option the model names most often (1: whoever it is asked as,
        it answers the same); ``js`` (distance, natural logarithm), ``kl`` (nats, of the model from
        people) and ``emd`` (0 to 1) between the respondents' answers and the valid ones of the
        model, null without a valid one.
    """
    rows, respondents = [], pairs["respondent"].n_unique()
    for (question,), block in pairs.group_by("question", maintain_order=True):
        options = codes.filter(question=question)["code"].sort().to_list()
        valid = block.drop_nulls("answer")
        right = int((valid["answer"] == valid["code"]).sum())
        n, n_valid = len(block), len(valid)
        people = _shares(block["code"], options)
        row = {
            "question": question,
            "n": n,
            "respondents": respondents,
            "accuracy": right / n,
            "accuracy_valid": right / n_valid if n_valid else None,
            "validity": n_valid / n,
        }
        if n_valid:
            model = _shares(valid["answer"], options)
            row |= {"js": float(js_distance(people, model)), "emd": float(emd(people, model))}
            row |= {"kl": kl(people, model, 0.5 / n), "same": float(model.max())}
        rows.append(row)
    schema = {"question": pl.String, "n": pl.Int64, "respondents": pl.Int64} | dict.fromkeys(
        ("accuracy", "accuracy_valid", "validity", "same", "js", "kl", "emd"), pl.Float64
    )
    return pl.DataFrame(rows, schema=schema).sort(number_of())


def constant_answers(pairs: pl.DataFrame, codes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Pairs answered without regard to who is asked, which any arm must beat.

    Args:
        pairs: As ``PAIRS``; ``answer`` is not read.
        codes: As for :func:`score_questions`.

    Returns:
        ``first``: the first option shown; ``majority``: the commonest answer of these
        respondents (the lowest code of several), the best that one answer for all can be;
        ``uniform``: every option in turn, so that all are as frequent, as a flat answer has them.
    """
    first = codes.group_by("question").agg(answer=pl.col("code").min())
    majority = pairs.group_by("question").agg(answer=pl.col("code").mode().min())
    asked = pairs.select(pl.exclude("answer"))
    options = codes.group_by("question").agg(options=pl.col("code").sort())
    turn = pl.int_range(pl.len()).over("question") % pl.col("options").list.len()
    in_turn = asked.join(options, on="question", maintain_order="left").with_columns(
        answer=pl.col("options").list.get(turn)
    )
    return {
        "first": asked.join(first, on="question"),
        "majority": asked.join(majority, on="question"),
        "uniform": in_turn.drop("options"),
    }


def score_constant_answers(pairs: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """Scores of :func:`constant_answers`, in rows like those of an arm; ``model`` is "-"."""
    return pl.concat(
        score_questions(constant, codes).select(
            pl.lit("-").alias("model"),
            pl.lit(method).alias("method"),
            pl.lit(None, pl.Int64).alias("seed"),
            pl.all(),
        )
        for method, constant in constant_answers(pairs, codes).items()
    )


def _shares(answers: pl.Series, options: Sequence[int]) -> Array:
    counts = np.array([int((answers == code).sum()) for code in options], dtype=float)
    shares: Array = counts / counts.sum()
    return shares
