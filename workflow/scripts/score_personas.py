"""Entry of rule ``score_personas``: an arm's persona answers, question by question."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import arms, jobs
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import persona_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.personas) as (path,):
        pairs = persona_scores.as_pairs(read_jsonl(Path(snakemake.input.samples)))
        arm = arms.parse_arm(snakemake.wildcards.arm)
        persona_scores.score_questions(
            pairs, pl.read_parquet(snakemake.input.questionnaire)
        ).select(
            pl.lit(snakemake.wildcards.culture).alias("culture"),
            pl.lit(snakemake.wildcards.model).alias("model"),
            pl.lit(arm.method).alias("method"),
            pl.lit(arm.seed, dtype=pl.Int64).alias("seed"),
            pl.all(),
        ).write_parquet(path)
