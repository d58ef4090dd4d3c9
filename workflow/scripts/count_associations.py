"""Entry of rule ``count_associations``: responses to associations."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import ASSOCIATIONS
from culturalign.data import associations

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.associations) as (path,):
        responses = pl.read_parquet(snakemake.input.responses)
        counted = associations.count_associations(responses, seed=snakemake.params.seed)
        write_artifact(counted, path, ASSOCIATIONS)
