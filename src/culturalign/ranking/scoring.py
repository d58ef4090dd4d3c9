"""Scores of rankings, example by example: arms, one half of the humans, and what needs no model."""

import random
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

import polars as pl
from scipy.stats import rankdata

from culturalign.config.ranking import RewardRules
from culturalign.ranking.parsing import parse_ranking
from culturalign.ranking.reward import Ranks, attainable, bounded, places, score, spearman

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


def half_counts(
    responses: pl.DataFrame, cues: Sequence[str], *, repeats: int, seed: int
) -> list[tuple[Counts, Counts]]:
    """Split the participants in half, repeatedly, and count each half's responses.

    Args:
        responses: ``cue, response, participant``.
        cues: The cues to be scored.
        repeats: How many splits.
        seed: Of the splits, which are those of :func:`culturalign.precision.halves`.
    """
    responses = responses.filter(pl.col("cue").is_in(list(cues)))
    participants = sorted(set(responses["participant"]))
    splits = []
    for repeat in range(repeats):
        random.Random(f"{seed}:{repeat}").shuffle(participants)
        first = pl.col("participant").is_in(set(participants[: len(participants) // 2]))
        splits.append((_counts(responses.filter(first)), _counts(responses.filter(~first))))
    return splits


def _counts(responses: pl.DataFrame) -> Counts:
    found: dict[str, dict[str, int]] = {}
    for cue, response, count in responses.group_by("cue", "response").len().iter_rows():
        found.setdefault(cue, {})[response] = count
    return found


def score_arm(
    samples: Sequence[Example], splits: Sequence[tuple[Counts, Counts]], rules: RewardRules
) -> pl.DataFrame:
    """Score an arm's answers against all humans, and against half of them.

    Args:
        samples: With ``text`` and ``truncated``.
        splits: From :func:`half_counts`.
        rules: Of the column ``reward``.

    Returns:
        Columns ``ARM_COLUMNS``; ``k`` is the number of candidates.
    """
    rows = []
    for number, sample in enumerate(samples):
        words, text = sample["candidates"], sample["text"]
        found, parsed = score(text, words, sample["counts"], rules), parse_ranking(text, words)
        named = [word for word in dict.fromkeys(parsed.words) if word in words]
        ranks = places(named, words) if parsed.complete else None
        rows.append(
            _row(sample, number, ranks, splits)
            | {"reward": found.value, "parsed": found.parsed, "complete": parsed.complete}
            | {"missing": found.missing, "invented": found.invented}
            | {"duplicates": found.duplicates, "truncated": sample["truncated"]}
        )
    return pl.DataFrame(rows, schema=ARM_COLUMNS)


def score_references(
    examples: Sequence[Example],
    splits: Sequence[tuple[Counts, Counts]],
    corpus: Mapping[str, int],
    *,
    repeats: int,
    seed: int,
) -> pl.DataFrame:
    """Score what an arm is held against.

    Args:
        examples: The test examples.
        splits: From :func:`half_counts`.
        corpus: Response -> its count over all training cues.
        repeats: Random orders an example.
        seed: Of the random orders.

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
            "best": _against_all(example, [_by(by_count, words)]),
            "corpus": _row(example, number, _by(corpus, words), splits),
            "shown": _row(example, number, places(words, words), splits),
            "random": _against_all(example, orders) | _against_halves(example, pairs),
        }
        lead = _lead(example, number)
        rows += [{"method": method, **lead, **scores} for method, scores in found.items()]
    return pl.DataFrame(rows, schema=COLUMNS | {"method": pl.String})


def _by(counts: Mapping[str, int], words: Sequence[str]) -> Ranks:
    """Ranks by count, those of equal counts averaged."""
    return rankdata([-counts.get(word, 0) for word in words])


def _row(
    example: Example, number: int, ranks: Ranks | None, splits: Sequence[tuple[Counts, Counts]]
) -> dict[str, Any]:
    lead, order = _lead(example, number), places(example["candidates"], example["candidates"])
    pairs = [(order if ranks is None else ranks, second) for _, second in splits]
    halves = _against_halves(example, pairs)
    if ranks is None:
        failed = {name: None if value is None else FAILED for name, value in halves.items()}
        return lead | {"rho": FAILED, "ratio": FAILED} | failed
    return lead | _against_all(example, [ranks]) | halves


def _lead(example: Example, number: int) -> dict[str, Any]:
    best = attainable(example["counts"])
    size = len(example["candidates"])
    return {"cue": example["cue"], "example": number, "k": size, "attainable": best}


def _human(example: Example, splits: Sequence[tuple[Counts, Counts]]) -> dict[str, float | None]:
    words = example["candidates"]
    halves = [(_by(first.get(example["cue"], {}), words), second) for first, second in splits]
    return _against_halves(example, halves)


def _against_all(example: Example, rankings: Sequence[Ranks]) -> dict[str, float]:
    rho = mean(spearman(ranks, example["counts"]) for ranks in rankings)
    return {"rho": rho, "ratio": bounded(rho / attainable(example["counts"]))}


def _against_halves(
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
