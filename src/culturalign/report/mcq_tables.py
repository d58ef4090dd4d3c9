"""Table 9: an example of the four categories, and how often arms choose the right one."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.data.mcq_questions import CATEGORIES
from culturalign.report.generation_tables import Labels, named, order_of
from culturalign.report.ranking_tables import summaries
from culturalign.report.tables import cell, write_table
from culturalign.scores.mcq_scores import RIGHT

CHANCE = 1 / len(CATEGORIES)


def write_example(
    stem: str, questions: Mapping[str, Mapping[str, Any]], labels: Labels, separator: str = ", "
) -> None:
    """The paper's table 9: the categories with their words.

    Args:
        stem: Path without ending.
        questions: Culture -> one of its questions.
        labels: Names shown.
        separator: Between words.
    """
    rows = [
        (
            labels["cultures"][culture],
            question["cue"],
            label,
            separator.join(question["options"][c]),
        )
        for culture, question in questions.items()
        for c, label in CATEGORIES.items()
    ]
    names = ["SWOW", "Cue", "Category", "Words"]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    write_table(stem, table, table.rows(), names)


def write_accuracy(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Share of the cues with each category chosen; that of the right one is the accuracy.

    Args:
        stem: Path without ending.
        scores: ``culture, model, method, seed, cue, scoring, mass`` and the categories.
        labels: Names shown.
        evaluation: Of the intervals.
    """
    parts = []
    for (culture, scoring), rows in scores.group_by("culture", "scoring", maintain_order=True):
        found = summaries(
            rows.with_columns(k=pl.lit(len(CATEGORIES))), [*CATEGORIES, "mass"], evaluation
        )
        parts.append(
            named(found, labels, order_of(labels), {}).select(
                pl.lit(labels["cultures"][culture]).alias("SWOW"),
                pl.lit(scoring).alias("scoring"),
                "M Type",
                "M Class",
                pl.col(RIGHT).alias("accuracy"),
                pl.col(f"{RIGHT}_low").alias("accuracy_low"),
                pl.col(f"{RIGHT}_high").alias("accuracy_high"),
                pl.col(f"{RIGHT}_n").alias("n_cues"),
                pl.lit(CHANCE).alias("chance"),
                pl.exclude("k", "M Type", "M Class"),
            )
        )
    table = pl.concat(parts)
    write_table(stem, table, [_shown(row) for row in table.iter_rows(named=True)], HEADER)


HEADER = ["SWOW", "scoring", "M Type", "M Class", "Accuracy", "chance",
          *(f"chose {label}" for name, label in CATEGORIES.items() if name != RIGHT),
          "mass", "cues"]  # fmt: skip


def _shown(row: Mapping[str, Any]) -> Sequence[str]:
    accuracy = cell(
        row["accuracy"], row["accuracy_low"], row["accuracy_high"], row[f"{RIGHT}_seed_sd"]
    )
    others = [f"{row[name]:.3f}" for name in (*list(CATEGORIES)[1:], "mass")]
    lead = [row[name] for name in HEADER[:4]]
    return [*lead, accuracy, f"{row['chance']:.2f}", *others, str(row["n_cues"])]
