"""Whether training moved answers as the countries differ: shifts, and their correlation."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from culturalign.data.survey.batteries import battery
from culturalign.data.survey.topics import number_of
from culturalign.stats.distances import Array
from culturalign.stats.intervals import FEWEST, owners

KINDS = ("pearson", "spearman", "partial")
FIDELITY = [f"{kind}{end}" for kind in KINDS for end in ("", "_low", "_high")]
OWN = [f"{kind}_own{end}" for kind in KINDS for end in ("", "_low", "_high")]
"""Fidelity minus that of the same method trained on other cultures."""


def shifts(
    vanilla: pl.DataFrame,
    trained: pl.DataFrame,
    human: pl.DataFrame,
    target: str,
    other: str,
    *,
    scoring: str = "plain",
) -> pl.DataFrame:
    """What training changed in the answers, and what differs between the countries.

    By option, since that needs no order and so holds for nominal questions too. Both columns sum
    to 0 within a question: reversing a question's codes changes nothing.

    Args:
        vanilla: Answers ``question, code`` and the scoring; several seeds are averaged.
        trained: The same questions and codes.
        human: ``question, country, code, share``.
        target: Country of the training data.
        other: The other country.

    Returns:
        A row for each option: ``question``; ``shift`` of its probability (trained minus vanilla),
        ``difference`` of its shares (target minus other), and ``flattening``, the shift that
        would make the vanilla answer uniform.
    """
    keys = ["question", "code"]
    people = human.filter(pl.col("country").is_in([target, other])).pivot(
        "country", index=keys, values="share"
    )
    asked = people.group_by("question").agg(pl.col(target, other).sum() > 0)
    asked = asked.filter(pl.col(target) & pl.col(other)).select("question")
    return (
        _averaged(trained, scoring)
        .join(_averaged(vanilla, scoring), on=keys, suffix="_before")
        .join(asked, on="question", how="semi")
        .join(people, on=keys, how="left")
        .select(
            *keys,
            shift=pl.col(scoring) - pl.col(f"{scoring}_before"),
            flattening=1 / pl.len().over("question") - pl.col(f"{scoring}_before"),
            difference=pl.col(target).fill_null(0.0) - pl.col(other).fill_null(0.0),
        )
        .sort(number_of(), "code")
        .drop("code")
    )


def _averaged(answers: pl.DataFrame, scoring: str) -> pl.DataFrame:
    return answers.group_by("question", "code").agg(pl.col(scoring).mean())


def fidelity(
    points: pl.DataFrame,
    others: Sequence[pl.DataFrame] = (),
    *,
    resamples: int = 10_000,
    confidence: float = 0.95,
    seed: int = 0,
) -> dict[str, Any]:
    """Correlation between the model's shift and the human difference.

    1: training moved the answers exactly as the countries differ; 0: unrelated; below 0: away.
    Flatter answers alone correlate with the difference, so ``partial`` is what remains once
    shift and difference are both regressed on the flattening.

    Args:
        points: From :func:`shifts`.
        others: The same of the same method trained on other cultures.
        resamples: Resamples of whole batteries, since answers within one depend on each other;
            all arms have the same ones.
        confidence: Level of the percentile intervals.
        seed: Seed of the resampling.

    Returns:
        ``n`` questions; ``pearson, pearson_low, pearson_high``, likewise ``spearman`` and
        ``partial``; with others also ``pearson_own`` and so on, minus the mean of theirs; null
        where nothing shifts or differs, ends with fewer than five batteries.

    Raises:
        ValueError: If other arms answered other questions.
    """
    if points.is_empty():
        return {"n": 0} | dict.fromkeys(FIDELITY)
    if any(each["question"].to_list() != points["question"].to_list() for each in others):
        raise ValueError("arms are compared on the same questions only")
    owner = owners(len(points), points.select(battery())["cluster"].to_list())
    arms = [_variables(each) for each in (points, *others)]
    patterns = _resampled(owner, resamples if owner.max() + 1 >= FEWEST else 0, seed)
    whole = np.ones((1, len(points)))
    found = np.concatenate(
        [[_correlations(*arm, weights) for arm in arms] for weights in chain([whole], patterns)], -1
    )
    mine, less = found[0], found[1:]
    values = {"n": points["question"].n_unique()} | _columns(FIDELITY, mine, confidence)
    return values | (_columns(OWN, mine - less.mean(0), confidence) if others else {})


def _variables(points: pl.DataFrame) -> tuple[Array, Array, Array]:
    """Shift, difference and flattening; rounding leaves 1e-17, which must not be ranked."""
    names = ("shift", "difference", "flattening")
    x, y, z = (points[name].round(12).to_numpy() for name in names)
    return x, y, z


def _columns(names: Sequence[str], found: Array, confidence: float) -> dict[str, float | None]:
    """Each correlation, the first of its row, with its interval over the others."""
    values: list[float | None] = []
    for whole, *samples in found.tolist():
        values += [_or_none(whole), *_percentiles(np.array(samples), confidence)]
    return dict(zip(names, values, strict=True))


def _resampled(owner: NDArray[np.int64], resamples: int, seed: int) -> Iterator[Array]:
    """How often each point is in a resample of the batteries: (at most 500, points) a time."""
    rng, n = np.random.default_rng(seed), int(owner.max()) + 1
    for start in range(0, resamples, 500):
        draws = rng.multinomial(n, np.full(n, 1 / n), size=min(500, resamples - start))
        yield draws[:, owner].astype(float)


def _correlations(x: Array, y: Array, z: Array, weights: Array) -> Array:
    """Pearson, Spearman, and Pearson without what z explains, of each row of weights: (3, rows)."""
    ranks = _ranks(x, weights), _ranks(y, weights)
    pearson = _correlation(x, y, weights)
    # a z that does not vary explains nothing
    by_z = [np.nan_to_num(_correlation(each, z, weights)) for each in (x, y)]
    left, right = (1 - each**2 for each in by_z)
    partial, some = np.full_like(pearson, np.nan), np.minimum(left, right) > 1e-9
    rest = np.sqrt(np.maximum(left * right, 0))
    np.divide(pearson - by_z[0] * by_z[1], rest, out=partial, where=some)
    return np.stack([pearson, _correlation(*ranks, weights), np.clip(partial, -1, 1)])


def _correlation(x: Array, y: Array, weights: Array) -> Array:
    """Weighted Pearson correlation of each row of weights; NaN without variation."""
    total = weights.sum(-1, keepdims=True)
    x, y = (values - (weights * values).sum(-1, keepdims=True) / total for values in (x, y))
    covariance, first, second = ((weights * a * b).sum(-1) for a, b in ((x, y), (x, x), (y, y)))
    spread = np.sqrt(first * second)
    enough = spread > 1e-18 * total[:, 0]
    quotient: Array = np.divide(covariance, spread, out=np.full_like(spread, np.nan), where=enough)
    return np.clip(quotient, -1, 1)


def _ranks(values: Array, weights: Array) -> Array:
    """Mean rank of each value in each resample, where a point counts as often as it was drawn."""
    _, groups, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ordered = weights[:, np.argsort(values, kind="stable")]
    mass = np.add.reduceat(ordered, np.cumsum(sizes) - sizes, axis=1)
    ranks: Array = (np.cumsum(mass, -1) - mass / 2 + 0.5)[:, groups]
    return ranks


def _percentiles(values: Array, confidence: float) -> tuple[float | None, float | None]:
    defined = values[np.isfinite(values)]
    if not len(defined):
        return None, None
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
