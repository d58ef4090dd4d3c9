"""The human row under other definitions: readings, and all cues beside the test cues."""

from collections.abc import Sequence

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.scales import SPANS
from culturalign.data.norms.ratings import Norm
from culturalign.report.attributes.profile import SHARES, mean_rows, measures
from culturalign.report.tables import cell, write_table
from culturalign.scores.human_attributes import READINGS


def human_rows(scores: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """Profile of humans in every reading, on the test cues and on all cues.

    Args:
        scores: From ``humans.score_humans``.
        evaluation: Of the intervals.

    Returns:
        ``reading, cues`` (``test`` or ``all``), ``measure, mean, low, high, n_cues``.
    """
    parts = []
    for reading in READINGS:
        for cues in ("test", "all"):
            mine = scores.filter(pl.col("reading") == reading)
            mine = mine.filter(split="test") if cues == "test" else mine
            mine = mine.with_columns(
                model=pl.lit("-"), method=pl.lit("human"), seed=pl.lit(None, dtype=pl.Int64)
            )
            rows = mean_rows(measures(mine), evaluation)
            names = [pl.lit(reading).alias("reading"), pl.lit(cues).alias("cues")]
            parts.append(rows.select(*names, "measure", "mean", "low", "high", "n_cues"))
    return pl.concat(parts)


def write_humans(stem: str, rows: pl.DataFrame, record: Sequence[Norm], *, first: int) -> None:
    """Write the table; norms that are missing are named in their column."""
    header = ["Human associations", "cues", "n"]
    header += [norm.attribute.capitalize() for norm in record]
    header += ["Emotional %", "% conc. / abs. / unk."]
    cells = {(r["reading"], r["cues"], r["measure"]): r for r in rows.iter_rows(named=True)}
    shown: list[list[str]] = []
    for reading, text in READINGS.items():
        for cues in ("test", "all"):
            found = {m: cells.get((reading, cues, m)) for m in (*SPANS, *SHARES)}
            mine = {m: row if row and row["mean"] is not None else None for m, row in found.items()}
            counts = [row["n_cues"] for row in mine.values() if row]
            line = [text.format(first=first), cues, str(max(counts, default=0))]
            for norm in record:
                row = mine[norm.attribute]
                missing = norm.sentence if norm.missing and not shown else "-"
                line.append(cell(row["mean"], row["low"], row["high"]) if row else missing)
            percents = {m: f"{100 * row['mean']:.1f}" if row else "-" for m, row in mine.items()}
            line += [percents["emotional"]]
            line += [" / ".join(percents[m] for m in ("concrete", "abstract", "unknown"))]
            shown.append(line)
    write_table(stem, rows, shown, header)
