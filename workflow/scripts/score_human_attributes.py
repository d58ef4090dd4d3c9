"""Entry of rule ``score_human_attributes``: medians and coverage of humans, cue by cue."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_norms import HUMAN_ATTRIBUTES
from culturalign.scores import human_attributes, norm_lookup

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.scores) as (path,):
        lemmatizer = (snakemake.params.lemmatizer, snakemake.params.language)
        human_attributes.score_humans(
            pl.read_parquet(snakemake.input.responses),
            pl.read_parquet(snakemake.input.associations),
            pl.read_parquet(snakemake.input.splits),
            pl.read_parquet(snakemake.input.norms),
            lemmatize=norm_lookup.lemmatizer_of(*lemmatizer, **snakemake.params.rules),
            seed=snakemake.params.seed,
            **snakemake.params.options,
        ).select(pl.lit(snakemake.wildcards.culture).alias("culture"), pl.all()).pipe(
            write_artifact, path, HUMAN_ATTRIBUTES
        )
