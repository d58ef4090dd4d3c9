"""Entry of rule ``score_attributes``: an arm's medians and coverage, cue by cue."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import arms, jobs
from culturalign.files import jsonl
from culturalign.scores import attribute_scores, norm_lookup

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.scores) as (path,):
        lists = jsonl.read_jsonl(Path(snakemake.input.lists))
        lemmatizer = (snakemake.params.lemmatizer, snakemake.params.language)
        arm = arms.parse_arm(snakemake.wildcards.arm)
        attribute_scores.score_lists(
            {entry["cue"]: entry["words"] for entry in lists},
            pl.read_parquet(snakemake.input.norms),
            lemmatize=norm_lookup.lemmatizer_of(*lemmatizer, **snakemake.params.rules),
            **snakemake.params.options,
        ).select(
            pl.lit(snakemake.wildcards.culture).alias("culture"),
            pl.lit(snakemake.wildcards.model).alias("model"),
            pl.lit(arm.method).alias("method"),
            pl.lit(arm.seed, dtype=pl.Int64).alias("seed"),
            pl.lit(snakemake.wildcards.prompt).alias("prompt"),
            pl.lit(snakemake.wildcards.decoding).alias("decoding"),
            pl.all(),
        ).write_parquet(path)
