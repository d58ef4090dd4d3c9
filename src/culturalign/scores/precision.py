"""Precision of generated associations against human ones, cue by cue.

Definitions: docs/paper.md. Denominators are K: a missing place counts as wrong.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl


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


@dataclass(frozen=True)
class Half:
    """One split of the participants: how often each half gave each response to each cue."""

    first: Mapping[str, Sequence[str]]
    second: Mapping[str, Sequence[str]]


def halves(responses: pl.DataFrame, cues: Sequence[str], *, repeats: int, seed: int) -> list[Half]:
    """Split the participants in half, repeatedly.

    Args:
        responses: ``cue, response, participant``.
        cues: The cues to be scored.
        repeats: How many splits.
        seed: Of the splits; equal seeds give every arm the same halves.

    Returns:
        For each split and half, the responses of each cue, most frequent first (ties in random
        order).
    """
    responses = responses.filter(pl.col("cue").is_in(list(cues)))
    participants = sorted(set(responses["participant"]))
    splits = []
    for repeat in range(repeats):
        rng = random.Random(f"{seed}:{repeat}")
        rng.shuffle(participants)
        first = set(participants[: len(participants) // 2])
        inside = pl.col("participant").is_in(first)
        splits.append(
            Half(_ranked(responses.filter(inside), rng), _ranked(responses.filter(~inside), rng))
        )
    return splits


def _ranked(responses: pl.DataFrame, rng: random.Random) -> dict[str, list[str]]:
    counts = responses.group_by("cue", "response").agg(count=pl.len()).sort("cue", "response")
    order = pl.Series("tie", rng.sample(range(len(counts)), len(counts)))
    counts = counts.with_columns(order).sort("cue", "count", "tie", descending=[False, True, False])
    lists = counts.group_by("cue", maintain_order=True).agg("response")
    return dict(zip(lists["cue"], lists["response"].to_list(), strict=True))


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
        with :func:`score_human_halves` and not with the first two.
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
    return pl.DataFrame(rows)


def score_human_halves(
    cues: Sequence[str], splits: Sequence[Half], ks: Sequence[int]
) -> pl.DataFrame:
    """The human ceiling: one half of the participants scored against the other.

    Returns:
        ``cue, k, precision_half, topk_overlap_half``, mean over splits.
    """
    rows = []
    for cue in cues:
        pairs = [(split.first.get(cue, ()), split.second.get(cue, ())) for split in splits]
        rows += [{"cue": cue, "k": k, **_half_scores(pairs, k)} for k in ks]
    return pl.DataFrame(rows)


def _half_scores(pairs: Sequence[tuple[Sequence[str], Sequence[str]]], k: int) -> dict[str, float]:
    precision = [precision_at(words, set(reference), k) for words, reference in pairs]
    overlap = [topk_overlap(words, reference, k) for words, reference in pairs]
    return {
        "precision_half": sum(precision) / len(pairs),
        "topk_overlap_half": sum(overlap) / len(pairs),
    }


def frequent_responses(associations: pl.DataFrame, *, most: int) -> list[str]:
    """The most frequent responses to any cue: what a model could answer knowing no cue.

    Args:
        associations: ``response, count`` of the training cues.
        most: How many.
    """
    totals = associations.group_by("response").agg(pl.col("count").sum())
    return totals.sort("count", "response", descending=[True, False])["response"].to_list()[:most]
