"""Entry of rule ``tabulate_personas``: arms of the persona read-out, and their differences."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report.clca import persona_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        params, stem = snakemake.params, jobs.stem(snakemake.output[0])
        files = [*snakemake.input.personas, *snakemake.input.references]
        scores = pl.concat([pl.read_parquet(file) for file in files])
        evaluation = Evaluation(**params.evaluation)
        rows = persona_tables.arm_rows(scores, evaluation)
        persona_tables.write_arms(stem, rows, params.labels, params.asked)
        pairs = persona_tables.pair_rows(scores, list(params.asked), evaluation)
        persona_tables.write_pairs(f"{stem}_contrasts", pairs, params.labels, params.asked)
