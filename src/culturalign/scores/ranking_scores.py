"""Scores of rankings, example by example, against all humans and against half of them."""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

import polars as pl

from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.rewards.ranking_parsing import Normalizer, parse_ranking
from culturalign.rewards.ranking_reward import Ranks, attainable, bounded, places, score, spearman

FAILED = -1.0
"""Rho and ratio of an answer without a complete ranking, as in the paper's listing."""
Counts = Mapping[str, Mapping[str, int]]
"""Cue -> response -> count."""
Example = Mapping[str, Any]
"""``cue, candidates, counts``."""
SCORES = {"rho": pl.Float64, "ratio": pl.Float64, "attainable": pl.Float64,
          "rho_half": pl.Float64, "ratio_half": pl.Float64}  # fmt: skip
COLUMNS = {"cue": pl.String, "example": pl.Int64, "k": pl.Int64, **SCORES}
ARM_COLUMNS = COLUMNS | {
    "reward": pl.Float64, "parsed": pl.Boolean, "complete": pl.Boolean, "missing": pl.Int64,
    "invented": pl.Int64, "duplicates": pl.Int64, "truncated": pl.Boolean,
}  # fmt: skip


def score_arm(
    samples: Sequence[Example],
    splits: Sequence[tuple[Counts, Counts]],
    rules: RewardRules,
    normalizer: Normalizer = normalize,
) -> pl.DataFrame:
    """Score an arm's answers against all humans, and against half of them.

    Args:
        samples: With ``text`` and ``truncated``.
        splits: From :func:`culturalign.scores.ranking_references.half_counts`.
        rules: Rules of the column ``reward``.
        normalizer: Normalizes the words.

    Returns:
        Columns ``ARM_COLUMNS``; ``k`` is the number of candidates.
    """
    rows = []
    for number, sample in enumerate(samples):
        words, text = sample["candidates"], sample["text"]
        found = score(text, words, sample["counts"], rules, normalizer)
        parsed = parse_ranking(text, words, normalizer)
        named = [word for word in dict.fromkeys(parsed.words) if word in words]
        ranks = places(named, words) if parsed.complete else None
        rows.append(
            score_ranking(sample, number, ranks, splits)
            | {"reward": found.value, "parsed": found.parsed, "complete": parsed.complete}
            | {"missing": found.missing, "invented": found.invented}
            | {"duplicates": found.duplicates, "truncated": sample["truncated"]}
        )
    return pl.DataFrame(rows, schema=ARM_COLUMNS)


def score_ranking(
    example: Example, number: int, ranks: Ranks | None, splits: Sequence[tuple[Counts, Counts]]
) -> dict[str, Any]:
    """Scores of one ranking; without one, -1 in place of each score.

    Args:
        example: What was to be ranked.
        number: Number of the example.
        ranks: (n,), in the order of the candidates; None without a complete ranking.
        splits: As for :func:`score_arm`.

    Returns:
        The columns of ``COLUMNS``.
    """
    lead = lead_columns(example, number)
    order = places(example["candidates"], example["candidates"])
    pairs = [(order if ranks is None else ranks, second) for _, second in splits]
    halves = against_halves(example, pairs)
    if ranks is None:
        failed = {name: None if value is None else FAILED for name, value in halves.items()}
        return lead | {"rho": FAILED, "ratio": FAILED} | failed
    return lead | against_all(example, [ranks]) | halves


def lead_columns(example: Example, number: int) -> dict[str, Any]:
    """``cue, example, k, attainable``."""
    best = attainable(example["counts"])
    size = len(example["candidates"])
    return {"cue": example["cue"], "example": number, "k": size, "attainable": best}


def against_all(example: Example, rankings: Sequence[Ranks]) -> dict[str, float]:
    """Mean over rankings, against the counts of all humans."""
    rho = mean(spearman(ranks, example["counts"]) for ranks in rankings)
    return {"rho": rho, "ratio": bounded(rho / attainable(example["counts"]))}


def against_halves(
    example: Example, pairs: Sequence[tuple[Ranks, Counts]]
) -> dict[str, float | None]:
    """Mean over the halves in which the candidates are not all equal; None without one."""
    rhos, ratios = [], []
    for ranks, half in pairs:
        given = half.get(example["cue"], {})
        counts = [given.get(word, 0) for word in example["candidates"]]
        if best := attainable(counts):
            rhos.append(spearman(ranks, counts))
            ratios.append(bounded(rhos[-1] / best))
    return {
        "rho_half": mean(rhos) if rhos else None,
        "ratio_half": mean(ratios) if ratios else None,
    }
