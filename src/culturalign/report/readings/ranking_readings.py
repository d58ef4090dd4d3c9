"""Readings of what a ranking is worth: missing words and equal counts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.ranking import RewardRules
from culturalign.data.ranking_examples import broken_ties
from culturalign.files.jsonl import read_jsonl
from culturalign.report.arm_tables import Labels
from culturalign.report.readings.compared import (
    COMPARED,
    READINGS,
    compared,
    culture_of,
    name_of,
)
from culturalign.rewards.ranking_parsing import Normalizer
from culturalign.rewards.ranking_reward import score

MISSING: Mapping[str, RewardRules] = {
    "written": RewardRules(measure="spearman", missing="refuse"),
    "run": RewardRules(measure="spearman", missing="padded"),
    "sound": RewardRules(measure="spearman", missing="last"),
}
"""Reading -> what an answer with missing words is worth."""


def ranking_rows(
    files: Sequence[Path],
    labels: Labels,
    normalizers: Mapping[str, Normalizer],
    counts: Mapping[str, Mapping[str, Mapping[str, int]]],
) -> pl.DataFrame:
    """``missing``: words left out; mean over the answers. ``ties``: equal counts; mean over the
    answers to questions with words of equal counts.

    Args:
        files: Answers of arms: ``cue, candidates, text``.
        labels: Those of ``arm_tables``.
        normalizers: Culture -> its normalizer.
        counts: Culture -> cue -> response -> count, most frequent first.
    """
    values = [
        {"id": name, "of": name_of(file, labels, labels["cultures"][culture]), **readings}
        for file in files
        for culture in (culture_of(file),)
        for answer in read_jsonl(file)
        for name, readings in _values(
            answer, counts[culture][answer["cue"]], normalizers[culture]
        ).items()
    ]
    table = pl.DataFrame(values, schema={name: COMPARED[name] for name in ("id", "of", *READINGS)})
    grouped = table.group_by("id", "of", maintain_order=True)
    return compared(grouped.agg(pl.col(READINGS).mean(), n=pl.len()).iter_rows(named=True))


def _values(
    answer: Mapping[str, Any], given: Mapping[str, int], normalizer: Normalizer
) -> dict[str, dict[str, float]]:
    words, strict = answer["candidates"], broken_ties(given)

    def value(counts: Mapping[str, float], rules: RewardRules) -> float:
        return score(answer["text"], words, [counts[w] for w in words], rules, normalizer).value

    found = {"missing": {reading: value(given, rules) for reading, rules in MISSING.items()}}
    if len({given[word] for word in words}) < len(words):
        ratio = RewardRules(measure="spearman_ratio", missing="last")
        found["ties"] = {
            "written": value(given, MISSING["sound"]),
            "run": value(strict, MISSING["sound"]),
            "sound": value(given, ratio),
        }
    return found
