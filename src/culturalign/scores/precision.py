"""Precision of generated associations against human ones, cue by cue.

Definitions: docs/paper.md. Denominators are K: a missing place counts as wrong.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from culturalign.data.associations import ranked_responses, response_counts
from culturalign.data.splits import cues_of
from culturalign.scores.halves import split_participants
from culturalign.scores.list_baselines import zero_knowledge
from culturalign.stats.ranks import mean_ranks

HALVES = {"precision_half": pl.Float64, "topk_overlap_half": pl.Float64}
"""Scores against half of the participants."""


def precision_at(words: Sequence[str], reference: Collection[str], k: int) -> float:
    """Share of the first k words that are among the human associations of the cue.

    Args:
        words: Different normalized words, best first; may be fewer than k.
        reference: All normalized human associations of the cue.
        k: At least 1.

    Returns:
        0 to 1. Paper, tables 1 and 2 ("precision@K").
    """
    return sum(word in reference for word in words[:k]) / k


def topk_overlap(words: Sequence[str], ranked: Sequence[str], k: int) -> float:
    """Share of the first k words that are among the k most frequent human associations.

    The other reading of the paper's "overlap with human top-K" (section 4.1).
    """
    return precision_at(words, set(ranked[:k]), k)


def order_rho(words: Sequence[str], counts: Mapping[str, int]) -> float | None:
    """Spearman's rho of a list's order and the counts of those of its words that people gave.

    Args:
        words: Different normalized words, best first.
        counts: Human association of the cue -> count.

    Returns:
        -1 to 1, equal counts at their mean rank; None with fewer than two such words, or if their
        counts are all equal. Other words are ignored.
    """
    given = [-counts[word] for word in words if word in counts]
    if len(set(given)) < 2:
        return None
    order = np.arange(1, len(given) + 1)
    return float(np.corrcoef(order, mean_ranks(given))[1, 0])


@dataclass(frozen=True)
class Half:
    """One split of the participants: how often each half gave each response to each cue."""

    first: Mapping[str, Sequence[str]]
    second: Mapping[str, Sequence[str]]


def halves(responses: pl.DataFrame, cues: Sequence[str], *, repeats: int, seed: int) -> list[Half]:
    """The halves of :func:`split_participants`.

    Returns:
        For each split and half, the responses to each cue, most frequent first (ties in random
        order).
    """
    splits = split_participants(responses, cues, repeats=repeats, seed=seed)
    return [Half(_ranked(first, rng), _ranked(second, rng)) for first, second, rng in splits]


def _ranked(responses: pl.DataFrame, rng: random.Random) -> dict[str, list[str]]:
    counts = responses.group_by("cue", "response").agg(count=pl.len()).sort("cue", "response")
    order = pl.Series("tie", rng.sample(range(len(counts)), len(counts)))
    counts = counts.with_columns(order).sort("cue", "count", "tie", descending=[False, True, False])
    lists = counts.group_by("cue", maintain_order=True).agg("response")
    return dict(zip(lists["cue"], lists["response"].to_list(), strict=True))


def score_arm(
    answers: Sequence[Mapping[str, Any]],
    responses: pl.DataFrame,
    associations: pl.DataFrame,
    ks: Sequence[int],
    **splits: int,
) -> pl.DataFrame:
    """Score an arm's lists.

    Args:
        answers: ``cue, words, parsable``.
        responses: ``cue, response, participant``.
        associations: ``cue, response, rank``.
        ks: The K to score at.
        splits: ``repeats`` and ``seed`` of :func:`split_participants`.

    Returns:
        The columns of :func:`score_lists`; ``parsable`` and ``order_rho`` of the whole list.
    """
    lists = {answer["cue"]: answer["words"] for answer in answers}
    second_halves = halves(responses, list(lists), **splits)
    scores = score_lists(lists, ranked_responses(associations), second_halves, ks)
    parsable = [(answer["cue"], answer["parsable"]) for answer in answers]
    flags = pl.DataFrame(parsable, schema=["cue", "parsable"], orient="row")
    counts = response_counts(associations)
    rhos = [order_rho(words, counts[cue]) for cue, words in lists.items()]
    flags = flags.with_columns(order_rho=pl.Series(rhos, dtype=pl.Float64))
    return scores.join(flags, on="cue", how="left", maintain_order="left")


def score_lists(
    lists: Mapping[str, Sequence[str]],
    ranked: Mapping[str, Sequence[str]],
    splits: Sequence[Half],
    ks: Sequence[int],
) -> pl.DataFrame:
    """Score a list for each cue, against all humans and against half of them.

    Args:
        lists: Cue -> different normalized words, best first.
        ranked: Cue -> all its human associations, most frequent first.
        splits: From :func:`halves`.
        ks: The K to score at.

    Returns:
        ``cue, k, precision, topk_overlap`` against everyone; ``precision_half,
        topk_overlap_half`` against the second halves, mean over splits. The last two compare
        with :func:`score_human_halves` and not with the first two; null without splits.
    """
    rows = [
        {
            "cue": cue,
            "k": k,
            "precision": precision_at(words, set(ranked[cue]), k),
            "topk_overlap": topk_overlap(words, ranked[cue], k),
            **_half_scores([(words, split.second.get(cue, ())) for split in splits], k),
        }
        for cue, words in lists.items()
        for k in ks
    ]
    return pl.DataFrame(rows, schema_overrides=HALVES)


def score_human_halves(
    cues: Sequence[str], splits: Sequence[Half], ks: Sequence[int]
) -> pl.DataFrame:
    """The human ceiling: one half of the participants scored against the other.

    Returns:
        ``cue, k, precision_half, topk_overlap_half``, mean over splits; null without splits.
    """
    rows = []
    for cue in cues:
        pairs = [(split.first.get(cue, ()), split.second.get(cue, ())) for split in splits]
        rows += [{"cue": cue, "k": k, **_half_scores(pairs, k)} for k in ks]
    return pl.DataFrame(rows, schema_overrides=HALVES)


def _half_scores(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]], k: int
) -> dict[str, float | None]:
    """Means over splits; None without participants to split."""
    if not pairs:
        return dict.fromkeys(HALVES)
    precision = [precision_at(words, set(reference), k) for words, reference in pairs]
    overlap = [topk_overlap(words, reference, k) for words, reference in pairs]
    return {
        "precision_half": sum(precision) / len(pairs),
        "topk_overlap_half": sum(overlap) / len(pairs),
    }


def score_references(
    responses: pl.DataFrame,
    associations: pl.DataFrame,
    splits: pl.DataFrame,
    ks: Sequence[int],
    *,
    repeats: int,
    seed: int,
) -> pl.DataFrame:
    """Score one half of the humans, and the lists of zero knowledge.

    Args:
        responses: ``cue, response, participant``.
        associations: ``cue, response, rank, count``.
        splits: ``cue, split``; the test cues are scored.
        ks: The K to score at.
        repeats: See :func:`split_participants`.
        seed: See there; also of :func:`zero_knowledge`.

    Returns:
        The columns of :func:`score_lists`, null where humans have none, and ``method``: ``human``
        or one of ``ZERO_KNOWLEDGE``.
    """
    cues = cues_of(splits, "test")
    both = halves(responses, cues, repeats=repeats, seed=seed)
    lists = zero_knowledge(associations, splits, most=max(ks), seed=seed)
    ranked = ranked_responses(associations)
    scores = {"human": score_human_halves(cues, both, ks)}
    scores |= {method: score_lists(of_cues, ranked, both, ks) for method, of_cues in lists.items()}
    parts = [found.with_columns(method=pl.lit(method)) for method, found in scores.items()]
    return pl.concat(parts, how="diagonal")
