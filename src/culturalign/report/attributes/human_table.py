"""The human row under other definitions: readings, and all cues next to the test cues."""

from collections.abc import Sequence

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.data.norms.ratings import Norm
from culturalign.report.arm_tables import MEAN, NO_PARTICIPANTS, in_domains
from culturalign.report.attributes.attribute_tables import CONCRETE, as_reference, percents
from culturalign.report.attributes.profile import mean_rows, measures
from culturalign.report.tables import write_table
from culturalign.scores.human_attributes import FIRST, READINGS

LINES = [(reading, cues) for reading in READINGS for cues in ("test", "all")]


def human_rows(
    scores: pl.DataFrame, evaluation: Evaluation, domains: Sequence[str] = ()
) -> pl.DataFrame:
    """Profile of humans in every reading, on the test cues and on all cues.

    Args:
        scores: From ``human_attributes.score_humans``.
        evaluation: Level of the intervals.
        domains: As in :func:`culturalign.report.arm_tables.in_domains`: of a synthetic culture, the
            intervals are over domains, as those of the same numbers in tables 5, 6, 12 and 13.

    Returns:
        ``reading, cues`` (``test`` or ``all``), ``measure, mean, low, high, n_cues``; no row of a
        reading that a strength table does not have.
    """
    parts = []
    for reading, cues in LINES:
        mine = scores.filter(pl.lit(cues == "all") | (pl.col("split") == "test"), reading=reading)
        values = in_domains(measures(as_reference(mine)), domains)
        rows = mean_rows(values, evaluation)
        names = [pl.lit(reading).alias("reading"), pl.lit(cues).alias("cues")]
        parts.append(rows.select(*names, "measure", "mean", "low", "high", "n_cues"))
    return pl.concat(parts)


def write_humans(stem: str, rows: pl.DataFrame, record: Sequence[Norm], *, first: int) -> None:
    """Write the table; norms that are missing are named in their column.

    Args:
        rows: From :func:`human_rows`.
        record: What became of each norm.
        first: How many associations count.
    """
    attributes = [norm.attribute.capitalize() for norm in record]
    header = ["Human associations", "cues", "n", *attributes, "Emotional %",
              "% conc. / abs. / unk."]  # fmt: skip
    shown: list[list[str]] = []
    for reading, cues in LINES:
        known = rows.filter(reading=reading, cues=cues).drop_nulls("mean")
        found = {row["measure"]: row for row in known.iter_rows(named=True)}
        line = [READINGS[reading].format(first=first), cues, str(known["n_cues"].max() or 0)]
        for norm in record:
            missing = norm.sentence if norm.missing and not shown else _lacking(reading, rows)
            line.append(MEAN(found[norm.attribute]) if norm.attribute in found else missing)
        shown.append([*line, percents(found, ["emotional"]), percents(found, CONCRETE)])
    write_table(stem, rows, shown, header)


def _lacking(reading: str, rows: pl.DataFrame) -> str:
    """What stands for a number that a reading does not have."""
    counted = len(rows) > 0 and rows.filter(reading=FIRST).is_empty()
    return NO_PARTICIPANTS if reading == FIRST and counted else "-"
