"""Entry of rule ``score_survey``: an arm's distributions and their distances to countries."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import arms, jobs
from culturalign.scores import survey_answers, survey_distances

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.answers, snakemake.output.divergence
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (answers_path, divergence_path):
        samples = pl.read_parquet(snakemake.input.samples)
        given = survey_answers.model_answers(samples)
        distances = survey_distances.score_arm(
            given,
            survey_answers.model_checks(samples),
            pl.read_parquet(snakemake.input.human),
            pl.read_parquet(snakemake.input.questionnaire),
        )
        arm = arms.parse_arm(snakemake.wildcards.arm)
        who = [
            pl.lit(snakemake.wildcards.model).alias("model"),
            pl.lit(arm.culture, dtype=pl.String).alias("culture"),
            pl.lit(arm.method).alias("method"),
            pl.lit(arm.seed, dtype=pl.Int64).alias("seed"),
        ]
        given.select(*who, pl.all()).write_parquet(answers_path)
        distances.select(*who, pl.all()).write_parquet(divergence_path)
