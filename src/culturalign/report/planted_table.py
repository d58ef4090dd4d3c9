"""The demo world's known effect: did training recover it on unseen cues?"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from culturalign.arms import parse_arm
from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report.generation_tables import BASELINE, REFERENCE, Labels, named, order_of
from culturalign.report.tables import cell, write_table
from culturalign.stats.summary import contrast, contrast_pairs, summarize

FIRST = 10
"""How many of a list's first words are looked at."""
NO_BETTER = "no better than these"
"""Marks an arm that does not surpass the most frequent responses."""


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
        human: Cue -> human associations, most frequent first; what an arm could reach.
        frequent: The most frequent responses to training cues, one more than are looked at: what
            an arm could reach that knows no cue.

    Returns:
        ``model, method, seed, cue, k`` (10), ``share``.
    """
    rows = []
    for file in files:
        model, arm = Path(file).parts[-3], parse_arm(Path(file).parts[-2])
        for entry in read_jsonl(Path(file)):
            share = planted_share(entry["words"], planted[entry["cue"]])
            rows.append((model, arm.method, arm.seed, entry["cue"], FIRST, share))
    for cue in sorted({row[3] for row in rows}):
        rows.append(("-", "human", None, cue, FIRST, planted_share(human[cue], planted[cue])))
        words = [word for word in frequent if word != cue]
        rows.append((*BASELINE, None, cue, FIRST, planted_share(words, planted[cue])))
    names = {"model": pl.String, "method": pl.String, "seed": pl.Int64, "cue": pl.String,
             "k": pl.Int64, "share": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


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
    its whole interval, and lies below the control where the whole interval is below zero. An arm
    whose difference to the most frequent responses is not above zero with its whole interval is
    marked too: what it gives, one list for all cues gives as well.
    """
    arms = shares.filter(pl.col("model") != "-").select("model", "method").unique()
    baseline = BASELINE if "frequent" in shares["method"] else None
    pairs = contrast_pairs(sorted(arms.iter_rows()), controls, baseline)
    names = {"vanilla": "Vanilla", **labels["methods"], **REFERENCE}
    parts = [summarize(shares, "share", evaluation).with_columns(minus=pl.lit(None, pl.String))]
    parts += [contrast(shares, pairs, "share", evaluation)] if pairs else []
    rows = named(pl.concat(parts, how="diagonal"), labels, order_of(labels)).sort(
        pl.col("minus").is_not_null(), maintain_order=True
    )
    human = pl.col("method") == "human"
    everyone = pl.when(human).then(pl.lit("All humans")).otherwise(pl.col("M Type"))
    rows = rows.with_columns(everyone.alias("M Type"))
    of_control = (
        pl.when(pl.col("low") > 0)
        .then(pl.lit("recovered"))
        .when(pl.col("high") < 0)
        .then(pl.lit("below the control"))
        .otherwise(pl.lit("not recovered"))
    )
    no_better = (pl.col("minus") == BASELINE[1]) & (pl.col("low") <= 0)
    verdict = (
        pl.when(pl.col("minus").is_in(list(controls)))
        .then(of_control)
        .when(no_better)
        .then(pl.lit(NO_BETTER))
    )
    minus = pl.col("minus").replace(names)
    what = pl.when(pl.col("minus").is_null()).then(pl.col("M Type"))
    rows = rows.with_columns(
        verdict=verdict.otherwise(pl.lit("")),
        what=what.otherwise(pl.col("M Type") + " − " + minus),
    )
    shown = [
        [r["M Class"], r["what"], cell(r["mean"], r["low"], r["high"], r["seed_sd"])]
        + [str(r["n_cues"]), r["verdict"]]
        for r in rows.iter_rows(named=True)
    ]
    header = ["M Class", "Arm or difference", "Planted share of the first 10", "cues", "verdict"]
    write_table(stem, rows, shown, header)
