"""Entry of rule ``tabulate_religion``: answers to questions of belief."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.report.survey import comparison, example_tables, label_mass

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given = snakemake.params
        arms = (
            comparison.read_arms(files, given.asked, given.controls)
            for files in (snakemake.input.answers, snakemake.input.divergence)
        )
        answers = label_mass.beside(*arms, given.scoring)
        rows = example_tables.religion_rows(
            answers,
            pl.read_parquet(snakemake.input.human),
            pl.read_parquet(snakemake.input.questionnaire),
            snakemake.params.country,
            snakemake.params.labels,
            snakemake.params.scoring,
            least_mass=given.least_mass,
        )
        example_tables.write_religion(jobs.stem(snakemake.output[0]), rows)
