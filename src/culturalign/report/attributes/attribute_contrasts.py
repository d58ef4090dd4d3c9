"""Tests against humans and differences between arms, for tables 5, 6, 12 and 13."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from culturalign.config.norms import Norms
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Columns, Labels
from culturalign.report.attributes.profile import ARM, TESTS
from culturalign.report.generation_tables import ZERO

NEARER = (
    "Distance to humans: mean difference of |arm − humans|, below 0 if the first arm is nearer. "
    "Nearer, p: Wilcoxon's one-sided test that it is, uncorrected, from ten cues on."
)

TRACKING = (
    "Human-level: the mean difference is shown to be within the margin ({:g} of the 95 % quantile "
    "of |half - half| of the people), and the correlation of the cues' medians with theirs, "
    "divided by the root of their reliability (r / attainable), is above {:g} with its interval, "
    "which has the errors of both. "
    "Lists of other cues and one list for every cue must miss it; backward counting need not, so "
    "an arm has to be nearer to humans than that list, its control, and adapters of other "
    "cultures, too: see the differences."
)


def write_tests(stem: str, rows: pl.DataFrame, options: Norms) -> None:
    """Write the tests of each arm's attributes against humans.

    Args:
        rows: From ``attribute_tables.profile_rows``.
    """
    share = pl.col("measure").str
    shares = rows.filter(share.ends_with(" found")).select(
        *ARM, share.strip_suffix(" found"), coverage="mean"
    )
    keys = [*ARM, "measure"]
    found = rows.drop_nulls("difference")
    found = found.join(shares, on=keys, how="left", maintain_order="left")
    columns: Columns = {
        **arm_tables.texts(*TITLES, "measure"),
        "minus humans": arm_tables.interval("difference"),
        "Wilcoxon p": arm_tables.p_value("p"),
        "rank-biserial r": arm_tables.number("rank_biserial", "+.3f"),
        "margin": lambda row: (
            arm_tables.NO_PARTICIPANTS if row["margin"] is None else f"{row['margin']:.3g}"
        ),
        "equivalence p": arm_tables.p_value("p_equivalence"),
        "r with humans": arm_tables.number("r"),
        "concordance": arm_tables.number("concordance"),
        "r / attainable": arm_tables.interval("ratio"),
        "verdict": verdict,
        "cues paired": "n_pairs",
        "training runs": _training_runs,
        "coverage %": lambda row: f"{100 * row['coverage']:.1f}",
    }
    tests = [name for name in TESTS if name not in keys]
    numbers = found.select(*TITLES, "measure", *ARM, *tests, "coverage", "n_seeds")
    settings = {"level": options.level, "threshold": options.human_level}
    note = TRACKING.format(options.margin, options.human_level)
    arm_tables.write_rows(
        stem, numbers.with_columns(pl.lit(x).alias(name) for name, x in settings.items()), columns,
        note=note,
    )  # fmt: skip


def _training_runs(row: Mapping[str, Any]) -> str:
    """How many runs are behind an arm: one says nothing about another seed."""
    trained = row["method"] != "vanilla" and row["model"] != "-"
    return str(row["n_seeds"]) if trained else "-"


def verdict(row: Mapping[str, Any]) -> str:
    """The result of the tests: of means, and whether the medians follow people cue by cue."""
    if row["human_level"]:
        return "human-level, differs within the margin" if row["differs"] else "human-level"
    if row["equivalent"]:
        return "equal mean only"
    return "differs" if row["differs"] else "undecided"


def write_contrasts(stem: str, rows: pl.DataFrame, labels: Labels, culture: str) -> None:
    """Write paired differences between arms, from ``profile.contrast_rows``."""
    table = arm_tables.title_arms(rows, labels, culture=culture).with_columns(
        Difference=arm_tables.difference(labels, ZERO)
    )
    columns: Columns = {
        **arm_tables.texts("M Class", "Difference", "measure"),
        "difference": arm_tables.MEAN,
        "cues": "n_cues",
        "distance to humans": arm_tables.interval("nearer"),
        "nearer, p": arm_tables.p_value("p_nearer"),
    }
    arm_tables.write_rows(stem, table, columns, note=NEARER)
