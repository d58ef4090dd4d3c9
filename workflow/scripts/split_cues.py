"""Entry of rule ``split_cues``: each cue's split."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import SPLITS
from culturalign.data import splits

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.splits) as (path,):
        table = splits.split_cues(
            pl.read_parquet(snakemake.input.associations)["cue"],
            snakemake.params.shares,
            seed=snakemake.params.seed,
            culture=snakemake.wildcards.culture,
        )
        write_artifact(table, path, SPLITS)
