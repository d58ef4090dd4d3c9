"""Arms and the survey: means over questions, tests of differences, threshold curves.

Scores are those of ``survey_distances.score_arm`` with ``model, culture`` (null for vanilla),
``method, seed`` in front. Intervals are over seeds and questions, which come in batteries; tests
pair questions, averaged over seeds. Each country has the questions of one language.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from culturalign.arms import swapped_name
from culturalign.config.evaluate import Evaluation
from culturalign.data.survey.batteries import battery
from culturalign.data.survey.topics import number_of
from culturalign.report.arm_tables import arm_of
from culturalign.stats.distances import Array
from culturalign.stats.paired_tests import crossed_t
from culturalign.stats.permutation import sign_flip
from culturalign.stats.summary import SHARE, Bounds, group_intervals, runs_of

NAMES = {"js": "Jensen-Shannon distance", "emd": "earth mover's distance, positional"}
"""Axis titles of the measures."""
ORDERS = {"plain": "options in the plain order", "debiased": "average over orders of the options"}
"""Title of a figure: whose answers it shows."""


def arm_label(rows: pl.DataFrame) -> pl.Expr:
    """Name of an arm in a legend, with its culture if arms of several would have the same."""
    arm = pl.col("M Class") + ", " + pl.col("M Type")
    named = rows.drop_nulls("culture").group_by("country", "M Class", "M Type")
    cultures = named.agg(pl.col("culture").n_unique())
    if not (cultures["culture"] > 1).any():
        return arm.alias("arm")
    return (
        # a swapped arm's label has its culture already
        pl.when(pl.col("culture").is_null() | pl.col("method").str.contains("@"))
        .then(arm)
        .otherwise(pl.format("{} ({})", arm, "SWOW"))
        .alias("arm")
    )


ARM = ["model", "culture", "method"]
"""An arm in a table: all its seeds together."""
CELL = [*ARM, "country", "scoring", "measure"]
MEASURES = ("js", "emd")
"""The paper's two, table 7."""
BOUNDS: dict[str, Bounds] = {
    **dict.fromkeys(("js", "uniform_js"), (0.0, float(np.sqrt(np.log(2))))),
    **dict.fromkeys(("emd", "emd_ordinal", "mass", "order_effect"), SHARE),
}
"""Range of each measure that has one."""
GRIDS = {"js": np.linspace(0, 0.84, 85), "emd": np.linspace(0, 1, 101)}
"""Thresholds in steps of 0.01, over the range of each measure."""


def question_runs(scores: pl.DataFrame, measures: Sequence[str] = MEASURES) -> pl.DataFrame:
    """Every question that a measure applies to, for each seed, sorted by arm and number.

    Returns:
        ``model, culture, method, country, scoring, measure, question, seed, value`` and
        ``cluster``, the battery.

    Raises:
        ValueError: If a question is scored twice for one arm, seed, country and scoring, as when
            scores in two languages are mixed.
    """
    keys = [*ARM, "seed", "country", "scoring", "question"]
    twice = scores.filter(scores.select(keys).is_duplicated())
    if len(twice):
        raise ValueError(f"scored twice: {twice.select(keys).row(0, named=True)}")
    long = scores.unpivot(measures, index=keys, variable_name="measure").drop_nulls("value")
    return long.with_columns(battery()).sort(*CELL, number_of(), "seed")


def question_scores(scores: pl.DataFrame, measures: Sequence[str] = MEASURES) -> pl.DataFrame:
    """Mean over seeds of :func:`question_runs`: the same columns without ``seed``."""
    runs = question_runs(scores, measures)
    return runs.group_by(*CELL, "question", "cluster", maintain_order=True).agg(
        pl.col("value").mean()
    )


def summarize_arms(
    scores: pl.DataFrame, evaluation: Evaluation, measures: Sequence[str] = MEASURES
) -> pl.DataFrame:
    """Mean of each measure over the questions, with its interval.

    Returns:
        ``model, culture, method, country, scoring, measure``; ``mean, low, high``; ``n``
        questions; ``n_clusters`` batteries; ``n_seeds``.
    """
    runs = question_runs(scores, measures)
    return group_intervals(runs, CELL, evaluation.confidence, unit="question", bounds=BOUNDS)


def flipped(shifts: pl.DataFrame, evaluation: Evaluation) -> float | None:
    """P of differences ``question, seed, cluster, value`` by flipping signs of batteries.

    Flipping signs of differences averaged over training runs says nothing about further runs. With
    several runs, p is at least that of a t test that includes the variance between runs.
    """
    means = shifts.group_by("question", "cluster", maintain_order=True).agg(pl.col("value").mean())
    p = sign_flip(
        means["value"].to_numpy(),
        means["cluster"].to_list(),
        resamples=evaluation.resamples,
        seed=evaluation.seed,
    )
    if p is None or shifts["seed"].n_unique() < 2:
        return p
    return max(p, crossed_t(*runs_of(shifts, "question")) or 0.0)


def threshold_curves(
    scores: pl.DataFrame,
    measures: Sequence[str] = MEASURES,
    grids: Mapping[str, Array] = GRIDS,
) -> pl.DataFrame:
    """Share of questions with a distance below a threshold: paper, section 5.1, figures 2, 10.

    Returns:
        ``model, culture, method, country, scoring, measure, threshold, share, n``.
    """
    parts = []
    for key, block in question_scores(scores, measures).group_by(CELL, maintain_order=True):
        values = np.sort(block["value"].to_numpy())
        grid = grids[key[-1]]
        below = np.searchsorted(values, grid, side="left") / len(values)
        row = dict(zip(CELL, key, strict=True))
        row |= {"threshold": grid, "share": below, "n": len(values)}
        parts.append(pl.DataFrame(row, schema_overrides=dict.fromkeys(CELL, pl.String)))
    return pl.concat(parts)


def divergences(
    files: Sequence[Path], asked: Sequence[str], countries: Mapping[str, str]
) -> pl.DataFrame:
    """Distances of each arm to the people of the culture that it was asked about.

    Args:
        files: ``divergence.{language}.parquet`` of arms; a file may occur several times, once for
            each culture of that language.
        asked: For each file the culture.
        countries: Culture -> its country, whose rows are taken.

    Returns:
        The rows; methods as :func:`as_asked` names them.
    """
    return pl.concat(
        as_asked(pl.read_parquet(file).filter(country=countries[culture]), culture)
        for file, culture in zip(files, asked, strict=True)
    )


def read_arms(files: Sequence[Path], asked: str, left_out: Sequence[str] = ()) -> pl.DataFrame:
    """Tables of arms asked about one culture, without some methods such as controls."""
    return without(as_asked(pl.concat([pl.read_parquet(file) for file in files]), asked), left_out)


def as_asked(rows: pl.DataFrame, asked: str) -> pl.DataFrame:
    """With the name of a swapped arm where one was trained on another culture than that asked
    about: answers in one language are the same for all its cultures, names are not."""
    swapped = pl.col("culture").is_not_null() & (pl.col("culture") != asked)
    names = pl.format(swapped_name("{}", "{}"), "method", "culture")
    return rows.with_columns(method=pl.when(swapped).then(names).otherwise("method"))


def without(table: pl.DataFrame, methods: Sequence[str]) -> pl.DataFrame:
    """Leave methods out."""
    return table.filter(~pl.col("method").is_in(list(methods)))


def engines(records: Sequence[Path]) -> pl.DataFrame:
    """How the answers of arms were computed: ``model, culture, method, engine, dtype`` and
    ``lost``, the questions with an option whose label is several tokens, which has probability
    0.

    Several engines of an arm are joined by commas; of ``lost`` the largest counts. The records
    are the provenance of the arms' samples,
    ``.../{model}/{arm}/survey.{language}.json``.
    """
    rows = []
    for path in records:
        (model, arm), facts = arm_of(path), json.loads(Path(path).read_text(encoding="utf-8"))
        lost = facts["questions_with_lost_labels"]
        names = [arm.method, swapped_name(arm.method, arm.culture)] if arm.culture else [arm.method]
        numbers = facts["engine"], facts["dtype"], lost
        rows += [(model, arm.culture, method, *numbers) for method in names]
    schema = dict.fromkeys([*ARM, "engine", "dtype"], pl.String) | {"lost": pl.Int64}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    joined = pl.col("engine", "dtype").unique().sort().str.join(", ")
    return table.group_by(ARM, maintain_order=True).agg(joined, pl.col("lost").max())
