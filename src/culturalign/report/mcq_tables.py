"""Table 9: an example of the four categories, and how often arms choose the right one."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.data.mcq_questions import CATEGORIES
from culturalign.report import arm_tables
from culturalign.report.arm_tables import Columns, Labels
from culturalign.report.ranking_tables import summaries
from culturalign.scores.mcq_scores import RIGHT

CHANCE = 1 / len(CATEGORIES)
REFERENCE = {"frequent": "Most frequent words"}
"""What needs no model: ``mcq_scores.frequent_choices``."""
LEAD = ["SWOW", "scoring", "M Type", "M Class"]


def write_example(
    stem: str, questions: Mapping[str, Sequence[Mapping[str, Any]]], labels: Labels
) -> None:
    """The paper's table 9: the categories with their words.

    Args:
        questions: Culture -> its questions, of which the first is shown.
    """
    rows = [
        (labels["cultures"][culture], question["cue"], label, ", ".join(words[category]))
        for culture, (question, *_) in questions.items()
        for words in [question["options"]]
        for category, label in CATEGORIES.items()
    ]
    names = ["SWOW", "Cue", "Category", "Words"]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    arm_tables.write_rows(stem, table, arm_tables.texts(*names))


def write_accuracy(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Share of the cues with each category chosen; that of the right one is the accuracy.

    Args:
        scores: ``culture, model, method, seed, cue, scoring, mass`` and the categories; ``cluster``
            of the cue, if cues come in clusters. The model of references is ``-``.
    """
    right = {RIGHT: "accuracy", f"{RIGHT}_low": "accuracy_low", f"{RIGHT}_high": "accuracy_high",
             f"{RIGHT}_n": "n_cues", f"{RIGHT}_df": "accuracy_df"}  # fmt: skip
    front = [pl.col(name).alias(new) for name, new in right.items()]
    parts = []
    for (culture, scoring), rows in scores.group_by("culture", "scoring", maintain_order=True):
        cues = rows.with_columns(k=pl.lit(len(CATEGORIES)))
        found = arm_tables.name_arms(
            summaries(cues, [*CATEGORIES, "mass"], evaluation), labels, REFERENCE
        ).with_columns(SWOW=pl.lit(labels["cultures"][culture]), scoring=pl.lit(scoring))
        parts.append(
            found.select(*LEAD, *front, pl.lit(CHANCE).alias("chance"), pl.exclude("k", *LEAD))
        )
    columns: Columns = {
        **arm_tables.texts(*LEAD),
        "Accuracy": arm_tables.interval(RIGHT),
        "chance": arm_tables.number("chance", ".2f"),
        **{
            f"chose {label}": arm_tables.number(name)
            for name, label in CATEGORIES.items()
            if name != RIGHT
        },
        "mass": arm_tables.number("mass"),
        "cues": "n_cues",
    }
    note = arm_tables.unit_note(scores)
    arm_tables.write_rows(stem, pl.concat(parts), columns, note=note)
