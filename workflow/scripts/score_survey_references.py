"""Entry of rule ``score_survey_references``: survey answers that need no model."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_scores import SURVEY_REFERENCES
from culturalign.scores.survey_baselines import score_references

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.references) as (path,):
        files, survey = snakemake.input, snakemake.params.survey
        scores = score_references(
            pl.read_parquet(files.human),
            pl.read_parquet(files.questionnaire),
            snakemake.params.poles,
            repeats=survey["repeats"],
            seed=survey["seed"],
            answers=pl.read_parquet(files.answers) if survey["weighted"] else None,
        )
        write_artifact(scores, path, SURVEY_REFERENCES)
