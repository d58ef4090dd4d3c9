"""Table of what was read, kept and dropped."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from culturalign.files import ledger
from culturalign.report.arm_tables import number, texts, write_rows

LEDGER = {"culture": pl.String, "unit": pl.String, "what": pl.String, "count": pl.Int64}


def ledger_rows(
    cultures: Mapping[str, tuple[str, str]], respondents: Sequence[str]
) -> pl.DataFrame:
    """Counts of every culture and of the survey.

    Args:
        cultures: Culture -> its ledger and its table ``cue, split``.
        respondents: Ledger of the survey, if there is one.

    Returns:
        ``culture, unit, what, count``.
    """
    rows = []
    for culture, (accounts, splits) in cultures.items():
        rows += _rows(culture, accounts)
        sizes = pl.read_parquet(splits)["split"].value_counts().sort("split")
        rows += [(culture, "cues", f"in {name}", count) for name, count in sizes.iter_rows()]
    rows += [row for file in respondents for row in _rows("survey", file)]
    return pl.DataFrame(rows, schema=LEDGER, orient="row")


def _rows(name: str, file: str) -> list[tuple[str, str, str, int]]:
    return [(name, *row) for row in ledger.rows(ledger.read_ledger(Path(file)))]


def write_ledger(stem: str, rows: pl.DataFrame) -> None:
    """Write the table from :func:`ledger_rows`."""
    write_rows(stem, rows, {**texts("culture", "unit", "what"), "count": number("count", ",")})
