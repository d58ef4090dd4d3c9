"""Comparisons for arms on the ranking task: halves of the humans, corpus, chance."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.data.splits import cues_of
from culturalign.rewards.ranking_reward import Ranks, places
from culturalign.scores.halves import split_participants
from culturalign.scores.ranking_scores import (
    COLUMNS,
    Counts,
    Example,
    against_all,
    against_halves,
    lead_columns,
    score_ranking,
)
from culturalign.stats.ranks import mean_ranks


def half_counts(
    responses: pl.DataFrame, examples: Sequence[Example], *, repeats: int, seed: int
) -> list[tuple[Counts, Counts]]:
    """Count the responses of the halves of :func:`split_participants` to the examples' cues."""
    cues = [example["cue"] for example in examples]
    splits = split_participants(responses, cues, repeats=repeats, seed=seed)
    return [(_counts(first), _counts(second)) for first, second, _ in splits]


def _counts(responses: pl.DataFrame) -> Counts:
    found: dict[str, dict[str, int]] = {}
    for cue, response, count in responses.group_by("cue", "response").len().iter_rows():
        found.setdefault(cue, {})[response] = count
    return found


def corpus_counts(associations: pl.DataFrame, splits: pl.DataFrame) -> dict[str, int]:
    """Response -> its count over all training cues."""
    known = associations.filter(pl.col("cue").is_in(cues_of(splits, "train")))
    return dict(known.group_by("response").agg(pl.col("count").sum()).iter_rows())


def score_references(
    examples: Sequence[Example],
    splits: Sequence[tuple[Counts, Counts]],
    corpus: Mapping[str, int],
    *,
    repeats: int,
    seed: int,
) -> pl.DataFrame:
    """Score rankings with which an arm is compared.

    Args:
        examples: The test examples.
        splits: From :func:`half_counts`.
        corpus: From :func:`corpus_counts`.
        repeats: Number of random orders for each example.
        seed: Seed of the random orders.

    Returns:
        Columns ``COLUMNS`` and ``method``: ``human``, one half ranks as often as it answered,
        scored against the other half only; ``best``, the order of all humans' counts; ``corpus``,
        by frequency in the corpus, whatever the cue; ``shown``, as in the prompt; ``random``,
        mean over random orders.
    """
    rows = []
    for number, example in enumerate(examples):
        rng, words = random.Random(f"{seed}:{number}"), example["candidates"]
        orders = [places(rng.sample(words, len(words)), words) for _ in range(repeats)]
        by_count = dict(zip(words, example["counts"], strict=True))
        pairs = [(order, second) for order in orders for _, second in splits]
        found: dict[str, dict[str, Any]] = {
            "human": _human(example, splits),
            "best": against_all(example, [_by(by_count, words)]),
            "corpus": score_ranking(example, number, _by(corpus, words), splits),
            "shown": score_ranking(example, number, places(words, words), splits),
            "random": against_all(example, orders) | against_halves(example, pairs),
        }
        lead = lead_columns(example, number)
        rows += [{"method": method, **lead, **scores} for method, scores in found.items()]
    return pl.DataFrame(rows, schema=COLUMNS | {"method": pl.String})


def _by(counts: Mapping[str, int], words: Sequence[str]) -> Ranks:
    """Ranks by count, those of equal counts averaged."""
    return mean_ranks([-counts.get(word, 0) for word in words])


def _human(example: Example, splits: Sequence[tuple[Counts, Counts]]) -> dict[str, float | None]:
    words = example["candidates"]
    halves = [(_by(first.get(example["cue"], {}), words), second) for first, second in splits]
    return against_halves(example, halves)
