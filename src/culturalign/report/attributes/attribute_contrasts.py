"""What stands beside tables 5, 6, 12 and 13: tests against humans, differences between arms."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from culturalign.config.norms import Norms
from culturalign.report.attributes.attribute_tables import LEAD, Labels, labeled
from culturalign.report.attributes.profile import ARM, TESTS
from culturalign.report.tables import cell, write_table


def write_tests(stem: str, rows: pl.DataFrame, options: Norms) -> None:
    """Write the tests of each arm's attributes against humans.

    Args:
        stem: Path without ending.
        rows: From ``tables.profile_rows``.
        options: Level of the tests.
    """
    found = rows.drop_nulls("difference")
    shares = {
        (r["model"], r["method"], r["measure"]): r["mean"] for r in rows.iter_rows(named=True)
    }
    found = found.with_columns(
        coverage=pl.Series(
            [shares[r["model"], r["method"], f"{r['measure']} found"]
             for r in found.iter_rows(named=True)],
            dtype=pl.Float64,
        )
    )  # fmt: skip
    header = [*LEAD, "minus humans", "Wilcoxon p", "rank-biserial r", "margin", "equivalence p"]
    header += ["verdict", "cues paired", "coverage %"]
    shown = [
        [row[name] for name in LEAD]
        + [cell(row["difference"], row["difference_low"], row["difference_high"])]
        + [_p(row["p"]), f"{row['rank_biserial']:+.3f}", f"{row['margin']:.3g}"]
        + [_p(row["p_equivalence"]), verdict(row), str(row["n_pairs"])]
        + [f"{100 * row['coverage']:.1f}"]
        for row in found.iter_rows(named=True)
    ]
    columns = [*LEAD, *ARM, *(name for name in TESTS if name not in (*ARM, "measure")), "coverage"]
    numbers = found.select(columns).with_columns(level=pl.lit(options.level))
    write_table(stem, numbers, shown, header)


def verdict(row: Mapping[str, Any]) -> str:
    """What both tests say together."""
    if row["equivalent"]:
        return "differs, within the margin" if row["differs"] else "equivalent"
    return "differs" if row["differs"] else "undecided"


def _p(value: float | None) -> str:
    if value is None:
        return "-"
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def write_contrasts(stem: str, rows: pl.DataFrame, labels: Labels, culture: str) -> None:
    """Write paired differences between arms, from ``profile.contrast_rows``."""
    names = {"vanilla": "Vanilla", **labels["methods"]}
    titles = pl.col("M Type") + " − " + pl.col("minus").replace(names)
    table = labeled(rows, labels, culture).with_columns(Difference=titles)
    header = ["M Class", "Difference", "measure", "difference", "cues"]
    shown = [
        [r["M Class"], r["Difference"], r["measure"]]
        + [cell(r["mean"], r["low"], r["high"]), str(r["n_cues"])]
        for r in table.iter_rows(named=True)
    ]
    write_table(stem, table, shown, header)
