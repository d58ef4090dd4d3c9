"""Tables of generation scores: tables 1 and 2 of the paper, and what stands beside them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.arms import parse_arm
from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report.tables import pivot_cells, write_table
from culturalign.stats.summary import contrast, contrast_pairs, describe_lists, summarize

Labels = Mapping[str, Mapping[str, str]]
REFERENCE = {"human": "Half of the humans", "frequent": "Most frequent responses"}
BASELINE = ("-", "frequent")


def read_scores(precision: Sequence[str], references: Sequence[str] = ()) -> pl.DataFrame:
    """Scores of cues of several arms, and of the references under the model ``-``."""
    tables = [pl.read_parquet(path) for path in precision]
    tables += [pl.read_parquet(path).with_columns(model=pl.lit("-")) for path in references]
    return pl.concat(tables, how="diagonal")


def named(
    rows: pl.DataFrame,
    labels: Labels,
    order: Sequence[str],
    reference: Mapping[str, str] = REFERENCE,
) -> pl.DataFrame:
    """Add the labels ``M Type`` and ``M Class``; models as configured, methods in order."""
    methods = {"vanilla": "Vanilla", **labels["methods"], **reference}
    models = {**labels["models"], "-": "-"}
    ranked = {name: place for place, name in enumerate([*order, *reference])}
    return (
        rows.with_columns(
            pl.col("method").replace(methods).alias("M Type"),
            pl.col("model").replace(models).alias("M Class"),
            place=pl.col("method").replace_strict(ranked, return_dtype=pl.Int64),
            column=pl.col("model").replace_strict({m: i for i, m in enumerate(models)}),
        )
        .sort("column", "place", "k", maintain_order=True)
        .drop("place", "column")
    )


def write_main(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """The paper's table: M Type, M Class, SWOW, P@K, with intervals over cues."""
    rows = named(summarize(scores, "precision", evaluation), labels, order_of(labels))
    culture = labels["cultures"][scores["culture"][0]]
    swow = pl.when(pl.col("method") == "vanilla").then(pl.lit("-")).otherwise(pl.lit(culture))
    rows = rows.with_columns(swow.alias("SWOW"))
    keys = ["M Type", "M Class", "SWOW"]
    header = [*keys, *(f"P@{k}" for k in evaluation.precision_at)]
    write_table(stem, rows.select(*keys, pl.exclude(keys)), pivot_cells(rows, keys), header)


def write_contrasts(
    stem: str,
    scores: pl.DataFrame,
    labels: Labels,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> None:
    """Paired differences of precision: SFT minus vanilla, minus control, minus baseline."""
    arms = scores.filter(pl.col("model") != "-").select("model", "method").unique().sort("model")
    pairs = contrast_pairs(list(arms.iter_rows()), controls, BASELINE)
    header = ["M Class", "Difference", *(f"P@{k}" for k in evaluation.precision_at), "cues"]
    if not pairs:
        write_table(stem, pl.DataFrame(schema={"model": pl.String}), [], header)
        return
    rows = contrast(scores, pairs, "precision", evaluation)
    rows = named(rows, labels, order_of(labels))
    names = {"vanilla": "Vanilla", **labels["methods"], **REFERENCE}
    rows = rows.with_columns(Difference=pl.col("M Type") + " − " + pl.col("minus").replace(names))
    cells = pivot_cells(rows, ["M Class", "Difference"])
    count = str(rows["n_cues"][0])
    write_table(stem, rows, [[*row, count] for row in cells], header)


def write_ceiling(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """All readings side by side, with the humans: half against half, and against everyone."""
    measures = {
        "precision": "P@K, all humans",
        "topk_overlap": "overlap@K, all humans",
        "precision_half": "P@K, half of the humans",
        "topk_overlap_half": "overlap@K, half of the humans",
    }
    parts = []
    for column, label in measures.items():
        rows = summarize(scores.drop_nulls(column), column, evaluation)
        parts.append(rows.with_columns(measure=pl.lit(label)))
    rows = named(pl.concat(parts), labels, order_of(labels)).sort("measure", maintain_order=True)
    keys = ["measure", "M Type", "M Class"]
    header = [*keys, *(f"K={k}" for k in evaluation.precision_at)]
    write_table(stem, rows.select(*keys, pl.exclude(keys)), pivot_cells(rows, keys), header)


def write_lists(
    stem: str,
    files: Sequence[str],
    scores: pl.DataFrame,
    labels: Labels,
    evaluation: Evaluation,
) -> None:
    """Quality of the lists: unparsable, short, cut, duplicates, ...; P@K of parsable ones."""
    rows = []
    for file in files:
        model, arm = Path(file).parts[-3:-1]
        method, seed = parse_arm(arm).method, parse_arm(arm).seed
        lists = read_jsonl(Path(file))
        mine = pl.col("seed").is_null() if seed is None else pl.col("seed") == seed
        chosen = (pl.col("model") == model) & (pl.col("method") == method) & mine
        rows.append(
            {"model": model, "method": method, "seed": seed, "k": 0, "n_cues": len(lists)}
            | describe_lists(lists, evaluation.lower)
            | _parsable_precision(scores.filter(chosen & pl.col("parsable")), evaluation)
        )
    table = named(pl.DataFrame(rows, infer_schema_length=None), labels, order_of(labels)).drop("k")
    ks = [f"P@{k}" for k in evaluation.precision_at]
    header = ["M Type", "M Class", "seed", "cues", "unparsable", "short", "cut", "length",
              "duplicates", "diversity", "parsable", *(f"{k}, parsable" for k in ks)]  # fmt: skip
    shown = [
        [row["M Type"], row["M Class"], _or_dash(row["seed"], "d"), str(row["n_cues"])]
        + [f"{row[name]:.3f}" for name in ("unparsable", "short", "cut")]
        + [f"{row['length']:.1f}", f"{row['duplicates']:.3f}", f"{row['diversity']:.3f}"]
        + [str(row["n_parsable"]), *(_or_dash(row[k], ".3f") for k in ks)]
        for row in table.iter_rows(named=True)
    ]
    write_table(stem, table, shown, header)


def _parsable_precision(scores: pl.DataFrame, evaluation: Evaluation) -> dict[str, Any]:
    means = {
        f"P@{k}": scores.filter(pl.col("k") == k)["precision"].mean()
        for k in evaluation.precision_at
    }
    return {"n_parsable": scores["cue"].n_unique(), **means}


def _or_dash(value: Any, form: str) -> str:
    return "-" if value is None else format(value, form)


def write_decoding(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Precision of every arm under every prompt and decoding that was run."""
    parts = []
    for (prompt, decoding), group in scores.group_by("prompt", "decoding", maintain_order=True):
        rows = summarize(group, "precision", evaluation)
        parts.append(rows.with_columns(prompt=pl.lit(prompt), decoding=pl.lit(decoding)))
    rows = named(pl.concat(parts), labels, order_of(labels))
    keys = ["prompt", "decoding", "M Type", "M Class"]
    header = [*keys, *(f"P@{k}" for k in evaluation.precision_at)]
    write_table(stem, rows.select(*keys, pl.exclude(keys)), pivot_cells(rows, keys), header)


def order_of(labels: Labels) -> list[str]:
    """Methods in the order of tables: vanilla, then as configured."""
    return ["vanilla", *labels["methods"]]


def precision_lines(
    scores: pl.DataFrame, labels: Labels, evaluation: Evaluation
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Points of the precision figure.

    Args:
        scores: Of arms and references, all cultures.

    Returns:
        ``culture, arm, k, mean, low, high`` against all humans, and against half of them.
    """
    lines = []
    for column in ("precision", "precision_half"):
        parts = []
        for (culture,), group in scores.group_by("culture", maintain_order=True):
            rows = summarize(group.drop_nulls(column), column, evaluation)
            parts.append(rows.with_columns(culture=pl.lit(culture)))
        rows = named(pl.concat(parts), labels, order_of(labels))
        cultures = scores["culture"].unique(maintain_order=True).to_list()
        place = pl.col("culture").replace_strict({c: i for i, c in enumerate(cultures)})
        whole = pl.col("M Class") + ", " + pl.col("M Type")
        arm = pl.when(pl.col("model") == "-").then(pl.col("M Type")).otherwise(whole).alias("arm")
        rows = rows.sort(place, maintain_order=True)
        lines.append(rows.select("culture", arm, "k", "mean", "low", "high", "n_cues"))
    return lines[0], lines[1]


def stacked(everyone: pl.DataFrame, half: pl.DataFrame) -> pl.DataFrame:
    """The two tables of :func:`precision_lines` as one, told apart by ``reference``."""
    return pl.concat(
        [
            everyone.with_columns(reference=pl.lit("all humans")),
            half.with_columns(reference=pl.lit("half of the humans")),
        ]
    )
