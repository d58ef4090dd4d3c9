"""Entry of rule ``score_personas``: an arm's persona answers, question by question."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_scores import PERSONA_SCORES
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import arm_columns, persona_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.personas) as (path,):
        pairs = persona_scores.as_pairs(read_jsonl(Path(snakemake.input.samples)))
        codes = pl.read_parquet(snakemake.input.questionnaire)
        scores = persona_scores.score_questions(pairs, codes)
        write_artifact(arm_columns.with_arm(scores, **snakemake.wildcards), path, PERSONA_SCORES)
