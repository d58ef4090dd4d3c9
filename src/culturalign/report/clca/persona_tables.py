"""Tables of the persona read-out: every arm; every pair of arms, every arm and constant answer.

``scores`` are those of :func:`culturalign.clca.readout.score_questions` with ``culture, model,
method, seed`` in front. Seeds of an arm are averaged; questions are what intervals resample and
tests pair.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import polars as pl

from culturalign.report.survey.comparison import holm
from culturalign.report.tables import cell, write_table
from culturalign.stats.distances import Array
from culturalign.stats.intervals import Interval
from culturalign.stats.paired_tests import wilcoxon

Labels = Mapping[str, Mapping[str, str]]
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
CONSTANT = {"first": "Always the first option", "majority": "Always people's commonest answer"}
"""Answers that need no model; their ``model`` is ``-``."""
COMPARED = ("accuracy", "js", "kl", "emd")
ARM = ["culture", "model", "method"]

ARMS_NOTE = (
    "Same answer 1: everybody is answered alike, as by any arm that is not told who the respondent "
    "is; a question with a single valid answer counts as 1 too. An arm that is no better than the "
    "constant answers (model -) shows no knowledge of the respondents; the tests are in the table "
    "with _contrasts in its name. The columns after 'questions with a valid answer', JS, KL and "
    "EMD among them, are means over these questions alone."
)
PAIRS_NOTE = (
    "Accuracy above 0, distances (JS, KL, EMD) below 0: the first is nearer to people. Paired by "
    "question, distances on the questions for which both have a valid answer. Holm's correction "
    "counts all rows of the same measure, those against constant answers too."
)


def question_means(scores: pl.DataFrame) -> pl.DataFrame:
    """Mean over seeds of each question's scores."""
    kept = [pl.col(name).mean() for name in MEASURES] + [pl.col("n", "respondents").max()]
    return scores.group_by(*ARM, "question").agg(*kept).sort(*ARM, "question")


def arm_rows(scores: pl.DataFrame, interval: Callable[[Array], Interval]) -> pl.DataFrame:
    """Means of each arm over the questions.

    Returns:
        ``culture, model, method``; ``respondents``; ``pairs`` of respondent and question; each of
        ``MEASURES`` with ``_low, _high`` and ``_n`` (questions that have it).
    """
    rows = []
    for key, block in question_means(scores).group_by(*ARM, maintain_order=True):
        row: dict[str, Any] = dict(zip(ARM, key, strict=True))
        row |= {"respondents": block["respondents"].max(), "pairs": block["n"].sum()}
        for name in MEASURES:
            values = block[name].drop_nulls()
            found = interval(values.to_numpy()) if len(values) else None
            row |= {name: found.mean if found else None, f"{name}_n": len(values)}
            several = found if len(values) > 1 else None  # one question has no interval
            row |= {f"{name}_{end}": getattr(several, end, None) for end in ("low", "high")}
        rows.append(row)
    optional = {f"{m}{end}": pl.Float64 for m in MEASURES for end in ("", "_low", "_high")}
    return pl.DataFrame(rows, schema_overrides=optional)


def pair_rows(
    scores: pl.DataFrame, order: Sequence[str], interval: Callable[[Array], Interval]
) -> pl.DataFrame:
    """Paired differences of every two arms of a culture and model, and from constant answers.

    Args:
        scores: As the module describes.
        order: Methods; the earlier is subtracted from the later. Those of ``CONSTANT`` are
            subtracted from every arm, and not compared with each other.
        interval: Bootstrap of a mean.

    Returns:
        ``culture, model, method, minus, measure``; ``difference, low, high``; ``n`` questions that
        both have; ``p``, Wilcoxon's, two-sided; ``p_holm``, corrected for all pairs of the same
        measure.
    """
    rows = []
    means, constant = question_means(scores), pl.col("model") == "-"
    for (culture, model), block in means.filter(~constant).group_by(ARM[:2], maintain_order=True):
        arms = _of_methods(block, order)
        fixed = _of_methods(means.filter(constant, culture=culture), list(CONSTANT))
        for before, after in [*combinations(arms, 2), *product(fixed, arms)]:
            names = after["method"][0], before["method"][0]
            both = after.join(before, on="question", suffix="_minus")
            for measure in COMPARED:
                known = both.drop_nulls([measure, f"{measure}_minus"])
                if known.is_empty():
                    continue
                differences = (known[measure] - known[f"{measure}_minus"]).to_numpy()
                found, (p, _) = interval(differences), wilcoxon(differences)
                ends = (found.low, found.high) if found.n > 1 else (None, None)
                rows.append((culture, model, *names, measure, found.mean, *ends, found.n, p))
    schema: dict[str, Any] = dict.fromkeys([*ARM, "minus", "measure"], pl.String)
    schema |= dict.fromkeys(["difference", "low", "high"], pl.Float64)
    table = pl.DataFrame(rows, schema=schema | {"n": pl.Int64, "p": pl.Float64}, orient="row")
    corrected = pl.col("p").map_batches(lambda p: pl.Series(holm(p.to_list()), dtype=pl.Float64),
                                        pl.Float64)  # fmt: skip
    return table.with_columns(p_holm=corrected.over("measure"))


def write_arms(stem: str, rows: pl.DataFrame, labels: Labels, asked: Mapping[str, str]) -> None:
    """Write :func:`arm_rows`.

    Args:
        stem: Path without ending.
        rows: In any order; those of ``CONSTANT`` come last in their culture.
        labels: Of models, methods and cultures.
        asked: Method -> as whom its arms are asked, in the order of the table.
    """
    asked = _with_constant(asked)
    ordered = rows.sort(
        "culture", pl.col("model") == "-", "model", pl.col("method").replace_strict(_places(asked))
    )
    names, always = _names(labels), [name for name in MEASURES if name not in OF_VALID]
    shown = [
        [labels["cultures"][row["culture"]], labels["models"].get(row["model"], "-")]
        + [names[row["method"]], asked[row["method"]]]
        + [str(row[name]) for name in ("respondents", "accuracy_n", "pairs")]
        + [_cell(row, name) for name in always]
        + [str(row["js_n"])]
        + [_cell(row, name) for name in OF_VALID]
        for row in ordered.iter_rows(named=True)
    ]
    header = ["Culture", "M Class", "M Type", "asked as", "respondents", "questions", "answers"]
    header += [MEASURES[name] for name in always]
    header += ["questions with a valid answer", *(MEASURES[name] for name in OF_VALID)]
    write_table(stem, ordered, shown, header, note=ARMS_NOTE)


def write_pairs(stem: str, rows: pl.DataFrame, labels: Labels, asked: Mapping[str, str]) -> None:
    """Write :func:`pair_rows`; ``asked`` as for :func:`write_arms`, here of both sides.

    Arms that are asked as different people differ in their question too, not in training alone.
    """
    names, asked = _names(labels), _with_constant(asked)
    rows = rows.with_columns(
        asked=pl.col("method").replace_strict(asked, return_dtype=pl.String),
        asked_minus=pl.col("minus").replace_strict(asked, return_dtype=pl.String),
    )
    shown = [
        [labels["cultures"][row["culture"]], labels["models"][row["model"]]]
        + [f"{names[row['method']]} − {names[row['minus']]}"]
        + [f"{row['asked']} − {row['asked_minus']}", MEASURES[row["measure"]]]
        + [_with_interval(row["difference"], row["low"], row["high"]), str(row["n"])]
        + [f"{row['p']:.3f}", f"{row['p_holm']:.3f}"]
        for row in rows.iter_rows(named=True)
    ]
    header = ["Culture", "M Class", "Difference", "asked as", "measure", "mean", "questions", "p",
              "p (Holm)"]  # fmt: skip
    write_table(stem, rows, shown, header, note=PAIRS_NOTE)


def _of_methods(means: pl.DataFrame, methods: Sequence[str]) -> list[pl.DataFrame]:
    """The rows of each method that has any."""
    blocks = [means.filter(method=name) for name in methods]
    return [block for block in blocks if len(block)]


def _with_constant(asked: Mapping[str, str]) -> dict[str, str]:
    return {**asked, **dict.fromkeys(CONSTANT, "-")}


def _places(names: Mapping[str, str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _names(labels: Labels) -> dict[str, str]:
    return {"vanilla": "Vanilla", **labels["methods"], **CONSTANT}


def _cell(row: Mapping[str, Any], name: str) -> str:
    if row[name] is None:
        return "-"
    return _with_interval(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _with_interval(mean: float, low: float | None, high: float | None) -> str:
    return f"{mean:.3f}" if low is None or high is None else cell(mean, low, high)
