"""Entry of rule ``score_survey``: an arm's distributions and their distances to countries."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_scores import DIVERGENCE, MODEL_ANSWERS
from culturalign.scores import arm_columns, survey_answers, survey_distances

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
        arm = {"model": snakemake.wildcards.model, "arm": snakemake.wildcards.arm}
        write_artifact(arm_columns.with_arm(given, **arm), answers_path, MODEL_ANSWERS)
        write_artifact(arm_columns.with_arm(distances, **arm), divergence_path, DIVERGENCE)
