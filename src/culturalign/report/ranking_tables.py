"""Tables of the ranking task: tables 3 and 4 of the paper, and what stands beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.report.generation_tables import Labels, named, order_of
from culturalign.report.tables import cell, write_table
from culturalign.stats.summary import contrast, contrast_pairs, summarize

REFERENCE = {
    "human": "Half of the humans",
    "best": "Best strict ranking",
    "corpus": "Frequency in the corpus",
    "shown": "Order shown",
    "random": "Random order",
}
BASELINE = ("-", "corpus")
MAIN = {"rho": "Spearman ρ", "ratio": "ρ / attainable", "reward": "reward"}
"""Scores of the main table; an answer without a complete ranking is worth -1."""
SHARES = {"incomplete": "incomplete", "unparsed": "no ranking", "truncated": "cut short"}
"""Shares of an arm's answers; those without a ranking are incomplete too."""
CEILING = {"rho": "ρ, all humans", "ratio": "ρ / attainable, all humans",
           "rho_half": "ρ, half of the humans",
           "ratio_half": "ρ / attainable, half of the humans",
           "incomplete": "incomplete"}  # fmt: skip
CONTRASTS = {"rho": "Spearman ρ", "ratio": "ρ / attainable", "incomplete": "incomplete",
             "rho_both": "ρ, both complete"}  # fmt: skip
"""Differences; a failure is worth -1 in the first two, so fewer failures alone raise them."""


INCOMPLETE = (~pl.col("complete")).cast(pl.Float64).alias("incomplete")
"""1 for an answer without a complete ranking."""


def summaries(
    scores: pl.DataFrame, measures: Sequence[str], evaluation: Evaluation
) -> pl.DataFrame:
    """Means of several scores of each arm: over the examples of a cue, over seeds, over cues.

    Args:
        scores: ``model, method, seed, cue, k`` and the scores; nulls are left out.
        measures: Columns.
        evaluation: Of the interval.

    Returns:
        ``model, method, k``; each measure with ``_low, _high, _n`` (cues) and ``_seed_sd``.
    """
    rows = scores.select("model", "method", "k").unique(maintain_order=True)
    for name in measures:
        known = scores.drop_nulls(name)
        if known.is_empty():
            continue
        found = summarize(known, name, evaluation).select(
            "model", "method", pl.col("mean").alias(name), *_ends(name),
            pl.col("n_cues").alias(f"{name}_n"), pl.col("seed_sd").alias(f"{name}_seed_sd"),
        )  # fmt: skip
        rows = rows.join(found, on=["model", "method"], how="left", maintain_order="left")
    return rows


def write_main(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """The paper's table: M Type, M Class, SWOW, Spearman's rho; with failures and intervals."""
    scores = scores.with_columns(
        INCOMPLETE,
        unparsed=(~pl.col("parsed")).cast(pl.Float64),
        truncated=pl.col("truncated").cast(pl.Float64),
        rho_complete=pl.when("complete").then("rho"),
    )
    names = [*MAIN, *SHARES, "rho_complete"]
    rows = named(summaries(scores, names, evaluation), labels, order_of(labels), REFERENCE)
    culture = labels["cultures"][scores["culture"][0]]
    swow = pl.when(pl.col("method") == "vanilla").then(pl.lit("-")).otherwise(pl.lit(culture))
    keys = ["M Type", "M Class", "SWOW"]
    rows = rows.with_columns(swow.alias("SWOW")).select(*keys, pl.exclude(keys))
    shown = [
        [row[key] for key in keys]
        + [_cell(row, name) for name in MAIN]
        + [f"{row[name]:.3f}" for name in SHARES]
        + [_with_cues(row, "rho_complete"), str(row["rho_n"])]
        for row in rows.iter_rows(named=True)
    ]
    header = [*keys, *MAIN.values(), *SHARES.values(), "ρ, complete only (cues)", "cues"]
    write_table(stem, rows, shown, header)


def write_contrasts(
    stem: str,
    scores: pl.DataFrame,
    labels: Labels,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> None:
    """Paired differences, cue by cue: each training minus vanilla, control and corpus.

    ``rho_both`` is over the cues for which every answer of both arms is a complete ranking. A
    reference has no answers, and always ranks.
    """
    arms = scores.filter(pl.col("model") != "-").select("model", "method").unique()
    pairs = contrast_pairs(sorted(arms.iter_rows()), controls, BASELINE)
    header = ["M Class", "Difference", *CONTRASTS.values(), "cues"]
    if not pairs:
        write_table(stem, pl.DataFrame(schema={"model": pl.String}), [], header)
        return
    scores = scores.with_columns(complete=pl.col("complete").fill_null(True)).with_columns(
        INCOMPLETE,
        rho_both=pl.when(pl.col("complete").all().over("model", "method", "cue")).then("rho"),
    )
    keys = ["model", "method", "minus", "k"]
    rows, *others = (_differences(scores, pairs, name, evaluation) for name in CONTRASTS)
    for other in others:
        rows = rows.join(other, on=keys, how="left", maintain_order="left")
    rows = named(rows, labels, order_of(labels), REFERENCE)
    names = {"vanilla": "Vanilla", **labels["methods"], **REFERENCE}
    rows = rows.with_columns(Difference=pl.col("M Type") + " − " + pl.col("minus").replace(names))
    shown = [
        [row["M Class"], row["Difference"]]
        + [_cell(row, name) for name in CONTRASTS if name != "rho_both"]
        + [_with_cues(row, "rho_both"), str(row["rho_n"])]
        for row in rows.iter_rows(named=True)
    ]
    write_table(stem, rows, shown, header)


def _differences(
    scores: pl.DataFrame,
    pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]],
    name: str,
    evaluation: Evaluation,
) -> pl.DataFrame:
    """``model, method, minus, k`` and the difference of a score; no row for a pair without cues."""
    found = contrast(scores.drop_nulls(name), pairs, name, evaluation)
    return found.select(
        *("model", "method", "minus", "k"),
        pl.col("mean").alias(name),
        *_ends(name),
        pl.col("n_cues").alias(f"{name}_n"),
    )


def write_ceiling(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Arms beside the references: half against half, and what needs no model."""
    scores = scores.with_columns(INCOMPLETE)
    rows = named(summaries(scores, list(CEILING), evaluation), labels, order_of(labels), REFERENCE)
    keys = ["M Type", "M Class"]
    shown = [
        [row[key] for key in keys] + [_cell(row, name) for name in CEILING]
        for row in rows.iter_rows(named=True)
    ]
    write_table(stem, rows.select(*keys, pl.exclude(keys)), shown, [*keys, *CEILING.values()])


def _ends(name: str) -> list[pl.Expr]:
    return [pl.col(end).alias(f"{name}_{end}") for end in ("low", "high")]


def _cell(row: Mapping[str, Any], name: str) -> str:
    if row.get(name) is None:
        return "-"
    spread = row.get(f"{name}_seed_sd")
    return cell(row[name], row[f"{name}_low"], row[f"{name}_high"], spread)


def _with_cues(row: Mapping[str, Any], name: str) -> str:
    return "-" if row.get(name) is None else f"{_cell(row, name)} ({row[f'{name}_n']})"
