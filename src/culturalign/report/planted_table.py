"""The demo world's known effect: did training recover it on unseen cues?"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report import arm_tables
from culturalign.report.arm_tables import Columns, Labels
from culturalign.report.generation_tables import BASELINE, REFERENCE
from culturalign.stats.summary import SHARE, contrast, summarize

FIRST = 10
"""How many of a list's first words are looked at."""
NO_BETTER = "no better than these"
"""Marks an arm that does not surpass the most frequent responses."""
SHARES = {"model": pl.String, "method": pl.String, "seed": pl.Int64, "cue": pl.String,
          "k": pl.Int64, "share": pl.Float64}  # fmt: skip


def planted_share(words: Sequence[str], planted: Collection[str]) -> float:
    """Share of planted associates among the first 10 words; missing places count as others."""
    return sum(word in planted for word in words[:FIRST]) / FIRST


def read_shares(
    files: Sequence[str],
    planted: Mapping[str, Collection[str]],
    human: Mapping[str, Sequence[str]],
    frequent: Sequence[str],
) -> pl.DataFrame:
    """Planted share of every cue, for arms, humans and the most frequent responses.

    Args:
        files: Lists of the arms, ``results/scores/{model}/{arm}/lists...jsonl``.
        planted: Cue -> planted associates.
        human: Cue -> human associations, most frequent first: what an arm could reach.
        frequent: The most frequent responses to training cues, one more than are looked at: what
            an arm could reach without knowing any cue.

    Returns:
        ``model, method, seed, cue, k`` (10), ``share``.
    """
    lists = [
        (model, arm.method, arm.seed, entry["cue"], entry["words"])
        for file in files
        for model, arm in [arm_tables.arm_of(file)]
        for entry in read_jsonl(Path(file))
    ]
    for cue in sorted({row[3] for row in lists}):
        lists.append(("-", "human", None, cue, human[cue]))
        lists.append((*BASELINE, None, cue, [word for word in frequent if word != cue]))
    rows = [(*who, cue, FIRST, planted_share(words, planted[cue])) for *who, cue, words in lists]
    return pl.DataFrame(rows, schema=SHARES, orient="row")


def read_planted(path: str) -> dict[str, set[str]]:
    """Planted associates of each cue, from a csv ``domain, cue, response``."""
    table = pl.read_csv(path, infer_schema=False).group_by("cue").agg("response")
    return {cue: set(words) for cue, words in table.iter_rows()}


def write_effect(
    stem: str,
    shares: pl.DataFrame,
    labels: Labels,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> None:
    """Write the planted share of every arm and the differences between arms.

    The effect counts as recovered where training minus the shuffled control is above zero with
    its whole interval, and is below the control where the whole interval is below zero. An arm
    whose difference to the most frequent responses is not above zero with its whole interval is
    marked too: one list for all cues would do as well.
    """
    means = summarize(shares, "share", evaluation, SHARE).with_columns(
        minus=pl.lit(None, pl.String)
    )
    pairs = arm_tables.contrast_pairs(shares, controls, BASELINE)
    parts = [means, contrast(shares, pairs, "share", evaluation)]
    rows = arm_tables.name_arms(pl.concat(parts, how="diagonal"), labels, REFERENCE)
    human = pl.when(method="human").then(pl.lit("All humans"))
    rows = rows.sort(pl.col("minus").is_not_null(), maintain_order=True).with_columns(
        human.otherwise("M Type").alias("M Type")
    )
    rows = rows.with_columns(
        verdict=_verdict(controls),
        what=arm_tables.difference(labels, REFERENCE).fill_null(pl.col("M Type")),
    )
    columns: Columns = {
        "M Class": "M Class",
        "Arm or difference": "what",
        "Planted share of the first 10": arm_tables.MEAN,
        "cues": "n_cues",
        "verdict": "verdict",
    }
    arm_tables.write_rows(stem, rows, columns)


def _verdict(controls: Sequence[str]) -> pl.Expr:
    """What a difference shows; empty if it is not to a control or the most frequent responses."""
    low, high, minus = pl.col("low"), pl.col("high"), pl.col("minus")
    of_control = (
        pl.when(low > 0)
        .then(pl.lit("recovered"))
        .when(high < 0)
        .then(pl.lit("below the control"))
        .otherwise(pl.lit("not recovered"))
    )
    return (
        pl.when(minus.is_in(list(controls)))
        .then(of_control)
        .when((minus == BASELINE[1]) & ~(low > 0).fill_null(False))
        .then(pl.lit(NO_BETTER))
        .otherwise(pl.lit(""))
    )
