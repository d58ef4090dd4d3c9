"""Paired differences between arms in their distance to people, question by question.

A small distance can come from flatter answers alone, which training of any kind tends to bring;
what an arm learned from its culture's associations is what it gains over the shuffled control.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import polars as pl

from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Columns, Labels
from culturalign.report.survey.comparison import ARM, MEASURES, question_scores
from culturalign.scores.survey_distances import SCORINGS
from culturalign.stats.distances import Array
from culturalign.stats.intervals import Interval

BELOW = (0.2, 0.3, 0.4, 0.5)
"""Thresholds of JS at which shares of questions are compared; the paper reads 0.3 off figure 2."""
NUMBERS = [*MEASURES, *(f"js_below_{threshold}" for threshold in BELOW)]
SIDES = [*ARM, *(f"minus_{name}" for name in ARM)]
ROWS: dict[str, Any] = {
    **dict.fromkeys((*SIDES, "country", "scoring"), pl.String),
    **{f"{name}{end}": pl.Float64 for name in NUMBERS for end in ("", "_low", "_high")},
    "n": pl.Int64,
}


def contrast_rows(
    scores: pl.DataFrame,
    intervals: Callable[[Sequence[Array]], list[Interval]],
    labels: Labels,
    nations: Mapping[str, str],
    controls: Sequence[str],
) -> pl.DataFrame:
    """Mean difference of any two arms that were asked the same questions, of any two models.

    Args:
        scores: Divergences of all arms, each country in the language of its survey.
        intervals: Bootstraps of means, e.g. ``summary.intervals_of(evaluation)``.
        labels: As in ``value_tables``.
        nations: Countries wanted, in order.
        controls: Names of control methods.

    Returns:
        A row for each pair, once: vanilla is subtracted from controls, both from other methods,
        and of these the earlier of the configuration from the later. ``model, culture, method``
        and the same with ``minus_``; ``country, scoring``; ``js, emd``: below 0 the arm is nearer
        to people; ``js_below_X``: above 0 it has a larger share of questions with a JS below X;
        each with ``_low, _high``; ``n`` common questions.
    """
    wide = _wide(scores.filter(pl.col("country").is_in(list(nations))))
    methods = dict.fromkeys(["vanilla", *controls, *labels["methods"]])
    order = arm_tables.places(
        country=nations, scoring=SCORINGS, method=methods, model=labels["models"]
    )
    rows: list[dict[str, Any]] = []
    blocks = wide.sort(*order, "culture", maintain_order=True)
    for (country, scoring), block in blocks.group_by("country", "scoring", maintain_order=True):
        arms = list(block.group_by(*ARM, maintain_order=True))
        lead = {"country": country, "scoring": scoring}
        rows += [lead | row for row in _differences(arms, intervals)]
    return pl.DataFrame(rows, schema=ROWS, orient="row")


def _wide(scores: pl.DataFrame) -> pl.DataFrame:
    """A row for each question of an arm: its numbers in columns, shares below as 0 and 1."""
    keys = [*ARM, "country", "scoring", "question"]
    wide = question_scores(scores, MEASURES).pivot("measure", index=keys, values="value")
    below = [(pl.col("js") < x).cast(pl.Float64).alias(f"js_below_{x}") for x in BELOW]
    return wide.with_columns(below)


def _differences(
    arms: Sequence[tuple[Any, pl.DataFrame]],
    intervals: Callable[[Sequence[Array]], list[Interval]],
) -> list[dict[str, Any]]:
    """Rows of all pairs of arms that share questions."""
    pairs = []
    for (before, other), (arm, mine) in combinations(arms, 2):
        common = mine.join(other, on="question", suffix="_minus")
        if len(common):
            pairs.append((dict(zip(SIDES, (*arm, *before), strict=True)), common))
    shifts = [(c[name] - c[f"{name}_minus"]).to_numpy() for _, c in pairs for name in NUMBERS]
    found = iter(intervals(shifts))
    return [sides | _columns({name: next(found) for name in NUMBERS}) for sides, _ in pairs]


def _columns(found: Mapping[str, Interval]) -> dict[str, Any]:
    row: dict[str, Any] = {"n": found["js"].n}
    for name, each in found.items():
        row |= {name: each.mean, f"{name}_low": each.low, f"{name}_high": each.high}
    return row


def write_contrasts(
    stem: str,
    rows: pl.DataFrame,
    labels: Labels,
    nations: Mapping[str, str],
    engines: pl.DataFrame,
) -> None:
    """Write the differences from :func:`contrast_rows`.

    The page has pairs of one model. The csv has all pairs, each in both directions, with
    ``M Type, M Class`` and ``engine`` (from ``comparison.engines``) of either arm and ``Nation``,
    so that any difference can be found.
    """
    both = _titled(pl.concat([rows, _mirrored(rows)]), labels, nations)
    for side in ("", "minus_"):
        own = engines.select(pl.col(*ARM, "engine").name.prefix(side))
        keys = [f"{side}{name}" for name in ARM]
        both = both.join(own, on=keys, how="left", nulls_equal=True, maintain_order="left")
    names = arm_tables.method_names(labels)
    columns: Columns = {
        "M Class": lambda row: labels["models"][row["model"]],
        "SWOW": lambda row: labels["cultures"][row["culture"]],
        "Nation": lambda row: nations[row["country"]],
        **arm_tables.texts("scoring"),
        "Difference": lambda row: f"{names[row['method']]} − {names[row['minus_method']]}",
        **{"JS": arm_tables.interval("js"), "EMD": arm_tables.interval("emd"), "questions": "n"},
    }
    arm_tables.write_rows(
        stem, both, columns, shown=rows.filter(pl.col("model") == pl.col("minus_model"))
    )


def _mirrored(rows: pl.DataFrame) -> pl.DataFrame:
    """The same differences the other way round."""
    sides = [pl.col(f"minus_{name}").alias(name) for name in ARM]
    sides += [pl.col(name).alias(f"minus_{name}") for name in ARM]
    turned = [
        (0.0 - pl.col(name + end)).alias(name + other)
        for name in NUMBERS
        for end, other in (("", ""), ("_high", "_low"), ("_low", "_high"))
    ]
    return rows.with_columns(*sides, *turned)


def _titled(rows: pl.DataFrame, labels: Labels, nations: Mapping[str, str]) -> pl.DataFrame:
    """With the labels of both arms and of the nation in front."""
    other = {
        "minus M Type": pl.col("minus_method").replace(arm_tables.method_names(labels)),
        "minus M Class": pl.col("minus_model").replace(dict(labels["models"])),
        "Nation": pl.col("country").replace(dict(nations)),
    }
    return arm_tables.columns_first(
        arm_tables.title_arms(rows, labels).with_columns(**other), [*TITLES, *other]
    )
