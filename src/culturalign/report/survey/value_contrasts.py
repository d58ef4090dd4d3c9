"""Paired differences between arms in their distance to people, question by question.

A small distance can come from flatter answers alone, which training of any kind tends to bring;
what an arm learned from its culture's associations is what it gains over the shuffled control.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Columns, Labels
from culturalign.report.survey import label_mass
from culturalign.report.survey.comparison import ARM, MEASURES, question_runs
from culturalign.scores.survey_distances import SCORINGS
from culturalign.stats.summary import ENDS, group_intervals, run_differences

BELOW = (0.2, 0.3, 0.4, 0.5)
"""Thresholds of JS at which shares of questions are compared; the paper reads 0.3 off figure 2."""
NUMBERS = [*MEASURES, *(f"js_below_{threshold}" for threshold in BELOW)]
SIDES = [*ARM, *(f"minus_{name}" for name in ARM)]
MASSES = ("mass", "minus_mass")
ROWS: dict[str, Any] = {
    **dict.fromkeys((*SIDES, "country", "scoring"), pl.String),
    **{f"{name}{end}": pl.Float64 for name in NUMBERS for end in ENDS},
    "n": pl.Int64,
    **dict.fromkeys(MASSES, pl.Float64),
    **{f"low_{name}": pl.Boolean for name in MASSES},
}


def contrast_rows(
    scores: pl.DataFrame,
    evaluation: Evaluation,
    labels: Labels,
    nations: Mapping[str, str],
    controls: Sequence[str],
) -> pl.DataFrame:
    """Mean difference of any two arms that were asked the same questions, of any two models.

    Args:
        scores: Divergences of all arms, each country in the language of its survey.
        evaluation: Settings of the intervals.
        labels: As in ``value_tables``.
        nations: Countries wanted, in order.
        controls: Names of control methods.

    Returns:
        A row for each pair, once: vanilla is subtracted from controls, both from other methods,
        and of these the earlier of the configuration from the later. ``model, culture, method``
        and the same with ``minus_``; ``country, scoring``; ``js, emd``: below 0 the arm is nearer
        to people; ``js_below_X``: above 0 it has a larger share of questions with a JS below X;
        each with ``_low, _high, _df``; ``n`` common questions; ``mass, minus_mass`` of the labels
        of the two arms, and whether it is ``low_mass, low_minus_mass``.
    """
    numbers = _numbers(scores.filter(pl.col("country").is_in(list(nations))))
    methods = dict.fromkeys(["vanilla", *controls, *labels["methods"]])
    order = arm_tables.places(
        country=nations, scoring=SCORINGS, method=methods, model=labels["models"]
    )
    rows: list[dict[str, Any]] = []
    blocks = numbers.sort(*order, "culture", maintain_order=True)
    for (country, scoring), block in blocks.group_by("country", "scoring", maintain_order=True):
        arms = list(block.group_by(*ARM, maintain_order=True))
        lead = {"country": country, "scoring": scoring}
        rows += [lead | row for row in _differences(arms, evaluation.confidence)]
    table = pl.DataFrame(rows, schema={name: ROWS[name] for name in ROWS if "mass" not in name})
    return label_mass.marked(_with_masses(table, scores), evaluation.least_mass, *MASSES)


def _with_masses(rows: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """With the label masses of both arms."""
    place = ["country", "scoring"]
    found = label_mass.mean_mass(scores, [*ARM, *place])
    for name in MASSES:
        side = name.removesuffix("mass")
        own = found.select(*place, pl.col(*ARM).name.prefix(side), pl.col("mass").alias(name))
        keys = [*(f"{side}{x}" for x in ARM), *place]
        rows = rows.join(own, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return rows


def _numbers(scores: pl.DataFrame) -> pl.DataFrame:
    """Every number of every question and run; shares below are of 0 and 1."""
    runs = question_runs(scores, MEASURES)
    js = runs.filter(measure="js")
    below = [
        js.with_columns((pl.col("value") < x).cast(pl.Float64), measure=pl.lit(f"js_below_{x}"))
        for x in BELOW
    ]
    return pl.concat([runs, *below])


def _differences(
    arms: Sequence[tuple[Any, pl.DataFrame]], confidence: float
) -> list[dict[str, Any]]:
    """Rows of all pairs of arms that share questions."""
    rows = []
    for (before, other), (arm, mine) in combinations(arms, 2):
        shifts = run_differences(mine, other, ["measure", "question"])
        if len(shifts):
            found = group_intervals(shifts, ["measure"], confidence, unit="question")
            rows.append(dict(zip(SIDES, (*arm, *before), strict=True)) | _columns(found))
    return rows


def _columns(found: pl.DataFrame) -> dict[str, Any]:
    row: dict[str, Any] = {"n": found["n"].max()}
    for each in found.iter_rows(named=True):
        name = each["measure"]
        row |= {name + end: each[end[1:] or "mean"] for end in ENDS}
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
        "scoring": lambda row: labels["scorings"][row["scoring"]],
        "Difference": lambda row: f"{names[row['method']]} − {names[row['minus_method']]}",
        **{
            "JS": arm_tables.interval("js"),
            "EMD, positional": arm_tables.interval("emd"),
            "questions": "n",
        },
        "mass": label_mass.cell(),
        "mass of the other": label_mass.cell("minus_mass"),
    }
    shown = rows.filter(pl.col("model") == pl.col("minus_model"))
    arm_tables.write_rows(stem, both, columns, shown=shown, note=label_mass.NOTE)


def _mirrored(rows: pl.DataFrame) -> pl.DataFrame:
    """The same differences the other way round."""
    sides = [pl.col(f"minus_{name}").alias(name) for name in ARM]
    sides += [pl.col(name).alias(f"minus_{name}") for name in ARM]
    sides += [pl.col(f"{low}{name}").alias(low + other)
              for low in ("", "low_") for name, other in (MASSES, MASSES[::-1])]  # fmt: skip
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
