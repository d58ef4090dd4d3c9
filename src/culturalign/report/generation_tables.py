"""Tables 1 and 2 of the paper, with differences, the human ceiling, lists and decodings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report.arm_tables import (
    TITLES,
    Columns,
    Labels,
    arm_of,
    contrast_pairs,
    difference,
    in_front,
    name_arms,
    number,
    place,
    texts,
    title_arms,
    write_by_k,
    write_rows,
)
from culturalign.stats.summary import contrast, describe_lists, summarize

REFERENCE = {"human": "Half of the humans", "frequent": "Most frequent responses"}
BASELINE = ("-", "frequent")
READINGS = {
    "precision": "P@K, all humans",
    "topk_overlap": "overlap@K, all humans",
    "precision_half": "P@K, half of the humans",
    "topk_overlap_half": "overlap@K, half of the humans",
}
"""Score of a list -> its name in the table of the ceiling."""


def read_scores(arms: Sequence[str], references: Sequence[str] = ()) -> pl.DataFrame:
    """Scores of cues of several arms, and of the references under the model ``-``."""
    tables = [pl.read_parquet(path) for path in arms]
    tables += [pl.read_parquet(path).with_columns(model=pl.lit("-")) for path in references]
    return pl.concat(tables, how="diagonal")


def write_main(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """The paper's table: M Type, M Class, SWOW, P@K, with intervals over cues."""
    means = summarize(scores, "precision", evaluation)
    rows = title_arms(means, labels, culture=scores["culture"][0], then=["k"])
    write_by_k(stem, rows, TITLES, evaluation.precision_at)


def write_contrasts(
    stem: str,
    scores: pl.DataFrame,
    labels: Labels,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> None:
    """Paired differences of precision: SFT minus vanilla, minus control, minus baseline."""
    pairs = contrast_pairs(scores, controls, BASELINE)
    rows = contrast(scores, pairs, "precision", evaluation)
    rows = name_arms(rows, labels, REFERENCE, ["k"])
    rows = rows.with_columns(Difference=difference(labels, REFERENCE))
    keys, cues = ["M Class", "Difference"], {"cues": "n_cues"}
    write_by_k(stem, rows, keys, evaluation.precision_at, after=cues)


def write_ceiling(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Every score of arms and humans: half against half, and against everyone."""
    parts = [
        summarize(scores.drop_nulls(column), column, evaluation).with_columns(measure=pl.lit(label))
        for column, label in READINGS.items()
    ]
    rows = name_arms(pl.concat(parts), labels, REFERENCE, ["k"])
    keys = ["measure", "M Type", "M Class"]
    rows = in_front(rows.sort("measure", maintain_order=True), keys)
    write_by_k(stem, rows, keys, evaluation.precision_at, heading="K=")


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
        **texts("M Type", "M Class", "seed"),
        "cues": "n_cues",
        **{name: number(name) for name in ("unparsable", "short", "cut")},
        "length": number("length", ".1f"),
        **{name: number(name) for name in ("duplicates", "diversity")},
        "parsable": "n_parsable",
        **{f"{k}, parsable": number(k) for k in ks},
    }
    write_rows(stem, name_arms(found, labels), columns)


def _list_row(file: str, scores: pl.DataFrame, evaluation: Evaluation) -> dict[str, Any]:
    """A row of the table of lists: of an arm and seed."""
    lists, (model, arm) = read_jsonl(Path(file)), arm_of(file)
    mine = pl.col("seed").eq_missing(pl.lit(arm.seed, pl.Int64))
    parsable = scores.filter(mine, pl.col("parsable"), model=model, method=arm.method)
    return {
        **{"model": model, "method": arm.method, "seed": arm.seed, "n_cues": len(lists)},
        **describe_lists(lists, evaluation.lower),
        "n_parsable": parsable["cue"].n_unique(),
        **{f"P@{k}": parsable.filter(k=k)["precision"].mean() for k in evaluation.precision_at},
    }


def write_decoding(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Precision of every arm under every prompt and decoding that was run."""
    parts = [
        summarize(group, "precision", evaluation).with_columns(
            prompt=pl.lit(prompt), decoding=pl.lit(decoding)
        )
        for (prompt, decoding), group in scores.group_by("prompt", "decoding", maintain_order=True)
    ]
    keys = ["prompt", "decoding", "M Type", "M Class"]
    rows = in_front(name_arms(pl.concat(parts), labels, REFERENCE, ["k"]), keys)
    write_by_k(stem, rows, keys, evaluation.precision_at)


def precision_lines(scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> pl.DataFrame:
    """Points of the precision figure.

    Args:
        scores: Of arms and references, all cultures.
        labels: As in ``arm_tables``.
        evaluation: Settings of the intervals.

    Returns:
        ``culture, arm, k, mean, low, high, n_cues, reference``: against ``all humans``, then
        against ``half of the humans``.
    """
    parts = [
        summarize(group.drop_nulls(column), column, evaluation).with_columns(
            culture=pl.lit(culture), reference=pl.lit(reference)
        )
        for column, reference in (
            ("precision", "all humans"),
            ("precision_half", "half of the humans"),
        )
        for (culture,), group in scores.group_by("culture", maintain_order=True)
    ]
    rows = name_arms(pl.concat(parts), labels, REFERENCE, ["k"]).sort(
        "reference",
        place("culture", scores["culture"].unique(maintain_order=True)),
        maintain_order=True,
    )
    whole = pl.col("M Class") + ", " + pl.col("M Type")
    arm = pl.when(model="-").then("M Type").otherwise(whole).alias("arm")
    return rows.select("culture", arm, "k", "mean", "low", "high", "n_cues", "reference")
