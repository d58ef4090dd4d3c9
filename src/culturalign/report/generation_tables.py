"""Tables 1 and 2 of the paper, with differences, the human ceiling, lists and decodings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Columns, Labels
from culturalign.stats.summary import SHARE, contrast, describe_lists, interval_of, summarize

ZERO = {
    "frequent": "Most frequent responses",
    "backward": "Backward counting",
    "shuffled": "Human lists of other cues",
    "constant": "One human list",
}
"""Lists that need no knowledge of the cue: method -> label."""
REFERENCE = {"human": "Half of the humans", **ZERO}
BASELINES = [("-", method) for method in ZERO]
READINGS = {
    "precision": "P@K, all humans",
    "topk_overlap": "overlap@K, all humans",
    "precision_half": "P@K, half of the humans",
    "topk_overlap_half": "overlap@K, half of the humans",
}
"""Score of a list -> its name in the table of the ceiling."""


def read_scores(
    arms: Sequence[str], references: Sequence[str] = (), domains: Sequence[str] = ()
) -> pl.DataFrame:
    """Scores of cues of several arms, and of the references under the model ``-``.

    With tables of ``domains``, as :func:`culturalign.report.arm_tables.in_domains` reads them.
    """
    tables = [pl.read_parquet(path) for path in arms]
    tables += [pl.read_parquet(path).with_columns(model=pl.lit("-")) for path in references]
    return arm_tables.in_domains(pl.concat(tables, how="diagonal"), domains)


def write_main(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """The paper's table: M Type, M Class, SWOW, P@K, with intervals over cues.

    Args:
        scores: Of arms and references; those without a score against all humans are left out.
    """
    means = summarize(scores.drop_nulls("precision"), "precision", evaluation, SHARE)
    rows = arm_tables.title_arms(means, labels, REFERENCE, scores["culture"][0])
    note = arm_tables.unit_note(scores)
    arm_tables.write_by_k(stem, rows, TITLES, evaluation.precision_at, note=note)


def write_contrasts(
    stem: str,
    scores: pl.DataFrame,
    labels: Labels,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> None:
    """Paired differences of precision: SFT minus vanilla, control and zero knowledge."""
    pairs = arm_tables.contrast_pairs(scores, controls, BASELINES)
    rows = contrast(scores, pairs, "precision", evaluation)
    rows = arm_tables.name_arms(rows, labels, REFERENCE)
    rows = rows.with_columns(Difference=arm_tables.difference(labels, REFERENCE))
    keys, clustered = ["M Class", "Difference"], "cluster" in scores.columns
    after = {"cues": "n_cues"} | ({"domains": "n_clusters"} if clustered else {})
    ks, note = evaluation.precision_at, arm_tables.unit_note(scores)
    arm_tables.write_by_k(stem, rows, keys, ks, after=after, note=note)


def write_ceiling(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Every score of arms and humans: half against half, and against everyone."""
    parts = [
        summarize(scores.drop_nulls(column), column, evaluation, SHARE).with_columns(
            measure=pl.lit(label)
        )
        for column, label in READINGS.items()
    ]
    parts += [] if scores["precision_half"].count() else [_no_ceiling(evaluation)]
    rows = arm_tables.name_arms(pl.concat(parts, how="diagonal"), labels, REFERENCE)
    keys = ["measure", "M Type", "M Class"]
    rows = arm_tables.columns_first(rows.sort("measure", maintain_order=True), keys)
    ks, note = evaluation.precision_at, arm_tables.unit_note(scores)
    arm_tables.write_by_k(stem, rows, keys, ks, heading="K=", note=note)


def _no_ceiling(evaluation: Evaluation) -> pl.DataFrame:
    """Rows that say why there is no half of the humans."""
    names = {"model": "-", "method": "human", "note": arm_tables.NO_PARTICIPANTS}
    halves = [label for column, label in READINGS.items() if column.endswith("_half")]
    return pl.DataFrame(
        [{**names, "measure": label, "k": k} for label in halves for k in evaluation.precision_at]
    )


def write_lists(
    stem: str,
    files: Sequence[str],
    scores: pl.DataFrame,
    labels: Labels,
    evaluation: Evaluation,
) -> None:
    """Quality of the lists: unparsable, short, cut, duplicates, ...; P@K of parsable ones."""
    found = pl.DataFrame(
        [_list_row(file, scores, evaluation) for file in files], infer_schema_length=None
    )
    ks = [f"P@{k}" for k in evaluation.precision_at]
    columns: Columns = {
        **arm_tables.texts("M Type", "M Class", "seed"),
        "cues": "n_cues",
        **{name: arm_tables.number(name) for name in ("unparsable", "short", "cut")},
        "length": arm_tables.number("length", ".1f"),
        **{name: arm_tables.number(name) for name in ("duplicates", "diversity")},
        "order ρ": arm_tables.interval("order_rho"),
        "cues with ρ": "order_rho_n",
        "parsable": "n_parsable",
        **{f"{k}, parsable": arm_tables.number(k) for k in ks},
    }
    arm_tables.write_rows(stem, arm_tables.name_arms(found, labels), columns)


def _list_row(file: str, scores: pl.DataFrame, evaluation: Evaluation) -> dict[str, Any]:
    """A row of the table of lists: of an arm and seed."""
    lists, (model, arm) = read_jsonl(Path(file)), arm_tables.list_arm_of(file)
    mine = pl.col("seed").eq_missing(pl.lit(arm.seed, pl.Int64))
    parsable = scores.filter(mine, pl.col("parsable"), model=model, method=arm.method)
    own = scores.filter(mine, model=model, method=arm.method, k=max(evaluation.precision_at))
    rhos = own.drop_nulls("order_rho").with_columns(value="order_rho")
    order = interval_of(rhos, evaluation.confidence, bounds=(-1, 1)) if len(rhos) else None
    fewest = evaluation.lower if evaluation.bounds == "fixed" else max(evaluation.precision_at)
    return {
        **{"model": model, "method": arm.method, "seed": arm.seed, "n_cues": len(lists)},
        **describe_lists(lists, fewest),
        "order_rho": order and order.mean,
        "order_rho_low": order and order.low,
        "order_rho_high": order and order.high,
        "order_rho_n": len(rhos),
        "n_parsable": parsable["cue"].n_unique(),
        **{f"P@{k}": parsable.filter(k=k)["precision"].mean() for k in evaluation.precision_at},
    }


def write_decoding(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Precision of every arm under every prompt and decoding that was run."""
    parts = [
        summarize(group, "precision", evaluation, SHARE).with_columns(
            prompt=pl.lit(prompt), decoding=pl.lit(decoding)
        )
        for (prompt, decoding), group in scores.group_by("prompt", "decoding", maintain_order=True)
    ]
    keys = ["prompt", "decoding", "M Type", "M Class"]
    rows = arm_tables.columns_first(arm_tables.name_arms(pl.concat(parts), labels, REFERENCE), keys)
    note = arm_tables.unit_note(scores)
    arm_tables.write_by_k(stem, rows, keys, evaluation.precision_at, note=note)


def precision_lines(scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> pl.DataFrame:
    """Points of the precision figure.

    Args:
        scores: Scores of arms and references, all cultures.

    Returns:
        ``culture, arm, model, method, k, mean, low, high, n_cues, reference``: against ``all
        humans``, then against ``half of the humans``.
    """
    parts = [
        summarize(group.drop_nulls(column), column, evaluation, SHARE).with_columns(
            culture=pl.lit(culture), reference=pl.lit(reference)
        )
        for column, reference in (
            ("precision", "all humans"),
            ("precision_half", "half of the humans"),
        )
        for (culture,), group in scores.group_by("culture", maintain_order=True)
    ]
    rows = arm_tables.name_arms(pl.concat(parts), labels, REFERENCE).sort(
        "reference",
        *arm_tables.places(culture=scores["culture"].unique(maintain_order=True)),
        maintain_order=True,
    )
    whole = pl.col("M Class") + ", " + pl.col("M Type")
    arm = pl.when(model="-").then("M Type").otherwise(whole).alias("arm")
    return rows.select(
        *("culture", arm, "model", "method"), *("k", "mean", "low", "high", "n_cues", "reference")
    )
