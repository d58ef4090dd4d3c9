"""Entry of rule ``tabulate_claims``: the paper's statements, checked on the tables of the run."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.report.claims import checking, claims_table, statements

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        files = [Path(file) for file in (*snakemake.input.tables, *snakemake.input.figures)]
        run = checking.Run(
            {file.stem: pl.read_csv(file, infer_schema_length=None) for file in files},
            snakemake.params.cultures,
            snakemake.params.models,
            snakemake.params.controls,
            snakemake.params.confidence,
            snakemake.params.seeds,
            snakemake.params.least_mass,
            snakemake.params.methods,
        )
        stated = statements.read_claims(Path(snakemake.input.claims), checking.CHECKS)
        found = checking.check_claims(stated, run)
        claims_table.write_claims(jobs.stem(snakemake.output[0]), found, run)
