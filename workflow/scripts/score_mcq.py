"""Entry of rule ``score_mcq``: which category an arm chose, cue by cue."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import arms, jobs
from culturalign.scores.mcq_scores import score_choices

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.choices) as (path,):
        arm = arms.parse_arm(snakemake.wildcards.arm)
        score_choices(pl.read_parquet(snakemake.input.samples)).select(
            pl.lit(snakemake.wildcards.culture).alias("culture"),
            pl.lit(snakemake.wildcards.model).alias("model"),
            pl.lit(arm.method).alias("method"),
            pl.lit(arm.seed, dtype=pl.Int64).alias("seed"),
            pl.all(),
        ).write_parquet(path)
