"""Entry of rule ``tabulate_religion``: answers to questions of belief."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.report.survey import comparison, example_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given = snakemake.params
        answers = comparison.read_arms(snakemake.input.answers, given.asked, given.controls)
        rows = example_tables.religion_rows(
            answers,
            pl.read_parquet(snakemake.input.human),
            pl.read_parquet(snakemake.input.questionnaire),
            snakemake.params.country,
            snakemake.params.labels,
            snakemake.params.scoring,
        )
        example_tables.write_religion(jobs.stem(snakemake.output[0]), rows)
