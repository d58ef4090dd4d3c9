"""Entry of rule ``tabulate_tension``: where answers to the tension set lean."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report.survey import comparison, tension_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        poles, asked = snakemake.params.poles, snakemake.wildcards.culture
        rows = tension_table.tension_rows(
            comparison.read_arms(snakemake.input.divergence, asked),
            pl.read_parquet(snakemake.input.references),
            comparison.read_arms(snakemake.input.answers, asked),
            pl.read_parquet(snakemake.input.human),
            pl.read_parquet(snakemake.input.tension),
            tuple(poles),
            snakemake.params.targets,
            snakemake.params.labels,
            snakemake.params.nations,
            form=snakemake.params.form,
            controls=snakemake.params.controls,
            evaluation=Evaluation(**snakemake.params.evaluation),
        )
        nations = [snakemake.params.nations[country] for country in poles]
        tension_table.write_tension(jobs.stem(snakemake.output[0]), rows, nations)
