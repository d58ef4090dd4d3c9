"""One number under three readings of its definition, for people and for every arm."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.report.arm_tables import Labels, arm_of, method_names

READINGS = ("written", "run", "sound")
COUNTS = tuple(f"n_{reading}" for reading in READINGS)
COMPARED: dict[str, Any] = {
    "id": pl.String,
    "of": pl.String,
    **dict.fromkeys(READINGS, pl.Float64),
    **dict.fromkeys(COUNTS, pl.Int64),
}
"""``id`` of the definition; ``of``, people or an arm; the number under each reading, null where it
has none; the cues, questions, or answers behind it."""


def compared(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a table with the columns ``COMPARED``; ``n`` stands for the counts of all
    readings."""
    counted = [{**dict.fromkeys(COUNTS, row.get("n")), **row} for row in rows]
    return pl.DataFrame(counted, schema=COMPARED)


def same_items(table: pl.DataFrame, by: str = "of") -> pl.DataFrame:
    """Without items, such as questions, of which a reading has no value: numbers that stand side
    by side are over the same ones. A reading without any value in a group is left aside.

    Args:
        table: ``by`` and a column for each reading, a row an item.
        by: Column of groups.
    """
    has = (pl.col(reading).is_not_null() for reading in READINGS)
    none = (pl.col(reading).count().over(by) == 0 for reading in READINGS)
    return table.filter(pl.all_horizontal(x | y for x, y in zip(has, none, strict=True)))


def name_of(file: str | Path, labels: Labels, place: str) -> str:
    """An arm, and whose data it is compared with: the same for all its seeds.

    An arm that was trained on another culture says so.

    Args:
        file: ``.../{model}/{arm}/name``.
        labels: Those of ``arm_tables``.
        place: Label of a culture or country.
    """
    model, arm = arm_of(file)
    names = [labels["models"][model], method_names(labels)[arm.method]]
    if arm.culture is not None and (trained := labels["cultures"][arm.culture]) != place:
        names.append(f"trained on {trained}")
    return ", ".join([*names, place])


def culture_of(file: str | Path) -> str:
    """Culture in a file name ``kind.culture.rest``."""
    return Path(file).name.split(".")[1]
