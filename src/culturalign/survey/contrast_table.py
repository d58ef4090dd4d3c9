"""Paired differences between arms in their distance to people, question by question.

A small distance can come from flatter answers alone, which training of any kind tends to bring;
what an arm learned from its culture's associations is what it gains over the shuffled control.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.intervals import Interval
from culturalign.survey.comparison import MEASURES, question_scores
from culturalign.survey.divergence import SCORINGS, Array
from culturalign.survey.tables import Labels
from culturalign.tables import cell, write_table

KEYS = ["model", "country", "scoring", "measure", "question"]
ROWS: dict[str, Any] = {
    **dict.fromkeys(("model", "culture", "method", "minus", "country", "scoring"), pl.String),
    **{f"{m}{end}": pl.Float64 for m in MEASURES for end in ("", "_low", "_high")},
    "n": pl.Int64,
}


def contrast_rows(
    scores: pl.DataFrame,
    interval: Callable[[Array], Interval],
    nations: Mapping[str, str],
    controls: Sequence[str],
) -> pl.DataFrame:
    """Mean difference of each trained arm to vanilla and to every control.

    Args:
        scores: Divergences of all arms, each country in the language of its survey.
        interval: Bootstrap of a mean, e.g. ``summary.interval_of(evaluation)``.
        nations: Countries wanted, in order.
        controls: Names of control methods.

    Returns:
        ``model, culture, method, minus, country, scoring``; ``js, emd``, each with ``_low,
        _high``: below 0 the arm is nearer to people; ``n`` questions. A control is compared with
        vanilla alone.
    """
    questions = question_scores(scores.filter(pl.col("country").is_in(list(nations))), MEASURES)
    trained = questions.filter(pl.col("method") != "vanilla")
    rows: list[dict[str, Any]] = []
    for arm, mine in trained.group_by("model", "culture", "method", maintain_order=True):
        for minus in ["vanilla", *(() if arm[2] in controls else controls)]:
            other = questions.filter(model=arm[0], method=minus)
            if minus != "vanilla":
                other = other.filter(culture=arm[1])
            pairs = mine.join(other, on=KEYS, suffix="_minus")
            lead = dict(zip(("model", "culture", "method"), arm, strict=True)) | {"minus": minus}
            rows += [lead | row for row in _differences(pairs, interval)]
    places = {name: [*nations].index(name) for name in nations}
    order = [pl.col("country").replace_strict(places, return_dtype=pl.Int64)]
    order += [pl.col("scoring").replace_strict({s: i for i, s in enumerate(SCORINGS)})]
    return pl.DataFrame(rows, schema=ROWS, orient="row").sort(order, maintain_order=True)


def _differences(
    pairs: pl.DataFrame, interval: Callable[[Array], Interval]
) -> list[dict[str, Any]]:
    rows = []
    for key, block in pairs.group_by("country", "scoring", maintain_order=True):
        row: dict[str, Any] = dict(zip(("country", "scoring"), key, strict=True))
        for (measure,), part in block.group_by("measure"):
            found = interval((part["value"] - part["value_minus"]).to_numpy())
            row |= {str(measure): found.mean, "n": found.n}
            row |= {f"{measure}_low": found.low, f"{measure}_high": found.high}
        rows.append(row)
    return rows


def write_contrasts(
    stem: str, rows: pl.DataFrame, labels: Labels, nations: Mapping[str, str]
) -> None:
    """Write the differences from :func:`contrast_rows`."""
    names = {"vanilla": "Vanilla", **labels["methods"]}
    shown = [
        [labels["models"][row["model"]], labels["cultures"][row["culture"]]]
        + [nations[row["country"]], row["scoring"]]
        + [f"{names[row['method']]} − {names[row['minus']]}"]
        + [cell(row[m], row[f"{m}_low"], row[f"{m}_high"]) for m in MEASURES]
        + [str(row["n"])]
        for row in rows.iter_rows(named=True)
    ]
    header = ["M Class", "SWOW", "Nation", "scoring", "Difference", "JS", "EMD", "questions"]
    write_table(stem, rows, shown, header)
