"""The demo world's known effect: did training recover it on unseen cues?"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report import arm_tables
from culturalign.report.arm_tables import Columns, Labels
from culturalign.report.generation_tables import BASELINES, REFERENCE, ZERO
from culturalign.stats.summary import SHARE, Pair, contrast, is_arm, summarize

FIRST = 10
"""How many of a list's first words are looked at."""
NO_BETTER = "not shown to be better than these"
"""Marks an arm that is not shown to surpass lists of zero knowledge."""
NOT_ATTRIBUTABLE = "above the control only"
"""Verdict where a list of zero knowledge is as good: the effect needs no model."""
EQUAL_LENGTH = (
    "An arm and its control are compared at equal length: both lists of a cue are cut to the "
    "shorter one, so that the difference is not that of their means in this table."
)
SHARES: dict[str, Any] = {
    **{"model": pl.String, "method": pl.String, "seed": pl.Int64, "cue": pl.String},
    **{"k": pl.Int64, "share": pl.Float64, "found": pl.List(pl.Boolean), "cluster": pl.String},
}


def read_shares(
    files: Sequence[str],
    planted: Mapping[str, Collection[str]],
    domains: Mapping[str, str],
    human: Mapping[str, Sequence[str]],
    zero: Mapping[str, Mapping[str, Sequence[str]]],
) -> pl.DataFrame:
    """Planted share of every cue, for arms, humans and lists of zero knowledge.

    Args:
        files: Lists of the arms, ``results/scores/{model}/{arm}/lists...jsonl``.
        planted: Cue -> planted associates.
        domains: Cue -> its domain, whose cues share their planted associates.
        human: Cue -> human associations, most frequent first: what an arm could reach.
        zero: From ``list_baselines.zero_knowledge``: what an arm could reach without any model.

    Returns:
        ``model, method, seed, cue, k`` (10); ``share`` of planted associates among the first 10
        words, missing places counted as others; ``found``, for each of these words whether it is
        planted; ``cluster``, the domain.
    """
    lists = [
        (model, arm.method, arm.seed, entry["cue"], entry["words"])
        for file in files
        for model, arm in [arm_tables.list_arm_of(file)]
        for entry in read_jsonl(Path(file))
    ]
    for cue in sorted({row[3] for row in lists}):
        lists.append(("-", "human", None, cue, human[cue]))
        lists += [("-", method, None, cue, of_cues[cue]) for method, of_cues in zero.items()]
    rows = []
    for *who, cue, words in lists:
        found = [word in planted[cue] for word in words[:FIRST]]
        rows.append((*who, cue, FIRST, sum(found) / FIRST, found, domains[cue]))
    return pl.DataFrame(rows, schema=SHARES, orient="row")


def read_planted(path: str) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Planted associates and domain of each cue, from a csv ``domain, cue, response``."""
    table = pl.read_csv(path, infer_schema=False).group_by("domain", "cue").agg("response")
    rows = table.rows()
    return {cue: set(words) for _, cue, words in rows}, {cue: domain for domain, cue, _ in rows}


def at_equal_length(shares: pl.DataFrame, pair: Pair) -> pl.DataFrame:
    """Shares of two arms where both lists of a cue are cut to the shorter one.

    Otherwise an arm beats its control by writing longer lists.
    """
    both = shares.filter(is_arm(pair[0]) | is_arm(pair[1]))
    length = pl.col("found").list.len().min().over("model", "cue")
    return both.with_columns(share=pl.col("found").list.head(length).list.sum() / FIRST)


def write_effect(
    stem: str,
    shares: pl.DataFrame,
    labels: Labels,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> None:
    """Write the planted share of every arm and the differences between arms, over domains.

    An arm and its control are compared at equal length.

    The effect counts as recovered where training minus the shuffled control, and training minus
    every list of zero knowledge, are above zero with their whole intervals; it is below the
    control where that interval is below zero.
    """
    means = summarize(shares, "share", evaluation, SHARE).with_columns(
        minus=pl.lit(None, pl.String)
    )
    parts = [means]
    for pair in arm_tables.contrast_pairs(shares, controls, BASELINES):
        chosen = at_equal_length(shares, pair) if pair[1][1] in controls else shares
        parts.append(contrast(chosen, [pair], "share", evaluation))
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
        "domains": "n_clusters",
        "training runs": "n_seeds",
        "verdict": "verdict",
    }
    cut = any(minus in controls for minus in rows["minus"].drop_nulls())
    arm_tables.write_rows(stem, rows, columns, note=EQUAL_LENGTH if cut else "")


def _verdict(controls: Sequence[str]) -> pl.Expr:
    """What a difference shows; empty if it is to neither a control nor zero knowledge.

    The same method trained on other cultures, if it was evaluated, has to be exceeded too. All of
    them must be, so no correction for their number is needed (Berger 1982, a test of an
    intersection of hypotheses by their union).
    """
    low, high, minus = pl.col("low"), pl.col("high"), pl.col("minus")
    shown, zero = (low > 0).fill_null(False), minus.is_in(list(ZERO))
    beaten = pl.when(zero | minus.str.contains("@")).then(shown)
    surpasses = (beaten.all() & (beaten.count() > 0)).over("model", "method")
    of_control = (
        pl.when(high < 0)
        .then(pl.lit("below the control"))
        .when(~shown)
        .then(pl.lit("not recovered"))
        .when(surpasses)
        .then(pl.lit("recovered"))
        .otherwise(pl.lit(NOT_ATTRIBUTABLE))
    )
    return (
        pl.when(minus.is_in(list(controls)))
        .then(of_control)
        .when(zero & ~shown)
        .then(pl.lit(NO_BETTER))
        .otherwise(pl.lit(""))
    )
