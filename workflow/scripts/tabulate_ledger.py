"""Entry of rule ``tabulate_ledger``: what was read, kept and dropped, and from which files."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.files import ledger
from culturalign.report import file_tables, tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        rows: list[tuple[str, str, str, int]] = []
        inputs = snakemake.input.ledgers, snakemake.input.splits
        for culture, accounts, splits in zip(snakemake.params.cultures, *inputs, strict=True):
            rows += [(culture, *row) for row in ledger.rows(ledger.read_ledger(Path(accounts)))]
            sizes = pl.read_parquet(splits)["split"].value_counts().sort("split")
            rows += [(culture, "cues", f"in {name}", count) for name, count in sizes.iter_rows()]
        for file in snakemake.input.respondents:
            rows += [("survey", *row) for row in ledger.rows(ledger.read_ledger(Path(file)))]
        header = ["culture", "unit", "what", "count"]
        numbers = pl.DataFrame(rows, schema=header, orient="row")
        shown = [[*row[:3], f"{row[3]:,}"] for row in rows]
        tables.write_table(jobs.stem(snakemake.output[0]), numbers, shown, header)
        file_tables.write_table(jobs.stem(snakemake.output[3]), map(Path, snakemake.input.sources))
