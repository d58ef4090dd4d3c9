"""Entry of rule ``tabulate_examples``: answers to chosen questions before and after training."""

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
        scoring = snakemake.params.scoring
        rows = example_tables.example_rows(
            example_tables.example_questions(answers, scoring, most=snakemake.params.most),
            answers,
            pl.read_parquet(snakemake.input.human),
            pl.read_parquet(snakemake.input.questionnaire),
            snakemake.params.labels,
            snakemake.params.nations,
            snakemake.params.country,
            scoring,
            translations=list(map(pl.read_parquet, snakemake.input.translation)),
            least_mass=given.least_mass,
        )
        example_tables.write_examples(jobs.stem(snakemake.output[0]), rows)
