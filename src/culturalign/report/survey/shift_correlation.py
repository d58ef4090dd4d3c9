"""Whether training moved answers as the countries differ: shifts, and their correlation."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from culturalign.data.survey.batteries import battery
from culturalign.data.survey.topics import number_of
from culturalign.stats.distances import Array
from culturalign.stats.intervals import FEWEST, Spread, between_runs, cr2, owners
from culturalign.stats.summary import ENDS

KINDS = ("pearson", "spearman", "partial")
FIDELITY = [f"{kind}{end}" for kind in KINDS for end in ENDS]
OWN = [f"{kind}_own{end}" for kind in KINDS for end in ENDS]
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
    runs: Sequence[pl.DataFrame],
    others: Sequence[Sequence[pl.DataFrame]] = (),
    *,
    confidence: float = 0.95,
) -> dict[str, Any]:
    """Correlation between the model's shift and the human difference.

    1: training moved the answers exactly as the countries differ; 0: unrelated; below 0: away.
    Flatter answers alone correlate with the difference, so ``partial`` is what remains once
    shift and difference are both regressed on the flattening.

    Args:
        runs: Of each training run, from :func:`shifts`; the correlation is that of the mean z.
        others: The same of each arm of the same method trained on another culture.
        confidence: Level of the intervals, which are over batteries, since answers within one
            depend on each other, and over runs.

    Returns:
        ``n`` questions; ``pearson`` and its :func:`culturalign.stats.summary.ends`, likewise
        ``spearman`` and ``partial``; with others also ``pearson_own`` and so on, minus the mean of
        theirs; null where nothing shifts or differs, ends with fewer than five batteries.

    Raises:
        ValueError: If runs answered different questions.

    Source:
        Delete-a-group jackknife: Efron and Stein (1981), on Fisher's z; t with the degrees of
        freedom of a mean over these batteries. It covers what it says from ten batteries on, where
        percentiles of resampled batteries do not.
    """
    if not runs or runs[0].is_empty():
        return {"n": 0} | dict.fromkeys(FIDELITY)
    if any(x["question"].to_list() != runs[0]["question"].to_list() for x in chain(runs, *others)):
        raise ValueError("arms are compared on the same questions only")
    owner = owners(len(runs[0]), runs[0].select(battery())["cluster"].to_list())
    groups = np.arange(owner.max() + 1)
    weights = np.concatenate([np.ones((1, owner.size)), owner != groups[:, None]])
    df = cr2(np.zeros(owner.size), owner).df if groups.size >= FEWEST else None
    mine, *less = (
        np.array([_correlations(*_variables(run), weights) for run in arm])
        for arm in (runs, *others)
    )
    z = np.arctanh(np.clip(mine, -1 + 1e-12, 1 - 1e-12))
    values = [_ends([z[:, kind]], df, confidence, np.tanh) for kind in range(len(KINDS))]
    found = {"n": runs[0]["question"].n_unique()} | _columns(FIDELITY, values)
    if not others:
        return found
    apart = [
        _ends([mine[:, kind], *(-x[:, kind] / len(less) for x in less)], df, confidence, float)
        for kind in range(len(KINDS))
    ]
    return found | _columns(OWN, apart)


def _variables(points: pl.DataFrame) -> tuple[Array, Array, Array]:
    """Shift, difference and flattening; rounding leaves 1e-17, which must not be ranked."""
    names = ("shift", "difference", "flattening")
    x, y, z = (points[name].round(12).to_numpy() for name in names)
    return x, y, z


def _ends(
    arms: Sequence[Array], df: float | None, confidence: float, scale: Callable[[float], Any]
) -> tuple[float | None, ...]:
    """Sum of the arms' means over runs, its interval and its degrees of freedom.

    Args:
        arms: Of each (runs, 1 + groups): with all groups, and without each.
        df: Degrees of freedom over groups; None: no interval.
        confidence: Its level.
        scale: From the scale of the values to that of the result.
    """
    means = np.sum([runs.mean(0) for runs in arms], axis=0)
    whole, without = float(means[0]), means[1:]
    if not np.isfinite(whole):
        return None, None, None, None
    if df is None or not np.isfinite(without).all():
        return float(scale(whole)), None, None, None
    between = between_runs([(runs[:, 0], _mixed(runs[:, 1:])) for runs in arms])
    variance = (len(without) - 1) * float(without.var())
    found = Spread(whole, variance, df, len(without), between)
    half = found.half(confidence)
    low, mean, high = (float(scale(value)) for value in (whole - half, whole, whole + half))
    return mean, low, high, found.df_at(confidence)


def _mixed(without: Array) -> float:
    """Jackknife's variance of the mean from what each run does with each group: (runs, groups)."""
    runs, groups = without.shape
    rest = without - without.mean(0)
    return float((groups - 1) * rest.var(1).sum() / max(runs - 1, 1) / runs)


def _columns(
    names: Sequence[str], values: Iterable[tuple[float | None, ...]]
) -> dict[str, float | None]:
    return dict(zip(names, chain.from_iterable(values), strict=True))


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
