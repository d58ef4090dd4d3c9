"""Respondents drawn or dealt anew: how far chance moves distributions of human answers."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from culturalign.data.survey.topics import number_of, question_number
from culturalign.stats.distances import Array, emd, js_distance

BLOCK = 500
"""Draws in memory at a time, when respondents carry weights."""
SAMPLES, HALVES, DEALS = 1, 2, 3
"""Keep the random numbers of the procedures apart."""
MEASURES = {"js": js_distance, "emd": emd}


def pole_distances(
    human: pl.DataFrame,
    pair: tuple[str, str],
    *,
    resamples: int,
    seed: int,
    answers: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Distance between two countries per question, beside what chance makes of it.

    Chance moves distributions apart, and never together: bootstrapped distances of two equal
    countries all lie above 0. So the respondents of both are dealt to the two at random, as
    many to each as it has. Unweighted this is done exactly by hypergeometric counts of a
    question's valid answers. With weights the respondents themselves are dealt, the same way
    for all questions.

    Args:
        human: From :func:`human_shares`; its codes are the options,
            codes with count 0 too.
        pair: Two countries.
        resamples: How many deals.
        seed: Seed of the deals.
        answers: With weights: those behind ``human``. None: unweighted.

    Returns:
        ``question, js, js_chance, js_p, emd, emd_chance, emd_p``: Jensen-Shannon distance and
        earth mover's distance on code ranks, as in the paper; the mean distance of deals; and
        the share of deals as far apart, the p-value of "both countries answer alike". In order
        of the questions.

    Source:
        Permutation test of two samples: Pitman (1937).
    """
    one, other = (dict(_by_question(human, country, "share")) for country in pair)
    rows: list[dict[str, float | str]] = []
    for question, (first, second) in _dealt(human, pair, resamples, seed, answers).items():
        kept = (first.sum(1) > 0) & (second.sum(1) > 0)
        found: dict[str, float | str] = {"question": question}
        for name, distance in MEASURES.items():
            values = distance(_shares(first[kept]), _shares(second[kept]))
            observed = float(distance(one[question], other[question]))
            as_far = int((values >= observed - 1e-9).sum())
            found |= {name: observed, f"{name}_chance": float(values.mean())}
            found |= {f"{name}_p": (as_far + 1) / (len(values) + 1)}
        rows.append(found)
    return pl.DataFrame(rows)


def sample_floor(
    human: pl.DataFrame, *, repeats: int, seed: int, answers: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Mean distance of as many people as answered, drawn anew, to all who answered.

    What a model has that knows the population only through a survey of this size.

    Args:
        human: From :func:`human_shares`.
        repeats: Draws, averaged.
        seed: Seed of the draws.
        answers: As in :func:`pole_distances`.

    Returns:
        ``question, country, js, emd``, in order.
    """
    rows = []
    for country in human["country"].unique().sort():
        shares = dict(_by_question(human, country, "share"))
        for question, drawn in sampled_shares(human, country, repeats, seed, answers).items():
            whole = np.broadcast_to(shares[question], drawn.shape)
            found = {name: float(d(drawn, whole).mean()) for name, d in MEASURES.items()}
            rows.append({"question": question, "country": country} | found)
    schema = {"question": pl.String, "country": pl.String, "js": pl.Float64, "emd": pl.Float64}
    return pl.DataFrame(rows, schema=schema).sort(number_of(), "country")


def sampled_shares(
    human: pl.DataFrame, country: str, repeats: int, seed: int, answers: pl.DataFrame | None
) -> dict[str, Array]:
    """Question -> shares among as many respondents as answered it, drawn with replacement.

    Returns:
        Shape (repeats, K), in order of the codes; with weights a draw in which nobody answered
        is left out.
    """
    return {
        question: _shares(counts[counts.sum(1) > 0])
        for question, counts in _sampled(human, country, repeats, seed, answers).items()
    }


def half_shares(
    human: pl.DataFrame, *, repeats: int, seed: int, answers: pl.DataFrame | None = None
) -> list[pl.DataFrame]:
    """Shares among a random half of each country's respondents, e.g. for the tension set.

    Arguments as for :func:`sample_floor`.

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


def _sampled(
    human: pl.DataFrame, country: str, repeats: int, seed: int, answers: pl.DataFrame | None
) -> dict[str, Array]:
    """Question -> counts (or summed weights) of draws with replacement, shape (repeats, K)."""
    if answers is None:
        return {
            question: _rng(seed, SAMPLES, country, question)
            .multinomial(int(counts.sum()), counts / counts.sum(), size=repeats)
            .astype(float)
            for question, counts in _by_question(human, country, "count")
        }
    masses, ends = _masses(human, country, answers)
    rng = _rng(seed, SAMPLES, country)
    people = len(masses)
    sums = [
        rng.multinomial(people, np.full(people, 1 / people), size=min(BLOCK, repeats - start))
        @ masses
        for start in range(0, repeats, BLOCK)
    ]
    drawn = np.concatenate(sums)
    return {question: drawn[:, span] for question, span in ends.items()}


def _dealt(
    human: pl.DataFrame,
    pair: tuple[str, str],
    deals: int,
    seed: int,
    answers: pl.DataFrame | None,
) -> dict[str, tuple[Array, Array]]:
    """Question -> counts (or summed weights) of the two countries after each deal."""
    if answers is None:
        counts = [dict(_by_question(human, country, "count")) for country in pair]
        dealt = {}
        for question, first in counts[0].items():
            pooled = (first + counts[1][question]).astype(np.int64)
            rng = _rng(seed, DEALS, "".join(pair), question)
            hand = rng.multivariate_hypergeometric(pooled, int(first.sum()), size=deals)
            dealt[question] = hand.astype(float), (pooled - hand).astype(float)
        return dealt
    parts = [_masses(human, country, answers) for country in pair]
    people, masses = len(parts[0][0]), np.concatenate([masses for masses, _ in parts])
    rng, whole = _rng(seed, DEALS, "".join(pair)), masses.sum(0)
    members = np.arange(len(masses)) < people
    first = np.concatenate([
        rng.permuted(np.tile(members, (min(BLOCK, deals - start), 1)), axis=1) @ masses
        for start in range(0, deals, BLOCK)
    ])  # fmt: skip
    second = np.maximum(whole - first, 0)  # rounding can leave -1e-13
    return {question: (first[:, span], second[:, span]) for question, span in parts[0][1].items()}


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
