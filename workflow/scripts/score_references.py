"""Entry of rule ``score_references``: the human ceiling and the frequency baseline."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_scores import PRECISION_REFERENCES
from culturalign.scores import precision
from culturalign.scores.halves import read_responses

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.references) as (path,):
        scores = precision.score_references(
            read_responses(snakemake.input.responses),
            pl.read_parquet(snakemake.input.associations),
            pl.read_parquet(snakemake.input.splits),
            snakemake.params.ks,
            repeats=snakemake.params.split_halves,
            seed=snakemake.params.seed,
        )
        write_artifact(
            scores.with_columns(culture=pl.lit(snakemake.wildcards.culture)),
            path,
            PRECISION_REFERENCES,
        )
