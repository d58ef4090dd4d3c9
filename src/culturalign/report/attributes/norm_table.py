"""Table of the norms: what was read from which file, and what is missing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.scales import SPANS
from culturalign.data.norms.ratings import REASONS, Norm, read_record
from culturalign.report import arm_tables
from culturalign.report.arm_tables import Columns

COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("language", "attribute", "file", "column"), pl.String),
    **dict.fromkeys(("raw_low", "raw_high", "low", "high"), pl.Float64),
    **dict.fromkeys(("read", "kept", *REASONS), pl.Int64),
    **dict.fromkeys(("examples", "note"), pl.String),
}


def read_records(files: Sequence[str]) -> dict[str, list[Norm]]:
    """Language -> what became of its norms, from files named after languages."""
    return {Path(file).stem: read_record(Path(file)) for file in files}


def norm_rows(records: Mapping[str, Sequence[Norm]]) -> pl.DataFrame:
    """A row for each language and attribute.

    Args:
        records: Language -> what became of its norms.

    Returns:
        ``language, attribute, file, column``; ``raw_low, raw_high``, the values of the file that
        become ``low, high`` of the common span; ``read, kept`` and a column for each reason for
        dropping; ``examples`` of what was dropped; ``note`` if the file is missing.
    """
    rows = []
    for language, norms in records.items():
        for norm in norms:
            span, account = SPANS[norm.attribute], norm.account
            counts: list[int | None] = [None] * (2 + len(REASONS))
            if account:
                counts = [account.read, account.kept, *(account.dropped[why] for why in REASONS)]
            dropped = [f"{why}: {', '.join(e)}" for why, e in (norm.examples or {}).items() if e]
            lead = (language, norm.attribute, norm.file, norm.column, *norm.ends)
            note = norm.sentence if norm.missing else ""
            rows.append((*lead, span.low, span.high, *counts, "; ".join(dropped), note))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def write_norms(stem: str, rows: pl.DataFrame) -> None:
    """Write the table."""
    scale = "{raw_low:g} … {raw_high:g} → {low:g} … {high:g}"
    columns: Columns = {
        "Language": "language",
        **arm_tables.texts("attribute", "file", "column"),
        "scale": lambda row: scale.format(**row),
        "words": lambda row: row["note"] or str(row["kept"]),
        **arm_tables.texts(*REASONS),
        "dropped": lambda row: row["examples"].replace("|", "/"),
    }
    arm_tables.write_rows(stem, rows, columns)
