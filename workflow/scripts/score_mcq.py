"""Entry of rule ``score_mcq``: which category an arm chose, cue by cue."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_scores import MCQ_CHOICES
from culturalign.scores import arm_columns, mcq_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.choices) as (path,):
        scores = mcq_scores.score_choices(pl.read_parquet(snakemake.input.samples))
        write_artifact(arm_columns.with_arm(scores, **snakemake.wildcards), path, MCQ_CHOICES)
