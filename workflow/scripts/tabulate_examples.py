"""Entry of rule ``tabulate_examples``: answers to chosen questions before and after training."""

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
        )
        example_tables.write_examples(jobs.stem(snakemake.output[0]), rows)
