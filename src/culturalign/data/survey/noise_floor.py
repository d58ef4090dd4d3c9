"""Respondents resampled: how far chance moves distributions of human answers."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from culturalign.data.survey.topics import number_of, question_number
from culturalign.stats.distances import Array, emd, js_distance

BLOCK = 500
"""Resamples in memory at a time, when respondents carry weights."""
BOOTSTRAP, HALVES = 1, 2
"""Keep the random numbers of the two procedures apart."""


def bootstrap_divergence(
    human: pl.DataFrame,
    pair: tuple[str, str],
    *,
    resamples: int,
    confidence: float,
    seed: int,
    answers: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Distance between two countries per question, with an interval.

    Respondents are resampled within each country. Unweighted this is done exactly by
    multinomial counts of a question's valid answers. With weights the respondents themselves
    are drawn, the same for all questions.

    Chance moves distributions apart, so that distances of resamples lie above the observed one
    where that is near 0. The percentile interval is therefore shifted down by the bootstrap's
    estimate of this bias, not below 0. :func:`split_half_floor` says how large a distance
    chance makes.

    Args:
        human: From :func:`human_shares`; its codes are the options,
            codes with count 0 too.
        pair: Two countries.
        resamples: How many.
        confidence: Level, e.g. 0.95.
        seed: Seed of the resampling.
        answers: With weights: those behind ``human``. None: unweighted.

    Returns:
        ``question, js, js_low, js_high, emd, emd_low, emd_high``: Jensen-Shannon distance and
        earth mover's distance on code ranks, as in the paper; in order of the questions.

    Source:
        Efron and Tibshirani (1993), chapters 10 (bias) and 13 (percentile interval).
    """
    tail = (1 - confidence) / 2
    draws = [_resampled(human, country, resamples, seed, answers) for country in pair]
    rows = []
    one, other = (dict(_by_question(human, country, "share")) for country in pair)
    for question, first in one.items():
        resampled = [by_question[question] for by_question in draws]
        kept = np.logical_and(*(counts.sum(1) > 0 for counts in resampled))
        found: dict[str, float | str] = {"question": question}
        for name, distance in (("js", js_distance), ("emd", emd)):
            values = distance(*(_shares(counts[kept]) for counts in resampled))
            observed = float(distance(first, other[question]))
            bias = values.mean() - observed
            low, high = np.maximum(np.quantile(values, [tail, 1 - tail]) - bias, 0)
            found |= {name: observed, f"{name}_low": low, f"{name}_high": high}
        rows.append(found)
    return pl.DataFrame(rows)


def split_half_floor(
    human: pl.DataFrame, *, repeats: int, seed: int, answers: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Distance between random halves of one country's respondents: what chance makes.

    Halves have half the respondents, so this lies above the floor of the full sample.

    Args:
        human: From :func:`human_shares`.
        repeats: Random splits, averaged.
        seed: Seed of the splits.
        answers: As in :func:`bootstrap_divergence`.

    Returns:
        ``question, country, js, emd``, null with fewer than two respondents; in order.
    """
    rows = []
    for country in human["country"].unique().sort():
        halves = _halved(human, country, repeats, seed, answers)
        for question, (first, second) in halves.items():
            kept = (first.sum(1) > 0) & (second.sum(1) > 0)
            split = _shares(first[kept]), _shares(second[kept])
            js, moved = (
                float(d(*split).mean()) if kept.any() else None for d in (js_distance, emd)
            )
            rows.append({"question": question, "country": country, "js": js, "emd": moved})
    schema = {"question": pl.String, "country": pl.String, "js": pl.Float64, "emd": pl.Float64}
    return pl.DataFrame(rows, schema=schema).sort(number_of(), "country")


def half_shares(
    human: pl.DataFrame, *, repeats: int, seed: int, answers: pl.DataFrame | None = None
) -> list[pl.DataFrame]:
    """Shares among a random half of each country's respondents, e.g. for the tension set.

    The halves are those of :func:`split_half_floor` with the same seed. Arguments as there.

    Returns:
        ``country, question, code, share``, one frame a split, in the order of ``human``; share
        is null where nobody in the half answered the question.
    """
    countries = human["country"].unique().sort()
    parts = [
        first
        for country in countries
        for first, _ in _halved(human, country, repeats, seed, answers).values()
    ]
    with np.errstate(invalid="ignore"):
        shares = np.concatenate([_shares(part) for part in parts], axis=1)
    rows = human.select("country", "question", "code").sort("country", number_of(), "code")
    return [
        rows.with_columns(share=pl.Series(share).fill_nan(None)).sort(
            number_of(), "country", "code"
        )
        for share in shares
    ]


def _shares(counts: Array) -> Array:
    return np.asarray(counts / counts.sum(-1, keepdims=True), dtype=float)


def _by_question(human: pl.DataFrame, country: str, column: str) -> Iterator[tuple[str, Array]]:
    """Question and its counts or shares, in order of the codes."""
    rows = human.filter(pl.col("country") == country).sort(number_of(), "code")
    for (question,), part in rows.group_by("question", maintain_order=True):
        yield str(question), part[column].to_numpy()


def _rng(seed: int, purpose: int, country: str, question: str | None = None) -> np.random.Generator:
    """Random numbers that do not depend on which other questions or countries there are."""
    number = question_number(question) if question else 0
    return np.random.default_rng([seed, purpose, number, *country.encode()])


def _resampled(
    human: pl.DataFrame, country: str, resamples: int, seed: int, answers: pl.DataFrame | None
) -> dict[str, Array]:
    """Question -> counts (or summed weights) of bootstrap resamples, shape (resamples, K)."""
    if answers is None:
        return {
            question: _rng(seed, BOOTSTRAP, country, question)
            .multinomial(int(counts.sum()), counts / counts.sum(), size=resamples)
            .astype(float)
            for question, counts in _by_question(human, country, "count")
        }
    masses, ends = _masses(human, country, answers)
    rng = _rng(seed, BOOTSTRAP, country)
    people = len(masses)
    sums = [
        rng.multinomial(people, np.full(people, 1 / people), size=min(BLOCK, resamples - start))
        @ masses
        for start in range(0, resamples, BLOCK)
    ]
    resampled = np.concatenate(sums)
    return {question: resampled[:, span] for question, span in ends.items()}


def _halved(
    human: pl.DataFrame, country: str, repeats: int, seed: int, answers: pl.DataFrame | None
) -> dict[str, tuple[Array, Array]]:
    """Question -> counts (or summed weights) of both halves, shape (repeats, K) each."""
    if answers is None:
        halves = {}
        for question, counts in _by_question(human, country, "count"):
            rng = _rng(seed, HALVES, country, question)
            whole = counts.astype(np.int64)
            half = rng.multivariate_hypergeometric(whole, whole.sum() // 2, size=repeats)
            halves[question] = half.astype(float), (whole - half).astype(float)
        return halves
    masses, ends = _masses(human, country, answers)
    rng = _rng(seed, HALVES, country)
    order = rng.permuted(np.tile(np.arange(len(masses)), (repeats, 1)), axis=1)
    first = (order < len(masses) // 2) @ masses
    second = np.maximum(masses.sum(0) - first, 0)  # rounding can leave -1e-13
    return {question: (first[:, span], second[:, span]) for question, span in ends.items()}


def _masses(
    human: pl.DataFrame, country: str, answers: pl.DataFrame
) -> tuple[Array, dict[str, slice]]:
    """A row a respondent, a column a question's code: the weight where that was the answer.

    Returns:
        The matrix, and each question's columns in it.
    """
    cells = human.filter(pl.col("country") == country).sort(number_of(), "code")
    cells = cells.select("question", "code").with_row_index("cell")
    given = answers.filter(pl.col("country") == country).join(cells, on=["question", "code"])
    given = given.with_columns(row=pl.col("respondent").rank("dense") - 1)
    masses = np.zeros((given["row"].n_unique(), len(cells)))
    masses[given["row"].to_numpy(), given["cell"].to_numpy()] = given["weight"].to_numpy()
    spans = cells.group_by("question", maintain_order=True).agg(
        first=pl.col("cell").min(), last=pl.col("cell").max()
    )
    return masses, {name: slice(first, last + 1) for name, first, last in spans.iter_rows()}
