"""Table 7 of the paper, and what the tables of the survey stage share.

``scores`` are the arms' divergences and ``answers`` their distributions, each with ``model,
culture`` (null for vanilla), ``method, seed`` in front; seeds of an arm are averaged. ``labels``
has ``models, methods, cultures``; ``nations`` maps a country to its label, in the tables' order.
Every ``..._rows`` returns the numbers, every ``write_...`` writes them and what the paper prints.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from culturalign.report.survey.comparison import ARM, MEASURES, against_vanilla, summarize_arms
from culturalign.report.tables import cell, write_table
from culturalign.scores.survey_distances import SCORINGS
from culturalign.stats.distances import Array
from culturalign.stats.intervals import Interval

Labels = Mapping[str, Mapping[str, str]]
TITLES = ["M Type", "M Class", "SWOW"]
DESCRIBED = ("emd_ordinal", "uniform_js", "entropy", "mass", "order_effect")
"""Printed beside the paper's measures. EMD of ordinal questions has questions of its own."""


def named(rows: pl.DataFrame, labels: Labels) -> pl.DataFrame:
    """Put ``M Type, M Class, SWOW`` in front; models and methods as configured, vanilla first."""
    methods = {"vanilla": "Vanilla", **labels["methods"]}
    places = [
        pl.col(column).replace_strict({n: i for i, n in enumerate(names)}, return_dtype=pl.Int64)
        for column, names in (("model", labels["models"]), ("method", methods))
    ]
    swow = pl.col("culture").replace(labels["cultures"]).fill_null("-")
    return rows.sort(*places, "culture", maintain_order=True).select(
        pl.col("method").replace(methods).alias("M Type"),
        pl.col("model").replace(labels["models"]).alias("M Class"),
        swow.alias("SWOW"),
        pl.all(),
    )


def value_rows(
    scores: pl.DataFrame,
    interval: Callable[[Array], Interval],
    labels: Labels,
    nations: Mapping[str, str],
    baselines: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Table 7: mean distances of each arm to each nation, with what they can be held against.

    Plain and debiased answers are rows of their own, in blocks: columns for both would be twice
    as many as a page holds.

    Args:
        scores: Of all arms; each country in the language of its survey (paper, section 5.1).
        interval: Bootstrap of a mean, e.g. ``summary.interval_of(evaluation)``.
        labels: As the module describes.
        nations: As the module describes; other countries are left out.
        baselines: See :func:`culturalign.survey.comparison.against_vanilla`.

    Returns:
        A row a nation, scoring and arm: the titles, ``Nation``, the arm, ``country, scoring``;
        ``x, x_low, x_high, x_n`` for js, emd and each of ``DESCRIBED``; ``x_difference, x_p,
        x_p_improves, x_p_holm, x_star, x_star_holm`` for js and emd (null for vanilla).
    """
    scores = scores.filter(pl.col("country").is_in(list(nations)))
    keys = [*ARM, "country", "scoring"]
    rows = summarize_arms(scores, interval, [*MEASURES, *DESCRIBED])
    table = rows.select(keys).unique(maintain_order=True)
    for measure in (*MEASURES, *DESCRIBED):
        names = {"mean": measure} | {x: f"{measure}_{x}" for x in ("low", "high", "n")}
        part = rows.filter(measure=measure).rename(names).select(*keys, *names.values())
        table = table.join(part, on=keys, how="left", nulls_equal=True)
    tests = against_vanilla(scores, MEASURES, baselines)
    for measure in MEASURES:
        part = tests.filter(measure=measure).drop("measure", "n")
        part = part.rename({x: f"{measure}_{x}" for x in part.columns if x not in keys})
        table = table.join(part, on=keys, how="left", nulls_equal=True)
    order = [pl.col("country").replace_strict({c: i for i, c in enumerate(nations)})]
    order += [pl.col("scoring").replace_strict({s: i for i, s in enumerate(SCORINGS)})]
    table = table.with_columns(Nation=pl.col("country").replace(dict(nations)))
    return named(table, labels).sort(order, maintain_order=True)


def write_values(stem: str, rows: pl.DataFrame, engines: pl.DataFrame) -> None:
    """Write table 7; stars are the paper's, uncorrected.

    Args:
        stem: Path without ending.
        rows: From :func:`value_rows`.
        engines: From ``gather.engines``; the page has a column of them if there are several.
    """
    rows = rows.join(engines, on=ARM, how="left", nulls_equal=True, maintain_order="left")
    mixed = rows["engine"].n_unique() > 1
    header = [*TITLES, "Nation", "scoring", "JS", "EMD", "questions", "JS, Holm p", "EMD, Holm p"]
    header += ["EMD, ordinal", "JS to uniform", "entropy (nats)", "mass", "order effect"]
    header += ["engine"] * mixed
    shown = [
        [str(row[name]) for name in (*TITLES, "Nation", "scoring")]
        + [cell_or_dash(row, m) + "*" * bool(row[f"{m}_star"]) for m in MEASURES]
        + [str(row["js_n"])]
        + [number_or_dash(row[f"{m}_p_holm"]) for m in MEASURES]
        + [f"{number_or_dash(row['emd_ordinal'])} (n={row['emd_ordinal_n'] or 0})"]
        + [number_or_dash(row[name]) for name in DESCRIBED[1:]]
        + [str(row["engine"])] * mixed
        for row in rows.iter_rows(named=True)
    ]
    write_table(stem, rows, shown, header)


def cell_or_dash(row: Mapping[str, Any], name: str) -> str:
    """``0.432 [0.391, 0.474]`` of a row with ``name, name_low, name_high``; a dash for nulls."""
    if row.get(name) is None or row.get(f"{name}_low") is None:
        return "-"
    return cell(row[name], row[f"{name}_low"], row[f"{name}_high"])


def number_or_dash(value: float | None) -> str:
    """Three decimals, such as a p; a dash for null."""
    if value is None:
        return "-"
    return "<0.001" if 0 < value < 0.0005 else f"{value:.3f}"
