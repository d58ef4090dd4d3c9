"""Entry of rule ``tabulate_hyperparameters``: tables 10 and 11 from the configuration."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.report import hyperparameter_tables, tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        methods, kind = snakemake.params.methods, snakemake.params.kind
        header = ["Hyperparameters", *hyperparameter_tables.chosen(methods, kind)]
        rows = hyperparameter_tables.hyperparameter_rows(methods, kind)
        numbers = pl.DataFrame(rows, schema=header, orient="row")
        tables.write_table(jobs.stem(snakemake.output[0]), numbers, rows, header)
