"""Entry of rule ``score_constant_answers``: scores of one answer for all respondents."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_scores import PERSONA_SCORES
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import persona_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.personas) as (path,):
        pairs = persona_scores.as_pairs(read_jsonl(Path(snakemake.input.personas)))
        codes = pl.read_parquet(snakemake.input.questionnaire)
        scores = persona_scores.score_constant_answers(pairs, codes)
        culture = pl.lit(snakemake.wildcards.culture).alias("culture")
        write_artifact(scores.select(culture, pl.all()), path, PERSONA_SCORES)
