"""The reward of a ranking (paper, section 3.4, appendix E): a pure function of text and counts.

Equal counts share the mean of their ranks. Candidates that a ranking leaves out come after the
others, and rho is the mean over all their orders; if none is left out, it is the plain rho.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.rewards.ranking_parsing import Normalizer, parse_ranking
from culturalign.stats.ranks import mean_ranks

Ranks = NDArray[np.float64]


@dataclass(frozen=True)
class Reward:
    """The value of an answer, and the reasons.

    Attributes:
        value: -1 to 1; training maximizes it.
        rho: Spearman's rho, -1 to 1. None without a ranking, if the rules refuse the answer, or
            if all counts are equal.
        attainable: The largest rho of a strict ranking on these counts, 0 to 1.
        ratio: rho / attainable, -1 to 1; None where rho is None.
        parsed: Whether the answer has a ranking that names a candidate.
        missing: Number of candidates that it leaves out.
        invented: Number of words in it that are not candidates.
        duplicates: Number of places that repeat a candidate.
    """

    value: float
    rho: float | None
    attainable: float
    ratio: float | None
    parsed: bool
    missing: int
    invented: int
    duplicates: int


def score(
    response: str,
    candidates: Sequence[str],
    counts: Sequence[float],
    rules: RewardRules,
    normalizer: Normalizer = normalize,
) -> Reward:
    """Score an answer to a ranking prompt. No text raises an error.

    Args:
        response: The answer without the prompt.
        candidates: Different words, in any order.
        counts: How often people gave each of them, in the same order.
        rules: The measure, and which answers are refused.
        normalizer: The culture's.
    """
    words = parse_ranking(response, candidates, normalizer).words
    found = [word for word in words if word in candidates]
    named = list(dict.fromkeys(found))
    n, missing = len(candidates), len(candidates) - len(named)
    invented, duplicates = len(words) - len(found), len(found) - len(named)
    best = attainable(counts)
    refused = (
        not named
        or best == 0
        or (missing > 0 and rules.missing == "refuse")
        or (invented > 0 and rules.invented == "refuse")
        or (duplicates > 0 and rules.duplicates == "refuse")
    )
    if refused:
        return Reward(-1.0, None, best, None, bool(named), missing, invented, duplicates)
    if rules.missing == "padded":
        rho = padded_spearman(named, candidates, counts)
    else:
        rho = spearman(places(named, candidates), counts)
    ratio = bounded(rho / best)
    value = ratio if rules.measure == "spearman_ratio" else rho
    if rules.partial:
        value = (value * len(named) - missing) / n
    return Reward(bounded(value), rho, best, ratio, True, missing, invented, duplicates)


def places(named: Sequence[str], candidates: Sequence[str]) -> Ranks:
    """Rank of each candidate, from 1; those not named share the mean of the last ranks."""
    last = (len(named) + 1 + len(candidates)) / 2
    order = {word: place for place, word in enumerate(named, start=1)}
    return np.array([order.get(word, last) for word in candidates], dtype=float)


def padded_spearman(
    named: Sequence[str], candidates: Sequence[str], counts: Sequence[float]
) -> float:
    """Spearman's rho of 1 to n and the true places of the words named, padded with n + 1.

    It is the plain rho if no candidate is missing. Else a candidate is only compared with those
    named, and any of them first is right about all that are missing.

    Args:
        named: Candidates, best first, each once; at least one.
        candidates: Different words, at least two.
        counts: Of the candidates.
    """
    n, true = len(counts), mean_ranks(-np.asarray(counts, dtype=float))
    place = dict(zip(candidates, true, strict=True))
    ranks = mean_ranks([place[word] for word in named] + [n + 1] * (n - len(named)))
    return bounded(float(np.corrcoef(ranks, np.arange(n))[0, 1]))


def attainable(counts: Sequence[float]) -> float:
    """The largest rho that a strict ranking can reach: 1 without ties, 0 if all are equal.

    The best ranking puts equal counts next to each other in any order, so rho is the ratio of the
    standard deviations of averaged and of strict ranks: sqrt(1 - sum(t^3 - t) / (n^3 - n)) over
    groups of t equal counts.
    """
    n = len(counts)
    if n < 2:
        return 0.0
    sizes = np.unique(np.asarray(counts), return_counts=True)[1].astype(float)
    return float(np.sqrt(max(0.0, 1 - (sizes**3 - sizes).sum() / (n**3 - n))))


def spearman(ranks: Ranks, counts: Sequence[float]) -> float:
    """Spearman's rho of a ranking and counts, the mean over all orders of words not named.

    Args:
        ranks: From :func:`places`, (n,).
        counts: Not all equal, (n,).

    Source:
        Pearson's correlation of the ranks (paper, appendix E). The mean over orders is linear in
        the ranks, so the denominator has the deviation of a strict ranking.
    """
    n = len(counts)
    human = mean_ranks(-np.asarray(counts, dtype=float)) - (n + 1) / 2
    strict = (n**3 - n) / 12
    return bounded(float((ranks - (n + 1) / 2) @ human / np.sqrt(strict * (human @ human))))


def bounded(value: float) -> float:
    """A score without the rounding error that takes it beyond -1 or 1."""
    return float(min(1.0, max(-1.0, value)))
