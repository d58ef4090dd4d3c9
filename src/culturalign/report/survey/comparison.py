"""Arms and the survey: means over questions, tests against vanilla, threshold curves.

Scores are those of ``survey_distances.score_arm`` with ``model, culture`` (null for vanilla),
``method, seed`` in front. A question is averaged over seeds first: questions, not seeds, are what
intervals resample and tests pair. Each country has the questions of one language.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from culturalign.data.survey.topics import number_of
from culturalign.report.arm_tables import arm_of
from culturalign.stats.distances import Array
from culturalign.stats.intervals import Interval
from culturalign.stats.paired_tests import holm, wilcoxon
from culturalign.stats.summary import group_intervals, groups

NAMES = {"js": "Jensen-Shannon distance", "emd": "earth mover's distance"}
"""Axis titles of the measures."""
ORDERS = {"plain": "options in the plain order", "debiased": "average over orders of the options"}
"""Title of a figure: whose answers it shows."""


def arm_label(rows: pl.DataFrame) -> pl.Expr:
    """Name of an arm in a legend, with its culture if a country has arms of several."""
    arm = pl.col("M Class") + ", " + pl.col("M Type")
    cultures = rows.drop_nulls("culture").group_by("country").agg(pl.col("culture").n_unique())
    if not (cultures["culture"] > 1).any():
        return arm.alias("arm")
    return (
        pl.when(pl.col("culture").is_null())
        .then(arm)
        .otherwise(pl.format("{} ({})", arm, "SWOW"))
        .alias("arm")
    )


ARM = ["model", "culture", "method"]
"""An arm in a table: all its seeds together."""
CELL = [*ARM, "country", "scoring", "measure"]
TESTS: dict[str, Any] = {
    **dict.fromkeys(CELL, pl.String),
    "n": pl.Int64,
    **dict.fromkeys(("difference", "p", "p_improves"), pl.Float64),
    "star": pl.Boolean,
}
MEASURES = ("js", "emd")
"""The paper's two, table 7."""
GRIDS = {"js": np.linspace(0, 0.84, 85), "emd": np.linspace(0, 1, 101)}
"""Thresholds in steps of 0.01, over the range of each measure."""


def question_scores(scores: pl.DataFrame, measures: Sequence[str] = MEASURES) -> pl.DataFrame:
    """Mean over seeds of every question that a measure applies to, sorted by number.

    Returns:
        ``model, culture, method, country, scoring, measure, question, value, n_seeds``.

    Raises:
        ValueError: If a question is scored twice for one arm, seed, country and scoring, as when
            scores in two languages are mixed.
    """
    keys = [*ARM, "seed", "country", "scoring", "question"]
    twice = scores.filter(scores.select(keys).is_duplicated())
    if len(twice):
        raise ValueError(f"scored twice: {twice.select(keys).row(0, named=True)}")
    long = scores.unpivot(measures, index=keys, variable_name="measure").drop_nulls("value")
    return (
        long.group_by(*CELL, "question")
        .agg(pl.col("value").mean(), n_seeds=pl.len())
        .sort(*CELL, number_of())
    )


def summarize_arms(
    scores: pl.DataFrame,
    interval: Callable[[Array], Interval],
    measures: Sequence[str] = MEASURES,
) -> pl.DataFrame:
    """Mean of each measure over the questions, with its interval.

    Returns:
        ``model, culture, method, country, scoring, measure``; ``mean, low, high``; ``n``
        questions; ``n_seeds``.
    """
    questions = question_scores(scores, measures)
    seeds = questions.group_by(CELL).agg(pl.col("n_seeds").max())
    means = group_intervals(questions, CELL, partial(map, interval))
    return means.join(seeds, on=CELL, nulls_equal=True, maintain_order="left")


def against_vanilla(
    scores: pl.DataFrame,
    measures: Sequence[str] = MEASURES,
    baselines: Mapping[str, str] | None = None,
    level: float = 0.05,
) -> pl.DataFrame:
    """Wilcoxon signed-rank test of each arm against vanilla, paired by question.

    Paper, table 7: "* indicates significant improvement over Vanilla (Wilcoxon test)". A star
    here: p < 0.05 in the two-sided test, which an unqualified "Wilcoxon test" is, and the
    rank sum favors the arm. Two-sided, because arms get worse too (the paper's SFT Llama, US).

    Args:
        scores: As the module describes.
        measures: Columns of ``scores``; smaller is better.
        baselines: Model -> model whose vanilla arm its own vanilla arm is compared with. The
            paper's stars on vanilla 70B models can only mean the small model of the family.
        level: Level of the star.

    Returns:
        ``model, culture, method, country, scoring, measure``; ``n`` common questions;
        ``difference`` of means (below 0: better); ``p``, two-sided; ``p_improves``, one-sided;
        ``star``; ``p_holm``, corrected for all comparisons of the same scoring; ``star_holm``.
    """
    other = pl.when(method="vanilla").then(pl.col("model").replace(dict(baselines or {})))
    questions = question_scores(scores, measures).with_columns(
        baseline=other.otherwise(pl.col("model"))
    )
    vanilla = questions.filter(pl.col("method") == "vanilla").select(
        "country", "scoring", "measure", "question", baseline="model", before="value"
    )
    pairs = questions.filter(
        (pl.col("method") != "vanilla") | (pl.col("baseline") != pl.col("model"))
    ).join(vanilla, on=["baseline", "country", "scoring", "measure", "question"])
    rows = []
    for key, block in groups(pairs, CELL):
        difference = (block["value"] - block["before"]).to_numpy()
        p, improves = wilcoxon(difference)
        star = p < level and improves < 0.5
        rows.append((*key, len(block), float(difference.mean()), p, improves, star))
    table = pl.DataFrame(rows, schema=TESTS, orient="row")
    return table.with_columns(p_holm=holm(pl.col("p")).over("scoring")).with_columns(
        star_holm=pl.col("star") & (pl.col("p_holm") < level)
    )


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
    for key, block in groups(question_scores(scores, measures), CELL):
        values = np.sort(block["value"].to_numpy())
        grid = grids[key[-1]]
        below = np.searchsorted(values, grid, side="left") / len(values)
        row = dict(zip(CELL, key, strict=True))
        row |= {"threshold": grid, "share": below, "n": len(values)}
        parts.append(pl.DataFrame(row, schema_overrides=dict.fromkeys(CELL, pl.String)))
    return pl.concat(parts)


def divergences(files: Sequence[Path], countries: Sequence[str]) -> pl.DataFrame:
    """Distances of each arm to the people of its country.

    Args:
        files: ``divergence.{language}.parquet`` of arms; a vanilla model's may occur several
            times, once for each culture of that language.
        countries: For each file the country whose rows are taken.
    """
    pairs = zip(files, countries, strict=True)
    return pl.concat([pl.read_parquet(file).filter(country=country) for file, country in pairs])


def read_arms(files: Sequence[Path], left_out: Sequence[str] = ()) -> pl.DataFrame:
    """Tables of arms, one below the other, without some methods such as controls."""
    return without(pl.concat([pl.read_parquet(file) for file in files]), left_out)


def without(table: pl.DataFrame, methods: Sequence[str]) -> pl.DataFrame:
    """Leave methods out."""
    return table.filter(~pl.col("method").is_in(list(methods)))


def engines(records: Sequence[Path]) -> pl.DataFrame:
    """Engines that computed the answers of arms: ``model, culture, method, engine, dtype``.

    Several of an arm are joined by commas. The records are the provenance of the arms' samples,
    ``.../{model}/{arm}/survey.{language}.json``.
    """
    rows = []
    for path in records:
        (model, arm), facts = arm_of(path), json.loads(Path(path).read_text(encoding="utf-8"))
        rows.append((model, arm.culture, arm.method, facts["engine"], facts["dtype"]))
    names = [*ARM, "engine", "dtype"]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    joined = pl.col("engine", "dtype").unique().sort().str.join(", ")
    return table.group_by(ARM, maintain_order=True).agg(joined)
