"""Tables of the persona read-out: every arm; every pair of arms, every arm and constant answer.

``scores`` are those of :func:`culturalign.scores.persona_scores.score_questions` with ``culture,
model, method, seed`` in front. Intervals are over seeds and questions, which come in batteries;
tests pair questions, averaged over seeds. ``asked`` maps a method to the person its arms are asked
as, in the tables' order.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.data.survey.batteries import battery
from culturalign.report import arm_tables
from culturalign.report.arm_tables import Columns, Labels
from culturalign.report.survey.comparison import BOUNDS, flipped
from culturalign.stats.paired_tests import holm
from culturalign.stats.summary import SHARE, Bounds, interval_of, run_differences

MEASURES = {
    "accuracy": "accuracy",
    "validity": "valid",
    "accuracy_valid": "accuracy, valid only",
    "same": "same answer",
    "js": "JS",
    "kl": "KL",
    "emd": "EMD",
}
OF_VALID = ("accuracy_valid", "same", "js", "kl", "emd")
"""Only questions with a valid answer have these; in the table they follow the count of those."""
RANGES: dict[str, Bounds] = {
    **BOUNDS,
    **dict.fromkeys(("accuracy", "validity", "accuracy_valid", "same"), SHARE),
}
"""Range of each measure that has one."""
CONSTANT = {
    "first": "Always the first option",
    "majority": "Always people's commonest answer",
    "uniform": "Every option equally often",
}
"""Answers that need no model; their ``model`` is ``-``."""
COMPARED = ("accuracy", "js", "kl", "emd")
ARM = ["culture", "model", "method"]

ARMS_NOTE = (
    "Same answer 1: everybody is answered alike, as by any arm that does not know who the "
    "respondent is; a question with a single valid answer counts as 1 too. An arm that is not "
    "better than the constant answers (model -) shows no knowledge of the respondents; the tests "
    "are in the table with _contrasts in its name. The columns after 'questions with a valid "
    "answer', including JS, KL and EMD, are means over these questions only."
)
PAIRS_NOTE = (
    "Accuracy above 0, distances (JS, KL, EMD) below 0: the first is nearer to people. Paired by "
    "question, distances on the questions for which both have a valid answer. Holm's correction "
    "counts all rows of the same measure, including those against constant answers."
)


def arm_rows(scores: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """Means of each arm over the questions.

    Returns:
        ``culture, model, method``; ``respondents``; ``pairs`` of respondent and question; each of
        ``MEASURES`` with ``_low, _high`` and ``_n`` (questions that have it).
    """
    rows = []
    for key, block in _clustered(scores).group_by(*ARM, maintain_order=True):
        row: dict[str, Any] = dict(zip(ARM, key, strict=True))
        row |= {
            "respondents": block["respondents"].max(),
            "pairs": block.unique("question")["n"].sum(),
        }
        for name in MEASURES:
            values = _valued(block, name)
            found: tuple[float | None, ...] = (None, None, None, 0)
            if len(values):
                of = interval_of(
                    values, evaluation.confidence, unit="question", bounds=RANGES.get(name)
                )
                found = (of.mean, of.low, of.high, of.n)
            row |= dict(zip((name, f"{name}_low", f"{name}_high", f"{name}_n"), found, strict=True))
        rows.append(row)
    optional = {f"{m}{end}": pl.Float64 for m in MEASURES for end in ("", "_low", "_high")}
    return pl.DataFrame(rows, schema_overrides=optional)


def _clustered(scores: pl.DataFrame) -> pl.DataFrame:
    """Sorted, with the battery of each question as ``cluster``."""
    return scores.with_columns(battery()).sort(*ARM, "question", "seed")


def _valued(block: pl.DataFrame, measure: str) -> pl.DataFrame:
    """``question, seed, cluster, value`` of the questions that have a measure."""
    return block.select("question", "seed", "cluster", value=measure).drop_nulls("value")


def pair_rows(scores: pl.DataFrame, order: Sequence[str], evaluation: Evaluation) -> pl.DataFrame:
    """Paired differences of every two arms of a culture and model, and from constant answers.

    Args:
        order: Methods; the earlier is subtracted from the later. Those of ``CONSTANT`` are
            subtracted from every arm, and not compared with each other.
        evaluation: Settings of intervals and tests.

    Returns:
        ``culture, model, method, minus, measure``; ``difference, low, high``; ``n`` questions that
        both have; ``p`` by flipping signs of batteries, two-sided, null with few; ``p_holm``,
        corrected for all pairs of the same measure.
    """
    rows = []
    runs, constant = _clustered(scores), pl.col("model") == "-"
    for (culture, model), block in runs.filter(~constant).group_by(ARM[:2], maintain_order=True):
        arms = _of_methods(block, order)
        fixed = _of_methods(runs.filter(constant, culture=culture), list(CONSTANT))
        for before, after in [*combinations(arms, 2), *product(fixed, arms)]:
            names = after["method"][0], before["method"][0]
            for measure in COMPARED:
                shifts = run_differences(
                    _valued(after, measure), _valued(before, measure), ["question"]
                )
                if shifts.is_empty():
                    continue
                found = interval_of(shifts, evaluation.confidence, unit="question")
                ends = (found.mean, found.low, found.high, found.n)
                rows.append((culture, model, *names, measure, *ends, flipped(shifts, evaluation)))
    schema: dict[str, Any] = dict.fromkeys([*ARM, "minus", "measure"], pl.String)
    schema |= dict.fromkeys(["difference", "low", "high"], pl.Float64)
    table = pl.DataFrame(rows, schema=schema | {"n": pl.Int64, "p": pl.Float64}, orient="row")
    return table.with_columns(p_holm=holm(pl.col("p")).over("measure"))


def write_arms(stem: str, rows: pl.DataFrame, labels: Labels, asked: Mapping[str, str]) -> None:
    """Write :func:`arm_rows`; constant answers come last in their culture."""
    asked = _with_constant(asked)
    names = arm_tables.method_names(labels, CONSTANT)
    rows = rows.sort("culture", pl.col("model") == "-", "model", *arm_tables.places(method=asked))
    always = [name for name in MEASURES if name not in OF_VALID]
    columns: Columns = {
        "Culture": lambda row: labels["cultures"][row["culture"]],
        "M Class": lambda row: labels["models"].get(row["model"], "-"),
        "M Type": lambda row: names[row["method"]],
        "asked as": lambda row: asked[row["method"]],
        **arm_tables.texts("respondents"),
        **{"questions": "accuracy_n", "answers": "pairs"},
        **{MEASURES[name]: arm_tables.interval(name) for name in always},
        "questions with a valid answer": "js_n",
        **{MEASURES[name]: arm_tables.interval(name) for name in OF_VALID},
    }
    arm_tables.write_rows(stem, rows, columns, note=ARMS_NOTE)


def write_pairs(stem: str, rows: pl.DataFrame, labels: Labels, asked: Mapping[str, str]) -> None:
    """Write :func:`pair_rows`.

    Arms that are asked as different people differ in their question too, not only in training.
    """
    asked = _with_constant(asked)
    rows = rows.with_columns(
        pl.col("model").replace(labels["models"]).alias("M Class"),
        asked=pl.col("method").replace_strict(asked, return_dtype=pl.String),
        asked_minus=pl.col("minus").replace_strict(asked, return_dtype=pl.String),
    )
    shown = rows.with_columns(Difference=arm_tables.difference(labels, CONSTANT))
    columns: Columns = {
        "Culture": lambda row: labels["cultures"][row["culture"]],
        "M Class": lambda row: labels["models"][row["model"]],
        **arm_tables.texts("Difference"),
        "asked as": lambda row: f"{row['asked']} − {row['asked_minus']}",
        "measure": lambda row: MEASURES[row["measure"]],
        **{"mean": arm_tables.interval("difference", ""), "questions": "n"},
        **{"p": arm_tables.number("p"), "p (Holm)": arm_tables.number("p_holm")},
    }
    arm_tables.write_rows(stem, rows, columns, note=PAIRS_NOTE, shown=shown)


def _of_methods(means: pl.DataFrame, methods: Sequence[str]) -> list[pl.DataFrame]:
    """The rows of each method that has any."""
    blocks = [means.filter(method=name) for name in methods]
    return [block for block in blocks if len(block)]


def _with_constant(asked: Mapping[str, str]) -> dict[str, str]:
    return {**asked, **dict.fromkeys(CONSTANT, "-")}
