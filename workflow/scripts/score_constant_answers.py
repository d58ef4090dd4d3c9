"""Entry of rule ``score_constant_answers``: what one answer for all respondents scores."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import persona_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.personas) as (path,):
        codes = pl.read_parquet(snakemake.input.questionnaire)
        constant = persona_scores.constant_answers(
            persona_scores.as_pairs(read_jsonl(Path(snakemake.input.personas))), codes
        )
        pl.concat(
            persona_scores.score_questions(pairs, codes).select(
                pl.lit(snakemake.wildcards.culture).alias("culture"),
                pl.lit("-").alias("model"),
                pl.lit(method).alias("method"),
                pl.lit(None, pl.Int64).alias("seed"),
                pl.all(),
            )
            for method, pairs in constant.items()
        ).write_parquet(path)
